"""Settling a site: its first row, its address, and the rules that a publication file gives."""

from collections.abc import Mapping

from rejoinder.db import Tx, new_id
from rejoinder.sites import queries
from rejoinder.sites.models import Rules, Site


def settle_site(tx: Tx, base_url: str | None) -> Site:
    """The first site, made if there is none; its address follows the one it is served at."""
    sites = queries.list_sites(tx)
    if not sites:
        # Another process may have just done the same.
        queries.insert_site(tx, new_id(), base_url or "http://127.0.0.1:8080", Rules())
        sites = queries.list_sites(tx)
    first = sites[0]
    if base_url is None or first.base_url == base_url:
        return first
    queries.set_base_url(tx, first.id, base_url)
    tx.touch(f"site:{first.id}")
    return queries.get_site(tx, first.id)


def apply_publication(tx: Tx, site: Site, values: Mapping[str, object]) -> Site:
    """Take the rules a publication file gives; they stay locked until the file lets them go."""
    kept = site.rules.model_dump(exclude_defaults=True, exclude=set(site.locked))
    rules = Rules.model_validate({**kept, **values})
    if rules == site.rules and sorted(site.locked) == sorted(values):
        return site
    queries.set_rules(tx, site.id, rules, sorted(values))
    tx.touch(f"site:{site.id}")
    return queries.get_site(tx, site.id)
