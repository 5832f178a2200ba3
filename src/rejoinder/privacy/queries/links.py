"""Statements on links that go by mail."""

from datetime import datetime

from rejoinder.db import Tx
from rejoinder.privacy.models import MailLink


def insert_link(
    tx: Tx, link_id: int, site_id: int, *, email: str, language: str, counted: bytes, expires_at: datetime
) -> None:
    tx.run(
        """
        INSERT INTO mail_links (id, site_id, email, language, counted, expires_at)
        VALUES (:id, :site_id, :email, :language, :counted, :expires_at)
        """,
        id=link_id,
        site_id=site_id,
        email=email,
        language=language,
        counted=counted,
        expires_at=expires_at,
    )


def count_links(tx: Tx, site_id: int, now: datetime) -> int:
    """Links that are good and were not used up."""
    count: int = tx.value(
        "SELECT count(*) FROM mail_links WHERE site_id = :site_id AND expires_at > :now",
        site_id=site_id,
        now=now,
    )
    return count


def find_link(tx: Tx, link_id: int, now: datetime) -> MailLink | None:
    return tx.maybe(
        MailLink,
        "SELECT id, site_id, email, language, counted, expires_at FROM mail_links WHERE id = :id AND expires_at > :now",
        id=link_id,
        now=now,
    )


def set_token(tx: Tx, link_id: int, token_hash: bytes) -> None:
    tx.run("UPDATE mail_links SET token_hash = :token_hash WHERE id = :id", id=link_id, token_hash=token_hash)


def link_of(tx: Tx, site_id: int, token_hash: bytes, now: datetime) -> MailLink | None:
    """The link with this token, while it is good."""
    return tx.maybe(
        MailLink,
        """
        SELECT id, site_id, email, language, counted, expires_at FROM mail_links
        WHERE site_id = :site_id AND token_hash = :token_hash AND expires_at > :now
        """,
        site_id=site_id,
        token_hash=token_hash,
        now=now,
    )


def delete_links_to(tx: Tx, site_id: int, email_key: str) -> None:
    tx.run(
        "DELETE FROM mail_links WHERE site_id = :site_id AND lower(email) = :email_key",
        site_id=site_id,
        email_key=email_key,
    )


def delete_expired(tx: Tx, now: datetime) -> int:
    return tx.run("DELETE FROM mail_links WHERE expires_at <= :now", now=now)
