"""Load data, to measure and to test with."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rejoinder.cli.opening import fail, opened, read_settings, unhurried
from rejoinder.demo.archive import write_archive
from rejoinder.demo.load import Load, Wanted
from rejoinder.demo.seed import seed as store
from rejoinder.demo.wxr import write_export
from rejoinder.sites.settle import settle_site

Comments = Annotated[int, typer.Option(min=0, help="Comments in all, on the pages below.")]
Pages = Annotated[
    int, typer.Option(min=0, help="Articles /articles/seed-1, seed-2 …; the first is discussed most.")
]
Deep = Annotated[
    int, typer.Option(min=0, help="A chain of so many replies, one below the other, on seed-deep.")
]
Wide = Annotated[int, typer.Option(min=0, help="So many replies to one comment, on seed-wide.")]
Votes = Annotated[int, typer.Option(min=0, help="Votes in all.")]
Seed = Annotated[int, typer.Option(help="Another number gives other data; the same gives the same.")]
To = Annotated[
    Path | None,
    typer.Option(
        help="Write a new file, and no database: an export of WordPress if it ends in .wxr, else JSON lines.",
        dir_okay=False,
    ),
]


def seed(
    comments: Comments = 1000,
    pages: Pages = 10,
    deep: Deep = 0,
    wide: Wide = 0,
    votes: Votes = 0,
    seed: Seed = 42,
    to: To = None,
) -> None:
    """Fill an empty database with as many comments as you like, the same for the same seed; for load tests."""
    wanted = Wanted(comments, pages, deep, wide, votes, seed)
    if comments and not pages:
        fail("Comments need a page to stand on: give --pages.")
    with _bar(wanted.total) as tell:
        if to is None:
            _into_database(Load(wanted), tell)
        else:
            _into_file(Load(wanted), to, tell)
    typer.echo(f"{wanted.total:,} comments are in {to or 'the database'}.", err=True)


def _into_database(load: Load, tell: Callable[[int], None]) -> None:
    with opened(read_settings(), create=True) as db, unhurried():
        site = db.write_now(settle_site, None)
        store(db, site, load, tell=tell)


def _into_file(load: Load, path: Path, tell: Callable[[int], None]) -> None:
    try:
        write = write_export if path.suffix == ".wxr" else write_archive
        write(path, load, tell=tell)
    except FileExistsError:
        fail(f"{path} is there already. Name a new file, or take that one away.")
    except OSError as why:
        fail(f"{path} can't be written: {why.strerror}")


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal; elsewhere silence."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("comments", total=total)
        yield lambda done: progress.update(task, completed=done)


COMMANDS = (seed,)
