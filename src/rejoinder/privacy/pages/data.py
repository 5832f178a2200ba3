"""My data: taking it along, removing my comments, keeping them without my name, leaving."""

from datetime import UTC, datetime
from enum import StrEnum

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import SignInNeeded
from rejoinder.accounts.models import Person
from rejoinder.accounts.pages import ask_to_sign_in, caller_of
from rejoinder.accounts.proof import FORM_LASTS, check_proof
from rejoinder.accounts.queries.staff import get_account
from rejoinder.db import Tx
from rejoinder.errors import NotFound
from rejoinder.privacy.erase import erase_own
from rejoinder.privacy.export import export_account
from rejoinder.privacy.leave import leave
from rejoinder.privacy.models import Erasure, Wish
from rejoinder.privacy.pages.answers import download, told, wish_in
from rejoinder.privacy.queries import erasing
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.cookies import clear_session, clear_visitor
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.origin import check_own

router = APIRouter()


class Step(StrEnum):
    """What can be asked for, each on a page of its own."""

    REMOVE = "remove"
    UNSIGN = "unsign"
    LEAVE = "leave"


@router.get("/me/data")
async def my_data(request: Request) -> Response:
    """What can be done with what is known of me, and what is under way."""
    site = await site_of(request)
    caller = await caller_of(request, site, now=datetime.now(UTC))
    if caller.person is None:
        return ask_to_sign_in(request, site)
    comments, wishes = await house(request).db.read(_load, caller.person)
    return no_store(request, "privacy/my_data.html", {"site": site, "comments": comments, "wishes": wishes})


@router.get("/me/data/export")
async def export_mine(request: Request) -> Response:
    """All of it as one file."""
    site = await site_of(request)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        return ask_to_sign_in(request, site)
    return download(export_account(house(request).db, site, caller.person.account_id, now=now))


@router.get("/me/data/{step}")
async def ask_before(request: Request, step: str) -> Response:
    """What would be done, in a sentence, and the button; who is signed in proves that it is they."""
    site = await site_of(request)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        return ask_to_sign_in(request, site)
    wanted = _step(step)
    check_proof(caller.person, now)
    comments, _ = await house(request).db.read(_load, caller.person)
    return no_store(request, "privacy/confirm.html", {"site": site, "step": wanted, "comments": comments})


@router.post("/me/data/{step}")
async def do(request: Request, step: str) -> Response:
    """Do it: at once, or, where there is much of it, begin."""
    site = await site_of(request)
    check_own(request, site.base_url)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        raise SignInNeeded
    wanted = _step(step)
    form = await read_form(request, {"wish": 10})
    check_proof(caller.person, now, within=FORM_LASTS)
    wish = wish_in(form.get("wish", ""))
    if wanted is not Step.LEAVE:
        await house(request).db.write(erase_own, site, caller.person.account_id, wish, now=now)
        return see_other("/me/data")
    await house(request).db.write(_leave, site, caller.person, wish, now)
    response = see_other("/me/left")
    clear_session(response, site.base_url)
    clear_visitor(response, site.base_url)
    return response


@router.get("/me/left")
async def left(request: Request) -> Response:
    """What who has left sees last."""
    return told(request, await site_of(request), "left")


def _step(word: str) -> Step:
    if word not in set(Step):
        raise NotFound("not-found", "There is nothing at this address.")
    return Step(word)


def _load(tx: Tx, person: Person) -> tuple[int, list[Erasure]]:
    authors = erasing.authors_of_account(tx, person.site_id, person.account_id)
    return erasing.count_comments(tx, authors), erasing.erasures_of(tx, person.site_id, person.account_id)


def _leave(tx: Tx, site: Site, person: Person, wish: Wish, now: datetime) -> None:
    leave(tx, site, get_account(tx, person.account_id), wish, now=now)
