"""Voting without script: two buttons, and one page for a browser that is not known yet."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.pages import caller_of
from rejoinder.accounts.tokens import new_token
from rejoinder.comments.queries.reading import thread_version
from rejoinder.db import read_id
from rejoinder.errors import N_, Invalid
from rejoinder.sites.pages import site_of
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.errors import VoterUnknown
from rejoinder.votes.models import Value
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.cookies import set_visitor
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.origin import check_own

router = APIRouter()

VALUES = {"1": Value.UP, "-1": Value.DOWN}


@router.post("/comments/{comment_id}/vote")
async def vote(request: Request, comment_id: str) -> Response:
    """Vote, or take back the same vote; a browser without a cookie is asked to keep one first."""
    site = await site_of(request)
    check_own(request, site.base_url)
    form = await read_form(request, {"value": 2, "again": 1})
    if form.get("value") not in VALUES:
        raise Invalid("wrong-vote", N_("A vote is for or against a comment."), field="value")
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.token_hash is None and caller.person is None:
        if form.get("again"):
            raise VoterUnknown
        context = {"site": site, "comment_id": read_id(comment_id), "value": form["value"]}
        response = no_store(request, "votes/first.html", context)
        set_visitor(response, site.base_url, new_token())
        return response

    cast = await house(request).db.write(
        cast_vote, site, read_id(comment_id), VALUES[form["value"]], caller, toggle=True, now=now
    )
    version = await house(request).db.read(thread_version, cast.thread_id)
    return see_other(f"/comments/{comment_id}?v={version}#comment-{comment_id}")
