"""The names that belong to staff, so that no guest signs with one that looks like it."""

from collections.abc import Set as AbstractSet

from rejoinder.accounts.queries.staff import staff_names
from rejoinder.db import Database


class StaffNames:
    """The staff's names of each site, kept in memory until a site changes."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._names: dict[int, tuple[str, ...]] = {}

    def touched(self, tags: AbstractSet[str]) -> None:
        """A site may have changed: its names are read again at the next question."""
        if any(tag == "*" or tag.startswith("site:") for tag in tags):
            self._names = {}

    async def of(self, site_id: int) -> tuple[str, ...]:
        """The names of a site's staff."""
        names = self._names  # what is read while a site changes goes into the table that was given up
        if site_id not in names:
            names[site_id] = tuple(await self._db.read(staff_names, site_id))
        return names[site_id]
