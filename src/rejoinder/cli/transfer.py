"""Bringing discussions in, and taking them away."""

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from rejoinder.cli.opening import (
    SiteOption,
    fail,
    only_site,
    opened,
    print_json,
    read_settings,
    unhurried,
)
from rejoinder.db import Database
from rejoinder.settings import Settings
from rejoinder.sites.models import Site
from rejoinder.sites.queries import list_sites
from rejoinder.sites.settle import settle_site
from rejoinder.transfer.export import export_lines
from rejoinder.transfer.formats import Format
from rejoinder.transfer.load import Options, import_files
from rejoinder.transfer.run import Phase

KeepAddresses = Annotated[
    bool, typer.Option("--keep-addresses", help="Keep the e-mail addresses of authors; they are never shown.")
]
TimeZone = Annotated[
    str | None,
    typer.Option("--timezone", metavar="ZONE", help="Zone of times that tell none, such as Europe/Oslo."),
]
Images = Annotated[
    Path | None,
    typer.Option(
        "--images",
        metavar="FOLDER",
        help="A copy of wp-content/uploads: pictures in articles come along.",
        exists=True,
        file_okay=False,
    ),
]
UNREADABLE = ("unreadable", "invalid")
PHASES: dict[Phase, str] = {
    "read": "Reading",
    "articles": "Storing articles",
    "comments": "Placing comments",
    "undo": "Taking back comments",
}


class Archive(StrEnum):
    """What can be written."""

    JSONL = "jsonl"


def import_(
    format_: Annotated[
        Format,
        typer.Argument(
            metavar="FORMAT",
            help="wordpress: its own export, .xml, .gz or .zip. jsonl: our own archive, plain or gzipped.",
        ),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="The files of one export.", exists=True, dir_okay=False),
    ],
    site: SiteOption = None,
    keep_addresses: KeepAddresses = False,
    timezone: TimeZone = None,
    images: Images = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as one line of JSON.")] = False,
) -> None:
    """Bring in articles, comments and votes from an export.

    May run beside a server. Imported twice, a file adds nothing; a later export of the same site adds what is new and
    follows what changed. If it is cut off, run it again: it goes on where it was.
    """
    settings = read_settings()
    if format_ is not Format.WORDPRESS and (timezone or images):
        fail("--timezone and --images are for wordpress.")
    if images is not None and settings.publication is None:
        fail("Pictures are kept in the publication's folder: name it in REJOINDER_PUBLICATION.")
    with opened(settings, create=True) as db:
        options = Options(keep_addresses, dry_run, _zone(timezone), images, settings.publication)
        with bar() as tell, unhurried():
            report = import_files(
                db, _site(db, settings, site), files, format_=format_, options=options, tell=tell
            )
    if as_json:
        print_json(report)
    _print_report(report, dry_run=dry_run, err=as_json)
    if any(reason in report["skipped"] for reason in UNREADABLE):
        raise typer.Exit(1)


def export(
    format_: Annotated[Archive, typer.Argument(metavar="FORMAT", help="jsonl: our own archive.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; packed if its name ends in .gz.")
    ] = None,
    site: SiteOption = None,
    keep_addresses: KeepAddresses = False,
) -> None:
    """Write everything that was said, to a file or to standard output: articles, comments, votes.

    Accounts, credentials and moderators' decisions stay here: they are in a backup, not in an archive.
    """
    del format_  # the only one there is
    with opened(read_settings()) as db:
        lines = export_lines(db, only_site(db, site), keep_addresses=keep_addresses)
        if output is None:
            sys.stdout.writelines(lines)
            return
        try:
            _write(output, lines)
        except OSError as error:
            fail(f"{output} can't be written: {error.strerror}")


def _write(output: Path, lines: Iterator[str]) -> None:
    """Write beside the file and then take its place, so that an older one is never half overwritten."""
    part = output.with_name(output.name + ".part")
    with part.open("wb") as raw:
        target: IO[bytes] | gzip.GzipFile = raw
        if output.suffix == ".gz":
            target = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0)
        for line in lines:
            target.write(line.encode())
        if target is not raw:
            target.close()
    part.replace(output)


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError):
        fail(f"{name!r} is not a time zone of the IANA list, such as Europe/Oslo.")


def _site(db: Database, settings: Settings, base_url: str | None) -> Site:
    """The site to import into; the first one is made where there is none."""
    if base_url is None and not db.read_now(list_sites):
        return db.write_now(settle_site, settings.base_url)
    return only_site(db, base_url)


class _Bars:
    """One bar a phase."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[Phase, TaskID] = {}

    def __call__(self, phase: Phase, done: int, total: int | None) -> None:
        if phase not in self._tasks:
            self._tasks[phase] = self._progress.add_task(PHASES[phase], total=total)
        self._progress.update(self._tasks[phase], completed=done)


@contextmanager
def bar() -> Iterator[_Bars]:
    """A progress bar on a terminal, nothing elsewhere; never on standard output."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Bars(progress)


def _print_report(report: dict[str, Any], *, dry_run: bool, err: bool) -> None:
    def say(line: str) -> None:
        typer.echo(line, err=err)

    for repair in report["repairs"]:
        typer.echo(repair, err=True)
    verb = "would be imported" if dry_run else "imported"
    say(
        f"{report['comments']} comments {verb}: {report['published']} published, {report['pending']} waiting; "
        f"{report['replies']} of them replies."
    )
    say(f"{report['articles']} articles, {report['threads']} of them with a discussion.")
    if report["tombstones"] or report["pings"]:
        say(
            f"Besides: {report['tombstones']} kept without being shown, {report['pings']} mentions elsewhere."
        )
    say(f"New: {report['new']}, updated: {report['updated']}, unchanged: {report['unchanged']}.")
    for reason, count in report["skipped"].items():
        say(f"Left out, {reason}: {count}.")


COMMANDS: dict[str, Callable[..., None]] = {"export": export}
