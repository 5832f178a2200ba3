"""Statements on visitors and on what comments are signed with."""

from datetime import datetime

from rejoinder.accounts.models import Author, AuthorKind, Signature, Visitor
from rejoinder.db import Tx


def find_visitor(tx: Tx, site_id: int, token_hash: bytes) -> Visitor | None:
    return tx.maybe(
        Visitor,
        """
        SELECT id, site_id, network, account_id FROM visitors
        WHERE site_id = :site_id AND token_hash = :token_hash
        """,
        site_id=site_id,
        token_hash=token_hash,
    )


def upsert_visitor(
    tx: Tx, visitor_id: int, site_id: int, token_hash: bytes, *, network: bytes | None, now: datetime
) -> Visitor:
    return tx.one(
        Visitor,
        """
        INSERT INTO visitors (id, site_id, token_hash, network, first_seen, last_seen)
        VALUES (:id, :site_id, :token_hash, :network, :now, :now)
        ON CONFLICT (site_id, token_hash) DO UPDATE SET last_seen = :now, network = :network
        RETURNING id, site_id, network, account_id
        """,
        id=visitor_id,
        site_id=site_id,
        token_hash=token_hash,
        network=network,
        now=now,
    )


def is_theirs(tx: Tx, visitor_id: int, *, token_hash: bytes, account_id: int) -> bool:
    """Of who is signed in on a browser that is another's (`account_id` is 0 for nobody), what was done there is not."""
    found: int | None = tx.value(
        """
        SELECT 1 FROM visitors
        WHERE id = :id
          AND (account_id = :account_id OR token_hash = :token_hash AND (account_id IS NULL OR :account_id = 0))
        """,
        id=visitor_id,
        token_hash=token_hash,
        account_id=account_id,
    )
    return found is not None


def has_proved(tx: Tx, site_id: int, token_hash: bytes, email_key: str) -> bool:
    """Whether this browser is somebody's who proved that address. Of whose the address is nothing is asked."""
    found: int | None = tx.value(
        """
        SELECT 1 FROM visitors v JOIN accounts a ON a.id = v.account_id
        WHERE v.site_id = :site_id AND v.token_hash = :token_hash
          AND a.email_key = :email_key AND a.email_verified_at IS NOT NULL
        """,
        site_id=site_id,
        token_hash=token_hash,
        email_key=email_key,
    )
    return found is not None


def join_visitor(tx: Tx, visitor_id: int, account_id: int) -> None:
    tx.run(
        "UPDATE visitors SET account_id = :account_id WHERE id = :id", id=visitor_id, account_id=account_id
    )


def list_browsers(tx: Tx, site_id: int, account_id: int, *, but: bytes) -> list[int]:
    """Somebody's browsers, without the one that has this hash."""
    return tx.values(
        """
        SELECT id FROM visitors
        WHERE site_id = :site_id AND account_id = :account_id AND token_hash <> :but ORDER BY id
        """,
        site_id=site_id,
        account_id=account_id,
        but=but,
    )


def set_token(tx: Tx, visitor_id: int, token_hash: bytes) -> None:
    tx.run(
        "UPDATE visitors SET token_hash = :token_hash WHERE id = :id", id=visitor_id, token_hash=token_hash
    )


def forget_networks(tx: Tx, before: datetime) -> int:
    return tx.run(
        "UPDATE visitors SET network = NULL WHERE last_seen < :before AND network IS NOT NULL", before=before
    )


def find_author(tx: Tx, visitor_id: int, signature: Signature) -> Author | None:
    return tx.maybe(
        Author,
        """
        SELECT id, kind, name, website, account_id, visitor_id FROM authors
        WHERE visitor_id = :visitor_id AND name = :name
          AND coalesce(email, '') = :email AND coalesce(website, '') = :website
        ORDER BY id LIMIT 1
        """,
        visitor_id=visitor_id,
        name=signature.name,
        email=signature.email or "",
        website=signature.website or "",
    )


def insert_author(
    tx: Tx,
    author_id: int,
    site_id: int,
    kind: AuthorKind,
    signature: Signature,
    *,
    visitor_id: int | None = None,
    account_id: int | None = None,
) -> Author:
    tx.run(
        """
        INSERT INTO authors (id, site_id, kind, name, name_key, email, website, account_id, visitor_id)
        VALUES (:id, :site_id, :kind, :name, :name_key, :email, :website, :account_id, :visitor_id)
        """,
        id=author_id,
        site_id=site_id,
        kind=kind,
        name=signature.name,
        name_key=signature.name_key,
        email=signature.email,
        website=signature.website,
        account_id=account_id,
        visitor_id=visitor_id,
    )
    return Author(author_id, kind, signature.name, signature.website, account_id, visitor_id)


def find_account_author(tx: Tx, site_id: int, account_id: int) -> Author | None:
    return tx.maybe(
        Author,
        """
        SELECT id, kind, name, website, account_id, visitor_id FROM authors
        WHERE site_id = :site_id AND account_id = :account_id
        ORDER BY id LIMIT 1
        """,
        site_id=site_id,
        account_id=account_id,
    )
