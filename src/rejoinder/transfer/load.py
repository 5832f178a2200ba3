"""Importing: read everything into the waiting room, store the articles, place the comments, open to readers.

Each step is one transaction that also notes the place, so what was cut off goes on where it was when the same files
are imported again. Until the last phase a new article is private.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rejoinder.db import Database, Tx, as_json, new_id, show_id, whole_milliseconds
from rejoinder.sites.models import Site
from rejoinder.transfer.addresses import at_free_address
from rejoinder.transfer.arriving import ARTICLES, read_in
from rejoinder.transfer.articles import REFUSED, open_articles, ready_article, store_articles, tell_kept
from rejoinder.transfer.errors import BeingUndone, Damaged, NotOurs
from rejoinder.transfer.files import digest_of
from rejoinder.transfer.formats import READERS, Format
from rejoinder.transfer.models import Reading
from rejoinder.transfer.placing import place_comments, place_lone_votes
from rejoinder.transfer.queries import staging
from rejoinder.transfer.queries.undoing import undoing_runs
from rejoinder.transfer.run import (
    AT_ONCE,
    TEXT_AT_ONCE,
    Phase,
    Progress,
    Run,
    TellProgress,
    patiently,
    read_progress,
)
from rejoinder.transfer.waiting import clear, discard

ARTICLES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Options:
    """How to import: `keep_addresses` keeps e-mail addresses; `dry_run` only says what would be done.

    `time_zone` is that of times whose source does not tell. Pictures are taken from `images` to `publication`.
    """

    keep_addresses: bool = False
    dry_run: bool = False
    time_zone: ZoneInfo | None = None
    images: Path | None = None
    publication: Path | None = None


PLAINLY = Options()


def import_files(
    db: Database,
    site: Site,
    files: Sequence[Path],
    *,
    format_: Format = Format.JSONL,
    options: Options = PLAINLY,
    tell: TellProgress = lambda phase, done, total: None,
) -> dict[str, Any]:
    """Import files and report what was done. Imported twice, they add nothing.

    Raises NotOurs or Damaged (nothing was imported), BeingUndone, AnotherImport, and what the database raises; after
    these the same command goes on where it stopped.
    """
    reader = READERS[format_]
    reading = Reading(
        files=files,
        time_zone=options.time_zone,
        images=options.images,
        publication=None if options.dry_run else options.publication,
    )
    source = reader.open(reading)
    marks = (
        source.system,
        source.origin,
        str(options.keep_addresses),
        str(options.time_zone),
        str(options.images),
    )
    digest = digest_of(files, *marks)
    known, progress = _begin(db, site, format_, files, Progress(digest, options.dry_run))
    run = Run(known.id, db, site, source, options.keep_addresses, known.started_at, progress, tell)
    size = sum(path.stat().st_size for path in files)
    if progress.phase == "read":
        try:
            read_in(run, reader.read(reading, lambda read: tell("read", read, size)))
        except (NotOurs, Damaged):
            discard(db, run.id)
            raise
        progress.enter("articles")
    for number, (phase, work) in enumerate(_PHASES):
        if progress.phase == phase:
            work(run)
            progress.enter(_PHASES[number + 1][0] if number + 1 < len(_PHASES) else "clear")
    return _end(run, format_)


def _begin(
    db: Database, site: Site, format_: Format, files: Sequence[Path], fresh: Progress
) -> tuple[staging.Run, Progress]:
    """The run of these files that was cut off, or a new one; dry runs that were cut off are forgotten."""
    for undoing in db.read_now(undoing_runs, site.id):
        raise BeingUndone(show_id(undoing))
    for run in db.read_now(staging.unfinished_runs, site.id, format_):
        progress = read_progress(run.report)
        if progress.dry:
            discard(db, run.id)
        elif not fresh.dry and progress.digest == fresh.digest:
            return run, progress

    def insert(tx: Tx) -> staging.Run:
        run = staging.Run(new_id(), whole_milliseconds(tx.now), fresh.as_json())
        staging.insert_run(tx, run, site.id, format_, [path.name for path in files])
        return run

    return patiently(db, insert), fresh


def _next_articles(run: Run, most: int) -> list[staging.Arrival]:
    return run.read(staging.arrived_articles, run.id, run.progress.place, most, TEXT_AT_ONCE)


def _store_articles(run: Run) -> None:
    while arrivals := _next_articles(run, ARTICLES_AT_ONCE):
        ready = []
        for arrival in arrivals:
            record = at_free_address(run, ARTICLES.validate_json(arrival.record))
            article = ready_article(run, arrival, record)
            if article is None:
                patiently(run.db, staging.set_stands, run.id, "article", arrival.source_id, REFUSED)
            else:
                ready.append(article)
        run.read(tell_kept, run, ready)
        run.tally.articles += len(ready)
        run.progress.place = arrivals[-1].place
        run.step(store_articles, run, ready)
        run.tell("articles", run.tally.articles, None)


def _open_articles(run: Run) -> None:
    while arrivals := _next_articles(run, AT_ONCE):
        stored = [(a, ARTICLES.validate_json(a.record)) for a in arrivals if a.stands != REFUSED]
        run.progress.place = arrivals[-1].place
        run.step(open_articles, run, stored)


_PHASES: tuple[tuple[Phase, Callable[[Run], None]], ...] = (
    ("articles", _store_articles),
    ("comments", place_comments),
    ("votes", place_lone_votes),
    ("open", _open_articles),
)


def _end(run: Run, format_: Format) -> dict[str, Any]:
    """Empty the waiting room and keep the report."""
    report = run.tally.as_report(format_)
    if run.progress.dry:
        discard(run.db, run.id)
        return report
    clear(run.db, run.id)
    patiently(run.db, _finish, run.id, as_json(report))
    return report


def _finish(tx: Tx, run_id: int, report: str) -> None:
    if not staging.set_progress(tx, run_id, report, finished_at=tx.now):
        raise BeingUndone(show_id(run_id))
