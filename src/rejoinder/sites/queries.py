"""Every SQL statement on sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Json, Tx, as_json
from rejoinder.sites.changed import RuleChange
from rejoinder.sites.models import Rules, Site
from rejoinder.sites.stored import read_rules, unfit_in


@dataclass(frozen=True, slots=True)
class _Row:
    """A site with its rules as they are stored."""

    id: int
    base_url: str
    rules: str
    locked: Json[tuple[str, ...]]
    version: int

    def site(self) -> Site:
        return Site(self.id, self.base_url, read_rules(self.rules), self.locked, self.version)


def get_site(tx: Tx, site_id: int) -> Site:
    row = tx.one(
        _Row,
        "SELECT id, base_url, rules, locked, version FROM sites WHERE id = :id",
        id=site_id,
    )
    return row.site()


def hold_site(tx: Tx, site_id: int) -> Site:
    """The site as it stands, and stays until this transaction ends: others who change it wait."""
    row = tx.one(
        _Row,
        """
        UPDATE sites SET version = version WHERE id = :id
        RETURNING id, base_url, rules, locked, version
        """,
        id=site_id,
    )
    return row.site()


def list_sites(tx: Tx) -> list[Site]:
    rows = tx.all(_Row, "SELECT id, base_url, rules, locked, version FROM sites ORDER BY id")
    return [row.site() for row in rows]


def list_unfit(tx: Tx) -> dict[str, frozenset[str]]:
    """Which stored settings can't be used, by the address of their site."""
    rows = tx.all(_Row, "SELECT id, base_url, rules, locked, version FROM sites ORDER BY id")
    return {row.base_url: unfit for row in rows if (unfit := unfit_in(row.rules))}


def insert_site(tx: Tx, site_id: int, base_url: str, rules: Rules) -> int:
    return tx.run(
        """
        INSERT INTO sites (id, base_url, rules, locked, version)
        VALUES (:id, :base_url, :rules, '[]', 1) ON CONFLICT (base_url) DO NOTHING
        """,
        id=site_id,
        base_url=base_url,
        rules=rules.model_dump_json(exclude_defaults=True),
    )


def set_base_url(tx: Tx, site_id: int, base_url: str) -> None:
    tx.run(
        "UPDATE sites SET base_url = :base_url, version = version + 1 WHERE id = :id",
        id=site_id,
        base_url=base_url,
    )


def set_rules(tx: Tx, site_id: int, rules: Rules, locked: Sequence[str]) -> None:
    tx.run(
        "UPDATE sites SET rules = :rules, locked = :locked, version = version + 1 WHERE id = :id",
        id=site_id,
        rules=rules.model_dump_json(exclude_defaults=True),
        locked=as_json(sorted(locked)),
    )


def insert_change(tx: Tx, change: RuleChange) -> None:
    tx.run(
        """
        INSERT INTO rule_changes (id, site_id, at, source, account_id, version, field, before, after)
        VALUES (:id, :site_id, :at, :source, :account_id, :version, :field, :before, :after)
        """,
        id=change.id,
        site_id=change.site_id,
        at=change.at,
        source=change.source,
        account_id=change.account_id,
        version=change.version,
        field=change.field,
        before=as_json(change.before),
        after=as_json(change.after),
    )


def delete_changes(tx: Tx, before: datetime) -> int:
    """The one way a change that was noted goes: it is old."""
    return tx.run("DELETE FROM rule_changes WHERE at < :before", before=before)
