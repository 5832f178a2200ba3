"""Every SQL statement on sites."""

from collections.abc import Sequence

from rejoinder.db import Tx, as_json
from rejoinder.sites.models import Rules, Site


def get_site(tx: Tx, site_id: int) -> Site:
    return tx.one(
        Site,
        "SELECT id, base_url, rules, locked, version FROM sites WHERE id = :id",
        id=site_id,
    )


def list_sites(tx: Tx) -> list[Site]:
    return tx.all(Site, "SELECT id, base_url, rules, locked, version FROM sites ORDER BY id")


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
