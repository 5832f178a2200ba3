"""Settling a site: its row, its address, and the rules that a publication file gives."""

from collections.abc import Mapping

from rejoinder.db import Tx, new_id
from rejoinder.sites import queries
from rejoinder.sites.change import change_rules
from rejoinder.sites.changed import ChangedBy, Source
from rejoinder.sites.errors import SiteThere
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


def add_site(tx: Tx, base_url: str) -> Site:
    """Another site of this server, with rules one can live with. Raises SiteThere."""
    site_id = new_id()
    if not queries.insert_site(tx, site_id, base_url, Rules()):
        raise SiteThere(base_url)
    tx.touch(f"site:{site_id}")
    return queries.get_site(tx, site_id)


def apply_publication(tx: Tx, site: Site, values: Mapping[str, object]) -> Site:
    """Take the rules a publication file gives; they stay locked until the file lets them go."""
    site = queries.hold_site(tx, site.id)
    kept = site.rules.model_dump(exclude_defaults=True, exclude=set(site.locked))
    rules = Rules.model_validate({**kept, **values})
    return change_rules(tx, site, rules, ChangedBy(Source.FILE), locked=tuple(values))
