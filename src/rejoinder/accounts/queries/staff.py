"""Statements on accounts, roles, sign-in codes and sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.accounts.models import Account, Role, Signature
from rejoinder.db import Tx


def staff_names(tx: Tx, site_id: int) -> list[str]:
    rows = tx.all(
        _Name,
        "SELECT DISTINCT a.name FROM accounts a JOIN roles r ON r.account_id = a.id WHERE r.site_id = :site_id",
        site_id=site_id,
    )
    return [row.name for row in rows]


def find_account(tx: Tx, site_id: int, name_key: str) -> Account | None:
    return tx.maybe(
        Account,
        """
        SELECT id, site_id, name, name_key, email FROM accounts
        WHERE site_id = :site_id AND name_key = :name_key
        """,
        site_id=site_id,
        name_key=name_key,
    )


def insert_account(tx: Tx, account_id: int, site_id: int, signature: Signature, now: datetime) -> Account:
    return tx.one(
        Account,
        """
        INSERT INTO accounts (id, site_id, name, name_key, email, created_at)
        VALUES (:id, :site_id, :name, :name_key, :email, :now)
        RETURNING id, site_id, name, name_key, email
        """,
        id=account_id,
        site_id=site_id,
        name=signature.name,
        name_key=signature.name_key,
        email=signature.email,
        now=now,
    )


def grant_role(tx: Tx, account: Account, role: Role, now: datetime) -> None:
    tx.run(
        """
        INSERT INTO roles (site_id, account_id, role, granted_at)
        VALUES (:site_id, :account_id, :role, :now) ON CONFLICT DO NOTHING
        """,
        site_id=account.site_id,
        account_id=account.id,
        role=role,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Granted:
    """One role of somebody."""

    account_id: int
    name: str
    role: Role
    granted_at: datetime


def list_roles(tx: Tx, site_id: int) -> list[Granted]:
    return tx.all(
        Granted,
        """
        SELECT r.account_id, a.name, r.role, r.granted_at FROM roles r JOIN accounts a ON a.id = r.account_id
        WHERE r.site_id = :site_id ORDER BY a.name_key, a.id, r.role
        """,
        site_id=site_id,
    )


def delete_roles(tx: Tx, account: Account, roles: Sequence[Role]) -> None:
    tx.run(
        "DELETE FROM roles WHERE site_id = :site_id AND account_id = :account_id AND role IN :roles",
        site_id=account.site_id,
        account_id=account.id,
        roles=roles,
    )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """In how many browsers somebody is signed in, and since when in the newest."""

    account_id: int
    count: int
    newest: datetime


def count_sessions(tx: Tx, site_id: int, now: datetime) -> list[SignedIn]:
    return tx.all(
        SignedIn,
        """
        SELECT account_id, count(*) AS count, max(created_at) AS newest FROM sessions
        WHERE site_id = :site_id AND expires_at > :now GROUP BY account_id
        """,
        site_id=site_id,
        now=now,
    )


def delete_sessions_of(tx: Tx, account: Account) -> int:
    return tx.run(
        "DELETE FROM sessions WHERE site_id = :site_id AND account_id = :account_id",
        site_id=account.site_id,
        account_id=account.id,
    )


def delete_codes_of(tx: Tx, account: Account) -> None:
    tx.run(
        "DELETE FROM sign_in_codes WHERE site_id = :site_id AND account_id = :account_id",
        site_id=account.site_id,
        account_id=account.id,
    )


def insert_code(tx: Tx, token_hash: bytes, *, site_id: int, account_id: int, expires_at: datetime) -> None:
    tx.run(
        """
        INSERT INTO sign_in_codes (token_hash, site_id, account_id, expires_at)
        VALUES (:token_hash, :site_id, :account_id, :expires_at)
        """,
        token_hash=token_hash,
        site_id=site_id,
        account_id=account_id,
        expires_at=expires_at,
    )


def take_code(tx: Tx, site_id: int, token_hash: bytes, now: datetime) -> int | None:
    """The account the code was made for; a code is good once."""
    account_id: int | None = tx.value(
        """
        DELETE FROM sign_in_codes
        WHERE site_id = :site_id AND token_hash = :token_hash AND expires_at > :now
        RETURNING account_id
        """,
        site_id=site_id,
        token_hash=token_hash,
        now=now,
    )
    return account_id


def insert_session(
    tx: Tx,
    session_id: int,
    token_hash: bytes,
    *,
    site_id: int,
    account_id: int,
    expires_at: datetime,
    now: datetime,
) -> None:
    tx.run(
        """
        INSERT INTO sessions (id, site_id, account_id, token_hash, created_at, expires_at)
        VALUES (:id, :site_id, :account_id, :token_hash, :now, :expires_at)
        """,
        id=session_id,
        site_id=site_id,
        account_id=account_id,
        token_hash=token_hash,
        expires_at=expires_at,
        now=now,
    )


def delete_session(tx: Tx, site_id: int, token_hash: bytes) -> int:
    return tx.run(
        "DELETE FROM sessions WHERE site_id = :site_id AND token_hash = :token_hash",
        site_id=site_id,
        token_hash=token_hash,
    )


def delete_expired_sessions(tx: Tx, now: datetime) -> int:
    return tx.run("DELETE FROM sessions WHERE expires_at <= :now", now=now)


def delete_expired_codes(tx: Tx, now: datetime) -> int:
    return tx.run("DELETE FROM sign_in_codes WHERE expires_at <= :now", now=now)


def find_session(tx: Tx, site_id: int, token_hash: bytes, now: datetime) -> "list[SessionRole]":
    return tx.all(
        SessionRole,
        """
        SELECT s.account_id, s.expires_at, a.name, r.role
        FROM sessions s
        JOIN accounts a ON a.id = s.account_id
        JOIN roles r ON r.account_id = s.account_id AND r.site_id = s.site_id
        WHERE s.site_id = :site_id AND s.token_hash = :token_hash AND s.expires_at > :now
        """,
        site_id=site_id,
        token_hash=token_hash,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class SessionRole:
    """One role of the account behind a session."""

    account_id: int
    expires_at: datetime
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
