"""Signing in with the publisher: there, back with a token that it signed, and on by a button.

The token comes by a form that the publisher's page posts, so it is in no address; our cookies don't come along with it.
They come with the button, and with them the proof that it is this browser that left.
"""

from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import Unencrypted
from rejoinder.accounts.pages.calling import browser_of
from rejoinder.accounts.pages.elsewhere import Elsewhere, answering_for, arrive, leave
from rejoinder.accounts.pages.sign_in import check_door
from rejoinder.accounts.publisher import SignedOn, read_signed_on
from rejoinder.accounts.tokens import new_token
from rejoinder.accounts.trips import PUBLISHER, end_trip
from rejoinder.elsewhere import Publisher
from rejoinder.errors import N_, NotFound
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, own_path
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.loopback import is_plain_abroad

router = APIRouter()

TOKEN = {"token": 10_000}


@router.post("/sign-in/sso/leave")
async def go(request: Request) -> Response:
    """Send this browser to the publisher's page for signing in, with a nonce for its token."""
    site = await check_door(request)
    publisher = _publisher(request)
    then = own_path((await read_form(request, {"next": 2000})).get("next", ""))
    nonce = new_token()
    query = urlencode({"nonce": nonce, "return_to": f"{site.base_url}/sign-in/sso"})
    url = f"{publisher.login_url}{'&' if '?' in publisher.login_url else '?'}{query}"

    return await leave(request, site, Elsewhere(PUBLISHER, publisher.name, url, nonce), then=then)


@router.post("/sign-in/sso")
async def come_back(request: Request) -> Response:
    """Show whom the publisher's token names, with a button to go on. It comes from the publisher's page and changes nothing."""
    site = await site_of(request)
    publisher = _publisher(request)
    if is_plain_abroad(site.base_url):
        raise Unencrypted
    token = (await read_form(request, TOKEN)).get("token", "")

    signed = await _read(request, site, publisher, token, now=datetime.now(UTC))
    context = {"site": site, "publisher": publisher.name, "name": signed.vouched.name, "token": token}
    return no_store(request, "accounts/arrived.html", context)


@router.post("/sign-in/sso/enter")
async def enter(request: Request) -> Response:
    """Sign in whom the token names, once, on the browser that left for it."""
    site = await check_door(request)
    publisher = _publisher(request)
    token = (await read_form(request, TOKEN)).get("token", "")

    now = datetime.now(UTC)
    signed = await _read(request, site, publisher, token, now=now)
    browser = browser_of(request, site, now=now).trip or b""
    trip = await house(request).db.write(end_trip, site.id, PUBLISHER, signed.nonce, browser, now=now)
    return await arrive(request, site, trip, signed.vouched)


async def _read(request: Request, site: Site, publisher: Publisher, token: str, *, now: datetime) -> SignedOn:
    with answering_for(publisher.name):
        return await read_signed_on(
            house(request).documents, publisher, token, audience=site.base_url, now=now
        )


def _publisher(request: Request) -> Publisher:
    publisher = house(request).settings.sso
    if publisher is None:
        raise NotFound("way-not-found", N_("Nobody signs in this way here."))
    return publisher
