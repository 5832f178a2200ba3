"""Who is calling, and how staff come in and go out."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import ScopeMissing, Unencrypted
from rejoinder.accounts.models import Caller, Scope, Staff
from rejoinder.accounts.queries.service_tokens import note_use
from rejoinder.accounts.service_tokens import is_use_to_note, service_of
from rejoinder.accounts.sign_in import SESSION_LASTS, sign_in, sign_out, staff_of
from rejoinder.accounts.tokens import hash_token, is_service_token, is_token
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.clients import client_address, network_of
from rejoinder.web.cookies import clear_session, read_session, read_visitor, set_session
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.keys import blind_network
from rejoinder.web.loopback import is_plain_abroad
from rejoinder.web.origin import Foreign, check_own

router = APIRouter()


async def caller_of(request: Request, site: Site, *, now: datetime) -> Caller:
    """Who acts: a visitor by token or cookie, the staff signed in, and always the network, blinded."""
    token = bearer_of(request) or read_visitor(request, site.base_url)
    return Caller(
        hash_token(token) if token and is_token(token) else None,
        _network(request, now),
        await signed_in(request, site, now=now),
    )


async def program_of(request: Request, site: Site, scope: Scope | None, *, now: datetime) -> Caller | None:
    """The program that sent a service token, which is all it is known by; None where there is no such token.

    Raises TokenRefused, ScopeMissing for a write that the token is not for, and Foreign where a page in a browser
    sent it: whoever reads that page could take it.
    """
    token = bearer_of(request)
    if token is None or not is_service_token(token):
        return None
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        raise Foreign
    rooms = house(request)
    service = await rooms.db.read(service_of, site.id, token, now=now)
    if request.method != "GET" and scope not in service.scopes:
        raise ScopeMissing(scope)
    if is_use_to_note(service, now):
        await rooms.db.write(note_use, service.id, now)
    own = hash_token(token) if Scope.POST in service.scopes else None
    return Caller(own, _network(request, now), service=service)


async def signed_in(request: Request, site: Site, *, now: datetime) -> Staff | None:
    """Who of the staff is signed in on this browser; None when nobody is."""
    session = read_session(request, site.base_url)
    if not session or not is_token(session):
        return None
    return await house(request).db.read(staff_of, site.id, session, now=now)


@router.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    """What a sign-in link opens: a button, so that a mail scanner that follows the link uses nothing up."""
    site = await site_of(request)
    code = request.query_params.get("code", "")
    return no_store(
        request,
        "accounts/sign_in.html",
        {"site": site, "code": code if is_token(code) else None, "action": "/sign-in"},
    )


@router.post("/sign-in")
async def use_sign_in_link(request: Request) -> Response:
    """Use up a link and sign this browser in; never where the session would cross a network unencrypted."""
    site = await site_of(request)
    check_own(request, site.base_url)
    if is_plain_abroad(site.base_url):
        raise Unencrypted
    form = await read_form(request, {"code": 64})
    token = await house(request).db.write(sign_in, site.id, form.get("code", ""), now=datetime.now(UTC))
    response = see_other("/moderation")
    set_session(response, site.base_url, token, lasts=SESSION_LASTS)
    return response


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    """End this browser's session."""
    site = await site_of(request)
    check_own(request, site.base_url)
    session = read_session(request, site.base_url)
    if session and is_token(session):
        await house(request).db.write(sign_out, site.id, session)
    response = see_other("/")
    clear_session(response, site.base_url)
    return response


def _network(request: Request, now: datetime) -> bytes:
    rooms = house(request)
    network = network_of(client_address(request, rooms.settings.trusted_proxies))
    return blind_network(rooms.keys, network, now=now)


def bearer_of(request: Request) -> str | None:
    """The token a program or our script sent with a request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
