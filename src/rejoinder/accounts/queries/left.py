"""Statements on the addresses that guests left with their comments."""

from collections.abc import Sequence
from dataclasses import dataclass

from rejoinder.db import Tx


def proved_key(tx: Tx, account_id: int) -> str | None:
    """The address that somebody proved to be theirs, in the form in which addresses are compared."""
    key: str | None = tx.value(
        "SELECT email_key FROM accounts WHERE id = :id AND email_verified_at IS NOT NULL", id=account_id
    )
    return key


def has_left(tx: Tx, account_id: int) -> bool:
    """Whether a guest who is nobody else gave the address that this person proved."""
    found: int | None = tx.value(
        """
        SELECT 1 FROM accounts m
        JOIN authors a ON a.site_id = m.site_id AND lower(a.email) = m.email_key
        WHERE m.id = :account_id AND m.email_verified_at IS NOT NULL AND a.email IS NOT NULL
          AND a.account_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM visitors v WHERE v.id = a.visitor_id AND v.account_id <> m.id)
        LIMIT 1
        """,
        account_id=account_id,
    )
    return found is not None


@dataclass(frozen=True, slots=True)
class Signed:
    """What a guest signed with, and the browser, where that is known."""

    id: int
    visitor_id: int | None


def signed_with(tx: Tx, site_id: int, email_key: str) -> list[Signed]:
    """Everything that guests signed with an address."""
    return tx.all(
        Signed,
        """
        SELECT id, visitor_id FROM authors
        WHERE site_id = :site_id AND lower(email) = :email_key AND email IS NOT NULL AND account_id IS NULL
        ORDER BY id
        """,
        site_id=site_id,
        email_key=email_key,
    )


def lock_browsers(tx: Tx, visitor_ids: Sequence[int]) -> None:
    """Let comments that are posted with these browsers wait: each touches its visitor first."""
    tx.run("UPDATE visitors SET last_seen = last_seen WHERE id IN :visitor_ids", visitor_ids=visitor_ids)


def forget_addresses(tx: Tx, author_ids: Sequence[int]) -> None:
    tx.run("UPDATE authors SET email = NULL WHERE id IN :author_ids", author_ids=author_ids)


def delete_authors(tx: Tx, author_ids: Sequence[int]) -> None:
    tx.run("DELETE FROM authors WHERE id IN :author_ids", author_ids=author_ids)
