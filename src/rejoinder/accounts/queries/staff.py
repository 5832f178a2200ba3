"""Statements on accounts, roles, sign-in codes and sessions."""

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
