"""Who is calling, and on which browser."""

from dataclasses import replace
from datetime import datetime

from starlette.requests import Request

from rejoinder.accounts.errors import ScopeMissing
from rejoinder.accounts.kinds import kind_of
from rejoinder.accounts.models import Browser, Caller, Person, Scope
from rejoinder.accounts.queries import sessions
from rejoinder.accounts.queries.service_tokens import note_use
from rejoinder.accounts.service_tokens import is_use_to_note, service_of
from rejoinder.accounts.sessions import is_to_note, person_of
from rejoinder.accounts.tokens import hash_token, is_service_token, is_token, new_token
from rejoinder.sites.models import Site
from rejoinder.web.clients import client_address
from rejoinder.web.cookies import read_code, read_session, read_trip, read_visitor
from rejoinder.web.house import house
from rejoinder.web.keys import blind_network, blinded_before
from rejoinder.web.origin import Foreign


async def caller_of(request: Request, site: Site, *, now: datetime) -> Caller:
    """Who acts: a visitor by token or cookie, the person signed in, and always the network, blinded."""
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


async def signed_in(request: Request, site: Site, *, now: datetime) -> Person | None:
    """Who is signed in on this browser; None when nobody is."""
    session = read_session(request, site.base_url)
    if not session or not is_token(session):
        return None
    db = house(request).db
    person = await db.read(person_of, site.id, session, now=now)
    if person and is_to_note(person, now):
        await db.write(sessions.note_use, hash_token(session), network=_network(request, now), now=now)
    return person


def browser_of(request: Request, site: Site, *, now: datetime) -> Browser:
    """The browser that a form came from, as a session is to know it."""
    visitor, session, code, trip = (
        hash_token(token) if token and is_token(token) else None
        for token in (
            read(request, site.base_url) for read in (read_visitor, read_session, read_code, read_trip)
        )
    )
    return Browser(
        visitor=visitor,
        session=session,
        code=code,
        trip=trip,
        network=_network(request, now),
        kind=kind_of(request.headers.get("user-agent", "")),
    )


def browser_to_enter(request: Request, site: Site, *, now: datetime) -> tuple[Browser, str]:
    """The same where somebody may come in, and the token that it is known by then: who used it before never had that."""
    token = new_token()
    return replace(browser_of(request, site, now=now), becomes=hash_token(token)), token


def _network(request: Request, now: datetime) -> bytes:
    rooms = house(request)
    address = client_address(request, rooms.settings.trusted_proxies)
    network = rooms.networks.of(address, writes=request.method not in {"GET", "HEAD"}, now=now)
    return blind_network(rooms.keys, network, now=now)


def networks_here(request: Request, now: datetime) -> frozenset[bytes]:
    """The network that a request came from, blinded with each key that one may have been blinded with before."""
    rooms = house(request)
    address = client_address(request, rooms.settings.trusted_proxies)
    network = rooms.networks.of(address, writes=False, now=now)
    return frozenset(blinded_before(rooms.keys, network, now=now))


def bearer_of(request: Request) -> str | None:
    """The token a program or our script sent with a request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
