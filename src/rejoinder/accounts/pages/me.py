"""Who is signed in: what is known of them, and on which browsers they are in."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import SignInNeeded
from rejoinder.accounts.models import Account, Browser, Person, Session
from rejoinder.accounts.pages.calling import browser_of, caller_of, networks_here
from rejoinder.accounts.pages.sign_in import ask_to_sign_in
from rejoinder.accounts.passkeys import takes_passkeys
from rejoinder.accounts.queries.left import has_left
from rejoinder.accounts.queries.passkeys import list_passkeys
from rejoinder.accounts.queries.sessions import delete_session_of
from rejoinder.accounts.queries.staff import get_account
from rejoinder.accounts.sessions import end_other_sessions, sessions_of
from rejoinder.db import Tx, read_id
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.house import house
from rejoinder.web.origin import check_own

router = APIRouter()


@router.get("/me")
async def my_page(request: Request) -> Response:
    """What is known of who is signed in; everybody else is asked to sign in."""
    site = await site_of(request)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        return ask_to_sign_in(request, site)
    browser = browser_of(request, site, now=now)
    account, sessions, passkeys, left = await house(request).db.read(_load, caller.person, browser, now)
    here = networks_here(request, now)
    context = {
        "site": site,
        "account": account,
        "sessions": sessions,
        "here": here,
        "by_passkey": takes_passkeys(site.base_url),
        "passkeys": passkeys,
        "is_staff": caller.staff is not None,
        "moderates": caller.may_moderate,
        "has_left": left,
        "owns": caller.person.owns,
    }
    return no_store(request, "accounts/me.html", context)


@router.post("/me/sessions/{session_id}/sign-out")
async def end_session(request: Request, session_id: str) -> Response:
    """End one of one's sessions; one that is not there, or another's, is none of one's own."""
    site, person, _ = await _signed_in(request)
    await house(request).db.write(delete_session_of, site.id, person.account_id, read_id(session_id))
    return see_other("/me")


@router.post("/me/sessions/sign-out")
async def sign_out_elsewhere(request: Request) -> Response:
    """End all of one's sessions but this one."""
    _, person, browser = await _signed_in(request)
    await house(request).db.write(end_other_sessions, person, browser)
    return see_other("/me")


async def _signed_in(request: Request) -> tuple[Site, Person, Browser]:
    site = await site_of(request)
    check_own(request, site.base_url)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        raise SignInNeeded
    return site, caller.person, browser_of(request, site, now=now)


def _load(
    tx: Tx, person: Person, browser: Browser, now: datetime
) -> tuple[Account, list[Session], int, bool]:
    sessions = sessions_of(tx, person, browser, now=now)
    passkeys = len(list_passkeys(tx, person.site_id, person.account_id))
    return get_account(tx, person.account_id), sessions, passkeys, has_left(tx, person.account_id)
