"""Statements on sessions."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.accounts.models import Account, Role, Session
from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in, as a session remembers it."""

    site_id: int
    account_id: int
    token_hash: bytes
    browser: str
    network: bytes | None
    expires_at: datetime
    at: datetime


def insert_session(tx: Tx, session_id: int, opened: Opened) -> None:
    tx.run(
        """
        INSERT INTO sessions
            (id, site_id, account_id, token_hash, browser, network, created_at, proved_at, used_at, expires_at)
        VALUES (:id, :site_id, :account_id, :token_hash, :browser, :network, :at, :at, :at, :expires_at)
        """,
        id=session_id,
        site_id=opened.site_id,
        account_id=opened.account_id,
        token_hash=opened.token_hash,
        browser=opened.browser,
        network=opened.network,
        expires_at=opened.expires_at,
        at=opened.at,
    )


def renew_session(tx: Tx, old_hash: bytes, opened: Opened) -> int:
    """The same session under another token; a session of somebody else, or one that is over, is left as it is."""
    return tx.run(
        """
        UPDATE sessions
        SET token_hash = :token_hash, browser = :browser, network = :network, proved_at = :at, used_at = :at,
            expires_at = :expires_at
        WHERE site_id = :site_id AND token_hash = :old_hash AND account_id = :account_id AND expires_at > :at
        """,
        site_id=opened.site_id,
        old_hash=old_hash,
        account_id=opened.account_id,
        token_hash=opened.token_hash,
        browser=opened.browser,
        network=opened.network,
        expires_at=opened.expires_at,
        at=opened.at,
    )


def note_use(tx: Tx, token_hash: bytes, *, network: bytes, now: datetime) -> None:
    tx.run(
        "UPDATE sessions SET used_at = :now, network = :network WHERE token_hash = :token_hash",
        token_hash=token_hash,
        network=network,
        now=now,
    )


def delete_session(tx: Tx, site_id: int, token_hash: bytes) -> int:
    return tx.run(
        "DELETE FROM sessions WHERE site_id = :site_id AND token_hash = :token_hash",
        site_id=site_id,
        token_hash=token_hash,
    )


def delete_session_of(tx: Tx, site_id: int, account_id: int, session_id: int) -> None:
    tx.run(
        "DELETE FROM sessions WHERE site_id = :site_id AND account_id = :account_id AND id = :id",
        site_id=site_id,
        account_id=account_id,
        id=session_id,
    )


def delete_other_sessions(tx: Tx, site_id: int, account_id: int, token_hash: bytes) -> None:
    tx.run(
        """
        DELETE FROM sessions
        WHERE site_id = :site_id AND account_id = :account_id AND token_hash <> :token_hash
        """,
        site_id=site_id,
        account_id=account_id,
        token_hash=token_hash,
    )


def list_sessions(tx: Tx, site_id: int, account_id: int, token_hash: bytes, now: datetime) -> list[Session]:
    """The newest first."""
    return tx.all(
        Session,
        """
        SELECT id, browser, network, created_at, proved_at, used_at, expires_at,
               CASE WHEN token_hash = :token_hash THEN 1 ELSE 0 END AS is_this
        FROM sessions
        WHERE site_id = :site_id AND account_id = :account_id AND expires_at > :now ORDER BY id DESC
        """,
        site_id=site_id,
        account_id=account_id,
        token_hash=token_hash,
        now=now,
    )


def delete_sessions_of(tx: Tx, account: Account) -> int:
    return tx.run(
        "DELETE FROM sessions WHERE site_id = :site_id AND account_id = :account_id",
        site_id=account.site_id,
        account_id=account.id,
    )


def delete_expired_sessions(tx: Tx, now: datetime, *, proved_by: datetime, used_by: datetime) -> int:
    """Those of staff end earlier: where they were proved or used last by these times."""
    return tx.run(
        """
        DELETE FROM sessions
        WHERE expires_at <= :now
           OR ((proved_at <= :proved_by OR used_at <= :used_by)
               AND EXISTS (SELECT 1 FROM roles r
                           WHERE r.account_id = sessions.account_id AND r.site_id = sessions.site_id))
        """,
        now=now,
        proved_by=proved_by,
        used_by=used_by,
    )


@dataclass(frozen=True, slots=True)
class SessionRole:
    """One role of the account behind a session; None where it has none."""

    account_id: int
    expires_at: datetime
    proved_at: datetime
    used_at: datetime
    name: str
    website: str | None
    role: Role | None


def find_session(tx: Tx, site_id: int, token_hash: bytes, now: datetime) -> "list[SessionRole]":
    return tx.all(
        SessionRole,
        """
        SELECT s.account_id, s.expires_at, s.proved_at, s.used_at, a.name, a.website, r.role
        FROM sessions s
        JOIN accounts a ON a.id = s.account_id
        LEFT JOIN roles r ON r.account_id = s.account_id AND r.site_id = s.site_id
          AND (r.lent_until IS NULL OR r.lent_until > :now)
        WHERE s.site_id = :site_id AND s.token_hash = :token_hash AND s.expires_at > :now
        """,
        site_id=site_id,
        token_hash=token_hash,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """In how many browsers somebody with a role is signed in, and since when in the newest."""

    account_id: int
    count: int
    newest: datetime


def count_staff_sessions(
    tx: Tx, site_id: int, now: datetime, *, proved_by: datetime, used_by: datetime
) -> list[SignedIn]:
    return tx.all(
        SignedIn,
        """
        SELECT account_id, count(*) AS count, max(created_at) AS newest FROM sessions
        WHERE site_id = :site_id AND expires_at > :now AND proved_at > :proved_by AND used_at > :used_by
        GROUP BY account_id
        """,
        site_id=site_id,
        now=now,
        proved_by=proved_by,
        used_by=used_by,
    )
