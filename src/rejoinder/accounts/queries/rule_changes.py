"""Statements on who changed the rules of a site; `sites` writes them down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rejoinder.db import Json, Tx
from rejoinder.sites.changed import Source


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that was changed, with the name of who did it, where that is an account that is still there."""

    at: datetime
    source: Source
    account_id: int | None
    name: str | None
    version: int
    field: str
    before: Json[Any]
    after: Json[Any]


def list_changes(tx: Tx, site_id: int, *, most: int) -> list[Change]:
    """The last ones, the newest first."""
    return tx.all(
        Change,
        """
        SELECT c.at, c.source, c.account_id, a.name, c.version, c.field, c.before, c.after
        FROM rule_changes c LEFT JOIN accounts a ON a.id = c.account_id AND a.site_id = c.site_id
        WHERE c.site_id = :site_id ORDER BY c.version DESC, c.id LIMIT :most
        """,
        site_id=site_id,
        most=most,
    )


def list_changes_since(tx: Tx, site_id: int, version: int) -> list[Change]:
    """Those that made a version after this one, the oldest first."""
    return tx.all(
        Change,
        """
        SELECT c.at, c.source, c.account_id, a.name, c.version, c.field, c.before, c.after
        FROM rule_changes c LEFT JOIN accounts a ON a.id = c.account_id AND a.site_id = c.site_id
        WHERE c.site_id = :site_id AND c.version > :version ORDER BY c.version, c.id
        """,
        site_id=site_id,
        version=version,
    )
