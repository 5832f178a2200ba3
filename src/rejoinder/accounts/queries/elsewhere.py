"""Statements on who people are elsewhere, on browsers that went there, and on roles that the publisher lends."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.accounts.models import Account, Role, Trip, Vouched
from rejoinder.db import Tx, as_json


def insert_trip(tx: Tx, trip: Trip, *, state_hash: bytes, browser_hash: bytes) -> None:
    tx.run(
        """
        INSERT INTO trips (id, site_id, browser_hash, state_hash, way, verifier, leads_to, said, expires_at)
        VALUES (:id, :site_id, :browser_hash, :state_hash, :way, :verifier, :leads_to, :said, :expires_at)
        """,
        id=trip.id,
        site_id=trip.site_id,
        browser_hash=browser_hash,
        state_hash=state_hash,
        way=trip.way,
        verifier=trip.verifier,
        leads_to=trip.leads_to,
        said=as_json(trip.said) if trip.said else None,
        expires_at=trip.expires_at,
    )


def take_trip(
    tx: Tx, site_id: int, way: str, *, state_hash: bytes, browser_hash: bytes, now: datetime
) -> Trip | None:
    """The trip with this state that this browser went on; it is good once."""
    return tx.maybe(
        Trip,
        """
        DELETE FROM trips
        WHERE site_id = :site_id AND way = :way AND state_hash = :state_hash AND browser_hash = :browser_hash
          AND said IS NULL AND expires_at > :now
        RETURNING id, site_id, way, verifier, leads_to, said, expires_at
        """,
        site_id=site_id,
        way=way,
        state_hash=state_hash,
        browser_hash=browser_hash,
        now=now,
    )


def vouched_trip(tx: Tx, site_id: int, browser_hash: bytes, now: datetime) -> Trip | None:
    """The trip this browser came back from last, while a name is asked for."""
    return tx.maybe(
        Trip,
        """
        SELECT id, site_id, way, verifier, leads_to, said, expires_at FROM trips
        WHERE site_id = :site_id AND browser_hash = :browser_hash AND said IS NOT NULL AND expires_at > :now
        ORDER BY id DESC LIMIT 1
        """,
        site_id=site_id,
        browser_hash=browser_hash,
        now=now,
    )


def take_vouched_trips(tx: Tx, site_id: int, browser_hash: bytes) -> list[Trip]:
    """Every trip of this browser for which a name is asked, the newest first; it is good once."""
    taken = tx.all(
        Trip,
        """
        DELETE FROM trips WHERE site_id = :site_id AND browser_hash = :browser_hash AND said IS NOT NULL
        RETURNING id, site_id, way, verifier, leads_to, said, expires_at
        """,
        site_id=site_id,
        browser_hash=browser_hash,
    )
    return sorted(taken, key=lambda trip: trip.id, reverse=True)


def delete_expired_trips(tx: Tx, now: datetime) -> int:
    return tx.run("DELETE FROM trips WHERE expires_at <= :now", now=now)


def find_vouched(tx: Tx, site_id: int, vouched: Vouched) -> Account | None:
    """Whose identity this is."""
    return tx.maybe(
        Account,
        """
        SELECT a.id, a.site_id, a.name, a.name_key, a.email
        FROM identities i JOIN accounts a ON a.id = i.account_id
        WHERE i.site_id = :site_id AND i.issuer = :issuer AND i.subject = :subject
        """,
        site_id=site_id,
        issuer=vouched.issuer,
        subject=vouched.subject,
    )


def has_identity(tx: Tx, account: Account, issuer: str) -> bool:
    """Whether somebody is known to be somebody at this issuer already."""
    found: int | None = tx.value(
        "SELECT 1 FROM identities WHERE account_id = :account_id AND issuer = :issuer",
        account_id=account.id,
        issuer=issuer,
    )
    return found is not None


def is_from_elsewhere(tx: Tx, account: Account) -> bool:
    """Whether somebody else vouched for who this is."""
    found: int | None = tx.value(
        "SELECT 1 FROM identities WHERE account_id = :account_id LIMIT 1", account_id=account.id
    )
    return found is not None


def put_identity(tx: Tx, account: Account, vouched: Vouched, now: datetime) -> None:
    tx.run(
        """
        INSERT INTO identities (site_id, issuer, subject, account_id, created_at, used_at)
        VALUES (:site_id, :issuer, :subject, :account_id, :now, :now)
        ON CONFLICT (site_id, issuer, subject) DO UPDATE SET used_at = :now
        """,
        site_id=account.site_id,
        issuer=vouched.issuer,
        subject=vouched.subject,
        account_id=account.id,
        now=now,
    )


def insert_vouched_member(
    tx: Tx,
    account_id: int,
    site_id: int,
    *,
    name: str,
    name_key: str,
    email: str | None,
    email_key: str | None,
    now: datetime,
) -> Account | None:
    """A reader with an account; None where the name or the address is somebody's already."""
    return tx.maybe(
        Account,
        """
        INSERT INTO accounts (id, site_id, name, name_key, email, email_key, email_verified_at, created_at)
        VALUES (:id, :site_id, :name, :name_key, :email, :email_key, :verified_at, :now)
        ON CONFLICT DO NOTHING
        RETURNING id, site_id, name, name_key, email
        """,
        id=account_id,
        site_id=site_id,
        name=name,
        name_key=name_key,
        email=email,
        email_key=email_key,
        verified_at=now if email else None,
        now=now,
    )


def set_website(tx: Tx, account_id: int, website: str | None) -> None:
    tx.run("UPDATE accounts SET website = :website WHERE id = :id", id=account_id, website=website)


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody has: for good, or lent by the publisher."""

    role: Role
    lent_until: datetime | None


def roles_of(tx: Tx, account: Account, now: datetime) -> list[Held]:
    return tx.all(
        Held,
        """
        SELECT role, lent_until FROM roles
        WHERE site_id = :site_id AND account_id = :account_id AND (lent_until IS NULL OR lent_until > :now)
        """,
        site_id=account.site_id,
        account_id=account.id,
        now=now,
    )


def lend_role(tx: Tx, account: Account, role: Role, *, until: datetime, now: datetime) -> None:
    """What somebody has for good stays theirs for good."""
    tx.run(
        """
        INSERT INTO roles (site_id, account_id, role, granted_at, lent_until)
        VALUES (:site_id, :account_id, :role, :now, :until)
        ON CONFLICT (site_id, account_id, role) DO UPDATE SET lent_until = :until WHERE roles.lent_until IS NOT NULL
        """,
        site_id=account.site_id,
        account_id=account.id,
        role=role,
        until=until,
        now=now,
    )


def end_lent_roles(tx: Tx, account: Account, *, but: Role | None) -> int:
    return tx.run(
        """
        DELETE FROM roles
        WHERE site_id = :site_id AND account_id = :account_id AND lent_until IS NOT NULL AND role <> :but
        """,
        site_id=account.site_id,
        account_id=account.id,
        but=but or "",
    )


def delete_ended_roles(tx: Tx, now: datetime) -> int:
    return tx.run("DELETE FROM roles WHERE lent_until <= :now", now=now)
