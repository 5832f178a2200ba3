"""Statements on accounts, roles and the codes of sign-in links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.accounts.models import Account, Role, Signature
from rejoinder.db import Tx


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


def find_staff(tx: Tx, site_id: int, name_key: str) -> Account | None:
    """Somebody who has a role."""
    return tx.maybe(
        Account,
        """
        SELECT a.id, a.site_id, a.name, a.name_key, a.email FROM accounts a
        WHERE a.site_id = :site_id AND a.name_key = :name_key
          AND EXISTS (SELECT 1 FROM roles r WHERE r.site_id = a.site_id AND r.account_id = a.id)
        """,
        site_id=site_id,
        name_key=name_key,
    )


def has_role_for_good(tx: Tx, account: Account) -> bool:
    """Whether the operator gave somebody a role; one that the publisher lends is none."""
    found: int | None = tx.value(
        """
        SELECT 1 FROM roles WHERE site_id = :site_id AND account_id = :account_id AND lent_until IS NULL LIMIT 1
        """,
        site_id=account.site_id,
        account_id=account.id,
    )
    return found is not None


def find_account_at(tx: Tx, site_id: int, email_key: str) -> Account | None:
    return tx.maybe(
        Account,
        """
        SELECT id, site_id, name, name_key, email FROM accounts
        WHERE site_id = :site_id AND email_key = :email_key
        """,
        site_id=site_id,
        email_key=email_key,
    )


def get_account(tx: Tx, account_id: int) -> Account:
    return tx.one(
        Account, "SELECT id, site_id, name, name_key, email FROM accounts WHERE id = :id", id=account_id
    )


def set_email(tx: Tx, account_id: int, email: str, email_key: str) -> None:
    """Another address, which nobody has proved yet."""
    tx.run(
        "UPDATE accounts SET email = :email, email_key = :email_key, email_verified_at = NULL WHERE id = :id",
        id=account_id,
        email=email,
        email_key=email_key,
    )


def verify_email(tx: Tx, account_id: int, now: datetime) -> bool:
    """Whether it was proved for the first time."""
    verified = tx.run(
        "UPDATE accounts SET email_verified_at = :now WHERE id = :id AND email_verified_at IS NULL",
        id=account_id,
        now=now,
    )
    return verified > 0


def insert_member(
    tx: Tx, account_id: int, site_id: int, signature: Signature, *, email_key: str, now: datetime
) -> Account | None:
    """A reader with an account; None where the name or the address is somebody's already."""
    return tx.maybe(
        Account,
        """
        INSERT INTO accounts (id, site_id, name, name_key, email, email_key, email_verified_at, created_at)
        VALUES (:id, :site_id, :name, :name_key, :email, :email_key, :now, :now)
        ON CONFLICT DO NOTHING
        RETURNING id, site_id, name, name_key, email
        """,
        id=account_id,
        site_id=site_id,
        name=signature.name,
        name_key=signature.name_key,
        email=signature.email,
        email_key=email_key,
        now=now,
    )


def insert_account(tx: Tx, account_id: int, site_id: int, signature: Signature, now: datetime) -> Account:
    return tx.one(
        Account,
        """
        INSERT INTO accounts (id, site_id, name, name_key, created_at)
        VALUES (:id, :site_id, :name, :name_key, :now)
        RETURNING id, site_id, name, name_key, email
        """,
        id=account_id,
        site_id=site_id,
        name=signature.name,
        name_key=signature.name_key,
        now=now,
    )


def grant_role(tx: Tx, account: Account, role: Role, now: datetime) -> None:
    """For good, also where the publisher lent it before."""
    tx.run(
        """
        INSERT INTO roles (site_id, account_id, role, granted_at)
        VALUES (:site_id, :account_id, :role, :now)
        ON CONFLICT (site_id, account_id, role) DO UPDATE SET lent_until = NULL
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


def delete_expired_codes(tx: Tx, now: datetime) -> int:
    return tx.run("DELETE FROM sign_in_codes WHERE expires_at <= :now", now=now)
