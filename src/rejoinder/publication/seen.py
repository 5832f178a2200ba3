"""What was read of a folder before, so that only what changed is read again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from rejoinder.publication.faults import Fault
from rejoinder.publication.folder import Entry, Scan
from rejoinder.sites.models import Site


@dataclass(frozen=True, slots=True)
class FileSeen:
    """An article file as it was last read, what was wrong with it, and when it has to be read again unchanged."""

    entry: Entry
    faults: tuple[Fault, ...]
    due: datetime | None


@dataclass(slots=True)
class Seen:
    """Kept between two synchronisations of one folder; an empty one has everything read."""

    scan: Scan | None = None
    site: Site | None = None
    rules: Mapping[str, Any] | None = None
    files: dict[PurePosixPath, FileSeen] = field(default_factory=dict)

    def is_news(self, entry: Entry, now: datetime) -> bool:
        """Whether an article file has to be read."""
        file = self.files.get(entry.path)
        return file is None or file.entry != entry or (file.due is not None and file.due <= now)

    def keep_only(self, scan: Scan) -> None:
        """Forget files that are gone."""
        there = {entry.path for entry in scan.entries}
        self.files = {path: file for path, file in self.files.items() if path in there}

    def for_site(self, site: Site) -> None:
        """Forget what was read for other rules or another address."""
        if self.site is None or (self.site.base_url, self.site.rules) != (site.base_url, site.rules):
            self.files = {}
            self.scan = None
        self.site = site
