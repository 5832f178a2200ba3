"""Tokens for programs: made at the command line for one site, shown once, listed, and good until revoked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rejoinder.accounts.errors import TokenRefused
from rejoinder.accounts.models import Scope, Service
from rejoinder.accounts.queries import service_tokens
from rejoinder.accounts.tokens import hash_token, new_service_token
from rejoinder.db import Tx, new_id
from rejoinder.errors import N_, Conflict, NotFound

NOTED_EVERY = timedelta(hours=1)
"""How exactly the last use of a token is known."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token: the secret, which nobody can ask for again, and what is kept of it."""

    secret: str
    service: Service


def issue(
    tx: Tx, site_id: int, name: str, scopes: Iterable[Scope], *, lasts: timedelta | None, now: datetime
) -> Issued:
    """Make a token for a program. Raises Conflict while another of this name is not revoked."""
    if any(
        known.name == name and known.revoked_at is None for known in service_tokens.list_services(tx, site_id)
    ):
        raise Conflict("token-name-taken", N_("There is a token of this name. Revoke it first."))
    secret = new_service_token()
    service = Service(
        id=new_id(),
        site_id=site_id,
        name=name,
        scopes=frozenset(scopes),
        created_at=now,
        expires_at=now + lasts if lasts else None,
        used_at=None,
        revoked_at=None,
    )
    service_tokens.insert_service(tx, service, hash_token(secret))
    return Issued(secret, service)


def revoke(tx: Tx, site_id: int, token_id: int, *, now: datetime) -> Service:
    """End a token, from the next request on and in every process; twice is once. Raises NotFound."""
    known = next((known for known in service_tokens.list_services(tx, site_id) if known.id == token_id), None)
    if known is None:
        raise NotFound("token-not-found", N_("There is no such token."))
    service_tokens.revoke_service(tx, site_id, token_id, now)
    return known


def service_of(tx: Tx, site_id: int, token: str, *, now: datetime) -> Service:
    """The program that a token was made for. Raises TokenRefused where it is unknown here, revoked or too old."""
    service = service_tokens.find_service(tx, site_id, hash_token(token))
    if service is None or not service.is_good(now):
        raise TokenRefused
    return service


def is_use_to_note(service: Service, now: datetime) -> bool:
    """Whether its last use was noted too long ago."""
    return service.used_at is None or service.used_at <= now - NOTED_EVERY
