"""Changing a site's rules: the one way, whoever does it; what changed is noted with who changed it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from rejoinder.db import Tx, new_id
from rejoinder.sites import queries
from rejoinder.sites.changed import ChangedBy, RuleChange
from rejoinder.sites.errors import SettingLocked, SettingsChanged, SettingsWrong
from rejoinder.sites.faults import faults_of
from rejoinder.sites.models import Rules, Site


@dataclass(frozen=True, slots=True)
class Saved:
    """A site as it is after saving, and the settings that are different from before."""

    site: Site
    changed: tuple[str, ...]


def check_settings(rules: Rules, values: Mapping[str, object]) -> dict[str, Any]:
    """These values, by the names of settings, as a site's rules hold them. Raises SettingsWrong."""
    try:
        checked = Rules.model_validate({**rules.model_dump(), **values})
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)
        raise SettingsWrong(tuple(faults_of(errors))) from None
    return {name: getattr(checked, name) for name in values}


def save_settings(
    tx: Tx, site_id: int, wanted: Mapping[str, Any], by: ChangedBy, *, version: int | None = None
) -> Saved:
    """Give a site these checked values; what is so already is no change.

    Raises SettingsChanged where the site is no longer at `version`, and SettingLocked.
    """
    site = queries.hold_site(tx, site_id)
    rules = site.rules.model_copy(update=wanted)
    changed = tuple(differing(site.rules, rules))
    if changed and version not in (None, site.version):
        raise SettingsChanged
    for name in changed:
        if name in site.locked:
            raise SettingLocked(name)
    return Saved(change_rules(tx, site, rules, by), changed)


def change_rules(
    tx: Tx, site: Site, rules: Rules, by: ChangedBy, *, locked: Sequence[str] | None = None
) -> Site:
    """Let these be the rules of a site that is held; `locked` are those that only a file may change."""
    locked = site.locked if locked is None else tuple(sorted(locked))
    if rules == site.rules and locked == site.locked:
        return site

    queries.set_rules(tx, site.id, rules, locked)
    before, after = site.rules.model_dump(mode="json"), rules.model_dump(mode="json")
    for name in differing(site.rules, rules):
        change = RuleChange(
            id=new_id(),
            site_id=site.id,
            at=tx.now,
            source=by.source,
            account_id=by.account_id,
            version=site.version + 1,
            field=name,
            before=before[name],
            after=after[name],
        )
        queries.insert_change(tx, change)
    tx.touch(f"site:{site.id}")
    return queries.get_site(tx, site.id)


def differing(one: Rules, other: Rules) -> Iterator[str]:
    """The settings that two records have different values of."""
    return (name for name in Rules.model_fields if getattr(one, name) != getattr(other, name))
