"""What guests left with the address that somebody proved: they say which of it is theirs, once."""

from dataclasses import replace
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import SignInNeeded
from rejoinder.accounts.models import Account, Person
from rejoinder.accounts.pages import ask_to_sign_in, caller_of
from rejoinder.accounts.queries.left import has_left
from rejoinder.accounts.queries.staff import get_account
from rejoinder.comments.claim import Answer, Offer, offer_left, take_left
from rejoinder.db import Tx, read_id, show_id
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, own_path, see_other
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.origin import check_own

router = APIRouter()

PATH = "/me/comments-left"
FIELDS = {"oldest": 13, "newest": 13, "older": 1, "next": 2000}


@router.get(PATH)
async def left_page(request: Request) -> Response:
    """The comments that were left with one's address, to say which one wrote; those of one's own browsers are ticked."""
    site = await site_of(request)
    caller = await caller_of(request, site, now=datetime.now(UTC))
    if caller.person is None:
        return ask_to_sign_in(request, site)
    account, offer, is_asked = await house(request).db.read(_load, site, caller.person)
    then = own_path(request.query_params.get("next", "")) or "/me"
    context = {"site": site, "account": account, "offer": offer, "is_asked": is_asked, "then": then}
    return no_store(request, "comments/left.html", context)


@router.post(PATH)
async def take(request: Request) -> Response:
    """Take those that were ticked, and let the others lose the address."""
    site = await site_of(request)
    check_own(request, site.base_url)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        raise SignInNeeded
    form = await read_form(request, FIELDS)
    oldest, newest = (read_id(form.get(name, "")) for name in ("oldest", "newest"))
    db = house(request).db
    shown = await db.read(offer_left, site.id, caller.person, oldest=oldest, newest=newest)
    ticked = await read_form(request, {field_of(comment.id): 1 for comment in shown.comments})
    chosen = [comment.id for comment in shown.comments if field_of(comment.id) in ticked]
    answer = Answer(chosen, oldest, newest, older_too="older" in form)
    person = caller.person if site.rules.websites else replace(caller.person, website=None)
    await db.write(take_left, site.id, person, answer, now=now)
    more = await db.read(has_left, caller.person.account_id)
    return see_other(PATH if more else own_path(form.get("next", "")) or "/me")


def field_of(comment_id: int) -> str:
    """The name of a comment's box in the form."""
    return f"take-{show_id(comment_id)}"


def _load(tx: Tx, site: Site, person: Person) -> tuple[Account, Offer, bool]:
    offer = offer_left(tx, site.id, person)
    return get_account(tx, person.account_id), offer, has_left(tx, person.account_id)
