"""One's own comments and votes, the newest first, page by page."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.models import Person
from rejoinder.accounts.pages import ask_to_sign_in, caller_of
from rejoinder.db import Tx, read_id, show_id
from rejoinder.privacy.queries import erasing, signed
from rejoinder.privacy.queries.signed import Own, Voted
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store
from rejoinder.web.house import house

router = APIRouter()

A_PAGE = 20
_LAST_ID = 2**63 - 1

R = TypeVar("R")


@router.get("/me/comments")
async def my_comments(request: Request) -> Response:
    """What I wrote, and what became of it."""
    return await _list(request, "privacy/my_comments.html", _load_comments, lambda own: own.id)


@router.get("/me/votes")
async def my_votes(request: Request) -> Response:
    """How I voted."""
    return await _list(request, "privacy/my_votes.html", _load_votes, lambda vote: vote.comment_id)


async def _list(
    request: Request,
    template: str,
    load: Callable[[Tx, Person, int], Sequence[R]],
    id_of: Callable[[R], int],
) -> Response:
    site = await site_of(request)
    caller = await caller_of(request, site, now=datetime.now(UTC))
    if caller.person is None:
        return ask_to_sign_in(request, site)
    before = request.query_params.get("before")
    rows = await house(request).db.read(load, caller.person, read_id(before) if before else _LAST_ID)
    more = f"{request.url.path}?before={show_id(id_of(rows[A_PAGE - 1]))}" if len(rows) > A_PAGE else None
    context = {"site": site, "rows": rows[:A_PAGE], "next_url": more}
    return no_store(request, template, context)


def _load_comments(tx: Tx, person: Person, before: int) -> list[Own]:
    authors = erasing.authors_of_account(tx, person.site_id, person.account_id)
    return signed.own_before(tx, authors, before=before, most=A_PAGE + 1)


def _load_votes(tx: Tx, person: Person, before: int) -> list[Voted]:
    return signed.votes_before(tx, person.site_id, person.account_id, before=before, most=A_PAGE + 1)
