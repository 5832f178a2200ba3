"""Bringing the folder's articles into the database: what changed is read and drawn, then stored one by one."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from rejoinder.articles.models import ArticleSource, ArticleState, Known, own_url
from rejoinder.articles.queries import list_known
from rejoinder.articles.store import store_article
from rejoinder.articles.withdraw import withdraw_article
from rejoinder.db import Database, Tx
from rejoinder.errors import Refusal
from rejoinder.publication.article_file import ArticleFile, Reading, read_article, warn_of_taken
from rejoinder.publication.faults import Faults
from rejoinder.publication.folder import Entry, Scan, is_unchanged, scan_folder
from rejoinder.publication.publication_file import read_publication_file
from rejoinder.publication.renames import Renames
from rejoinder.publication.reports import Report
from rejoinder.publication.seen import FileSeen, Seen
from rejoinder.sites.models import Site
from rejoinder.sites.queries import get_site
from rejoinder.sites.settle import apply_publication

TOGETHER = 16  # articles read, and then stored, at once: one durable commit serves many of them


async def sync_folder(
    db: Database, site_id: int, root: Path, *, now: datetime, seen: Seen | None = None
) -> Report:
    """Make the site's articles what its folder says; a broken file keeps its last good text and is reported.

    A file that is gone withdraws its article; a file that only got another name takes the article along.
    Raises `OSError` when the folder itself can't be read: then nothing is changed.
    """
    seen = Seen() if seen is None else seen
    scan = await asyncio.to_thread(scan_folder, root)
    report = Report(faults=list(scan.faults))
    site = await _settle_rules(db, site_id, root, seen, report)
    news = [entry for entry in scan.entries if seen.is_news(entry, now)]
    if news or scan != seen.scan:
        await _Sync(db, Reading(site, root, now), seen, report, scan).run(news)
    report.same += len(scan.entries) - len(news)
    for file in seen.files.values():
        report.faults += file.faults
    report.due = min((file.due for file in seen.files.values() if file.due is not None), default=None)
    report.faults.sort()
    return report


async def _settle_rules(db: Database, site_id: int, root: Path, seen: Seen, report: Report) -> Site:
    """The site with the rules its publication file gives; a broken file changes none."""
    file = await asyncio.to_thread(read_publication_file, root)
    report.faults += file.faults
    if file.values is None or file.values == seen.rules:
        site = await db.read(get_site, site_id)
    else:
        site = await db.write(_apply_rules, site_id, file.values)
        seen.rules = file.values
    seen.for_site(site)
    return site


def _apply_rules(tx: Tx, site_id: int, values: Mapping[str, Any]) -> Site:
    return apply_publication(tx, get_site(tx, site_id), values)


class _Sync:
    """One synchronisation."""

    def __init__(self, db: Database, reading: Reading, seen: Seen, report: Report, scan: Scan) -> None:
        self.db, self.reading, self.seen, self.report, self.scan = db, reading, seen, report, scan
        self.present = {own_url(entry.slug) for entry in scan.entries}
        self.renames = Renames((), ())
        self.all_taken = True

    async def run(self, news: Sequence[Entry]) -> None:
        known = await self.db.read(list_known, self.reading.site.id, ArticleSource.FOLDER)
        missing = [article for article in known if self._is_missing(article)]
        self.renames = Renames(known, missing)
        self.seen.keep_only(self.scan)
        for article in missing:
            if article.state is not ArticleState.GONE:
                await self.db.write(withdraw_article, self.reading.site.id, article.id)
                self.report.removed.append(article.url)
        for first in range(0, len(news), TOGETHER):
            files = await asyncio.to_thread(self._read, news[first : first + TOGETHER])
            await asyncio.gather(*(self._take(entry, file, faults) for entry, file, faults in files))
        self.seen.scan = self.scan if self.all_taken else None

    def _is_missing(self, article: Known) -> bool:
        path = PurePosixPath(article.source_path or "")
        is_unread = any(unread in (path, *path.parents) for unread in self.scan.unread)
        return article.url not in self.present and not is_unread

    def _read(self, entries: Sequence[Entry]) -> list[tuple[Entry, ArticleFile | None, Faults]]:
        """Read and draw; a file that is being written just now is left for the next time."""
        files = []
        for entry in entries:
            faults = Faults(entry.path.as_posix())
            file = read_article(entry.path, entry.slug, self.reading, faults)
            if is_unchanged(self.reading.root, entry):
                files.append((entry, file, faults))
            else:
                self.all_taken = False
        return files

    async def _take(self, entry: Entry, file: ArticleFile | None, faults: Faults) -> None:
        """Store what a file means; of a broken one only its faults are noted."""
        due = None
        if file is not None:
            try:
                due = await self._store(file, faults)
            except Refusal as refusal:
                faults.error(0, f"can't be stored now: {refusal.message}")
                self.report.faults += faults.found
                self.all_taken = False
                return
        self.seen.files[entry.path] = FileSeen(entry, tuple(faults.found), due)

    async def _store(self, file: ArticleFile, faults: Faults) -> datetime | None:
        draft, site, now = file.draft, self.reading.site, self.reading.now
        earlier = self.renames.earlier_address(draft)
        aliases = [alias for alias in draft.aliases if alias not in self.present]
        draft = replace(draft, aliases=(*aliases, *([earlier] if earlier else ())))
        stored = await self.db.write(store_article, site, draft, now)
        self.report.count(draft.url, stored.outcome)
        warn_of_taken(file, self.present.union(stored.refused), faults)
        return draft.published_at if draft.published_at and draft.published_at > now else None
