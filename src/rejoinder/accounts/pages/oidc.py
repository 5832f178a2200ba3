"""Signing in with an OpenID provider: there, and back with a code."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import Declined, Unencrypted
from rejoinder.accounts.models import Trip, Vouched
from rejoinder.accounts.pages.calling import browser_of, signed_in
from rejoinder.accounts.pages.elsewhere import Elsewhere, answering_for, arrive, leave
from rejoinder.accounts.pages.sign_in import check_door
from rejoinder.accounts.tokens import new_token
from rejoinder.accounts.trips import end_trip
from rejoinder.elsewhere import Provider
from rejoinder.errors import N_, NotFound
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import own_path
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.jwt import TokenWrong
from rejoinder.web.loopback import is_plain_abroad

router = APIRouter()

MOST_CODE = 4096


@router.post("/sign-in/with/{key}")
async def go(request: Request, key: str) -> Response:
    """Send this browser to the provider; who is signed in already proves themselves anew there."""
    site = await check_door(request)
    provider = _provider(request, key)
    then = own_path((await read_form(request, {"next": 2000})).get("next", ""))
    request.state.leads_to = then
    state, verifier = new_token(), new_token()
    known = await signed_in(request, site, now=datetime.now(UTC))
    from rejoinder.accounts import openid  # noqa: PLC0415 - Authlib is an extra

    with answering_for(provider.name):
        endpoints = await openid.discover(house(request).documents, provider)
    url = openid.authorization_url(
        provider,
        endpoints,
        back=_back(site, provider),
        state=state,
        verifier=verifier,
        anew=known is not None,
    )
    return await leave(request, site, Elsewhere(key, provider.name, url, state, verifier), then=then)


@router.get("/sign-in/with/{key}/back")
async def come_back(request: Request, key: str) -> Response:
    """Take what the provider answered, once, on the browser that left: the one GET that changes anything."""
    site = await site_of(request)
    provider = _provider(request, key)
    if is_plain_abroad(site.base_url):
        raise Unencrypted
    state = request.query_params.get("state", "")
    now = datetime.now(UTC)
    browser = browser_of(request, site, now=now).trip or b""
    trip = await house(request).db.write(end_trip, site.id, key, state, browser, now=now)
    request.state.leads_to = trip.leads_to
    with answering_for(provider.name):
        vouched = await _vouched(request, site, provider, trip, now=now)
    return await arrive(request, site, trip, vouched)


async def _vouched(request: Request, site: Site, provider: Provider, trip: Trip, *, now: datetime) -> Vouched:
    from rejoinder.accounts import openid  # noqa: PLC0415 - Authlib is an extra

    said, documents = request.query_params, house(request).documents
    endpoints = await openid.discover(documents, provider)
    if said.get("iss", "" if endpoints.says_issuer else provider.issuer) != provider.issuer:
        raise TokenWrong("the answer is another issuer's (iss)")
    code = said.get("code", "")
    if "error" in said or not 0 < len(code) <= MOST_CODE:
        raise Declined(provider.name)
    return await openid.redeem(
        documents,
        provider,
        endpoints,
        code,
        trip=trip,
        state=said["state"],
        back=_back(site, provider),
        now=now,
    )


def _provider(request: Request, key: str) -> Provider:
    for provider in house(request).settings.oidc:
        if provider.key == key:
            return provider
    raise NotFound("way-not-found", N_("Nobody signs in this way here."))


def _back(site: Site, provider: Provider) -> str:
    return f"{site.base_url}/sign-in/with/{provider.key}/back"
