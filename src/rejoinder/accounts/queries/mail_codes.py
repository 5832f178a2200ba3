"""Statements on codes that go by mail."""

from datetime import datetime

from rejoinder.accounts.models import MailCode
from rejoinder.db import Tx


def insert_code(
    tx: Tx,
    code_id: int,
    site_id: int,
    browser_hash: bytes,
    *,
    email: str,
    language: str,
    code: str,
    counted: bytes,
    expires_at: datetime,
) -> None:
    tx.run(
        """
        INSERT INTO mail_codes (id, site_id, browser_hash, email, language, code, counted, tries, expires_at)
        VALUES (:id, :site_id, :browser_hash, :email, :language, :code, :counted, 0, :expires_at)
        """,
        id=code_id,
        site_id=site_id,
        browser_hash=browser_hash,
        email=email,
        language=language,
        code=code,
        counted=counted,
        expires_at=expires_at,
    )


def count_waiting(tx: Tx, site_id: int, now: datetime) -> int:
    """Codes that nobody has entered yet."""
    count: int = tx.value(
        "SELECT count(*) FROM mail_codes WHERE site_id = :site_id AND expires_at > :now AND proved_at IS NULL",
        site_id=site_id,
        now=now,
    )
    return count


def find_code(tx: Tx, code_id: int, now: datetime) -> MailCode | None:
    """The code with this id, while it is good."""
    return tx.maybe(
        MailCode,
        """
        SELECT id, site_id, email, language, code, counted, tries, proved_at FROM mail_codes
        WHERE id = :id AND expires_at > :now
        """,
        id=code_id,
        now=now,
    )


def code_of(tx: Tx, site_id: int, browser_hash: bytes, now: datetime) -> MailCode | None:
    """The code of a browser, while it is good."""
    return tx.maybe(
        MailCode,
        """
        SELECT id, site_id, email, language, code, counted, tries, proved_at FROM mail_codes
        WHERE site_id = :site_id AND browser_hash = :browser_hash AND expires_at > :now
        """,
        site_id=site_id,
        browser_hash=browser_hash,
        now=now,
    )


def count_try(tx: Tx, site_id: int, browser_hash: bytes, *, most: int, now: datetime) -> MailCode | None:
    """The code of a browser, with one try more; None where there is none, or no try is left."""
    return tx.maybe(
        MailCode,
        """
        UPDATE mail_codes SET tries = tries + 1
        WHERE site_id = :site_id AND browser_hash = :browser_hash AND expires_at > :now
          AND tries < :most AND proved_at IS NULL
        RETURNING id, site_id, email, language, code, counted, tries, proved_at
        """,
        site_id=site_id,
        browser_hash=browser_hash,
        most=most,
        now=now,
    )


def prove(tx: Tx, code_id: int, *, now: datetime, expires_at: datetime) -> None:
    tx.run(
        "UPDATE mail_codes SET proved_at = :now, expires_at = :expires_at WHERE id = :id",
        id=code_id,
        now=now,
        expires_at=expires_at,
    )


def delete_code(tx: Tx, code_id: int) -> None:
    tx.run("DELETE FROM mail_codes WHERE id = :id", id=code_id)


def delete_expired(tx: Tx, now: datetime) -> int:
    return tx.run("DELETE FROM mail_codes WHERE expires_at <= :now", now=now)
