"""Statements on the tokens of programs."""

from datetime import datetime

from rejoinder.accounts.models import Service
from rejoinder.db import Tx, as_json


def insert_service(tx: Tx, service: Service, token_hash: bytes) -> None:
    tx.run(
        """
        INSERT INTO service_tokens (id, site_id, name, scopes, token_hash, created_at, expires_at)
        VALUES (:id, :site_id, :name, :scopes, :token_hash, :created_at, :expires_at)
        """,
        id=service.id,
        site_id=service.site_id,
        name=service.name,
        scopes=as_json(sorted(service.scopes)),
        token_hash=token_hash,
        created_at=service.created_at,
        expires_at=service.expires_at,
    )


def find_service(tx: Tx, site_id: int, token_hash: bytes) -> Service | None:
    return tx.maybe(
        Service,
        """
        SELECT id, site_id, name, scopes, created_at, expires_at, used_at, revoked_at FROM service_tokens
        WHERE site_id = :site_id AND token_hash = :token_hash
        """,
        site_id=site_id,
        token_hash=token_hash,
    )


def list_services(tx: Tx, site_id: int) -> list[Service]:
    return tx.all(
        Service,
        """
        SELECT id, site_id, name, scopes, created_at, expires_at, used_at, revoked_at FROM service_tokens
        WHERE site_id = :site_id ORDER BY id
        """,
        site_id=site_id,
    )


def note_use(tx: Tx, service_id: int, now: datetime) -> None:
    tx.run("UPDATE service_tokens SET used_at = :now WHERE id = :id", id=service_id, now=now)


def revoke_service(tx: Tx, site_id: int, service_id: int, now: datetime) -> None:
    """One that was revoked stays revoked since then."""
    tx.run(
        """
        UPDATE service_tokens SET revoked_at = :now
        WHERE site_id = :site_id AND id = :id AND revoked_at IS NULL
        """,
        site_id=site_id,
        id=service_id,
        now=now,
    )
