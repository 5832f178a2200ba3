"""Twelve years of a real discussion, imported by the command, read in every order, and walked while others write."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from databases import Databases
from rejoinder.accounts.models import Caller
from rejoinder.cli import app
from rejoinder.comments.cursors import write_path
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.editions import make_edition
from rejoinder.comments.models import Comment, Thread
from rejoinder.comments.post import post_comment
from rejoinder.comments.queries.reading import get_thread
from rejoinder.comments.reading import Listing, View, list_comments, more_replies
from rejoinder.db import Database, Engine, Tx, open_database
from rejoinder.sites.models import Site, Sort
from rejoinder.sites.queries import list_sites
from rejoinder.subscribers import FOLLOWERS
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value
from transfer import history
from transfer.archives import assert_counted_right, wilson, write

THREADS = 786
MERGED = "everything"
MERGED_COMMENTS = 1200


@dataclass(frozen=True, slots=True)
class Raw:
    """A comment as it was taken down: where it stands, and its figures."""

    id: str
    thread: str
    parent: str | None
    place: tuple[datetime, int]
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Imported:
    """The database after the import, what was imported, and what the command said."""

    db: Database
    site: Site
    threads: dict[str, Thread]
    names: dict[int, str]
    raw: dict[str, list[Raw]]
    report: dict[str, Any]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def imported(
    request: pytest.FixtureRequest,
    databases: Databases,
    shared: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Imported]:
    """All of it, and behind it one thread of the first 1,200 comments, long enough for many pages."""
    engine: Engine = request.param
    records, votes = history.raw(shared), history.raw_votes(shared)
    folder = tmp_path_factory.mktemp("history")
    whole = write(folder / "history.jsonl.gz", history.as_archive(records, votes), history.HEADER)
    merged = merge(records)
    long = write(folder / "long.jsonl", history.as_archive(merged, []), history.HEADER)
    with databases.empty(engine) as url:
        report = run_import(whole, url)
        run_import(long, url)
        db = open_database(url, followers=FOLLOWERS)
        site = db.read_now(list_sites)[0]
        yield Imported(
            db,
            site,
            db.read_now(all_threads, site),
            db.read_now(all_names),
            as_raw(records) | as_raw(merged),
            report,
        )
        db.close()


def run_import(path: Path, url: str) -> dict[str, Any]:
    """The command as an operator runs it; the database does not exist before."""
    answer = CliRunner().invoke(
        app, ["import", "jsonl", str(path), "--json"], env={"REJOINDER_DATABASE_URL": url}
    )
    assert answer.exit_code == 0, answer.output
    report: dict[str, Any] = json.loads(answer.stdout)
    return report


def merge(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One thread of the first comments of all, under other names."""
    thread = next(record for record in records if record["type"] == "thread")
    comments = [record for record in records if record["type"] == "comment"][:MERGED_COMMENTS]
    return [
        {**thread, "id": MERGED, "url": "https://history.example/everything"},
        *(
            {**c, "id": f"m-{c['id']}", "thread": MERGED, "parent": c["parent"] and f"m-{c['parent']}"}
            for c in comments
        ),
    ]


def as_raw(records: Sequence[dict[str, Any]]) -> dict[str, list[Raw]]:
    """By thread, every comment with its place: its time, never before its parent's; then the order of the file."""
    threads: dict[str, list[Raw]] = {r["id"]: [] for r in records if r["type"] == "thread"}
    for number, record in enumerate(records):
        if record["type"] == "comment":
            score = record["score"]
            up, down = (record["up"], record["down"]) if "up" in record else (max(score, 0), max(-score, 0))
            place = (datetime.fromisoformat(record["created"]), number)
            threads[record["thread"]].append(
                Raw(record["id"], record["thread"], record["parent"], place, up, down)
            )
    return threads


def all_threads(tx: Tx, site: Site) -> dict[str, Thread]:
    rows = tx.all(
        Name,
        """
        SELECT s.source_id, t.id AS local_id FROM source_ids s JOIN threads t ON t.article_id = s.local_id
        WHERE s.kind = 'article'
        """,
    )
    return {row.source_id: get_thread(tx, site.id, row.local_id) for row in rows}


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called here and at its source."""

    source_id: str
    local_id: int


def all_names(tx: Tx) -> dict[int, str]:
    rows = tx.all(Name, "SELECT source_id, local_id FROM source_ids WHERE kind = 'comment'")
    return {row.local_id: row.source_id for row in rows}


def now() -> datetime:
    return datetime.now(UTC)


def test_the_report_adds_up(imported: Imported) -> None:
    report = imported.report
    expected = {
        "format": "jsonl",
        "records": 6635,
        "new": 6635,
        "updated": 0,
        "unchanged": 0,
        "articles": THREADS,
        "threads": sum(1 for name, raw in imported.raw.items() if raw and name != MERGED),
        "comments": 6635,
        "replies": 3097,
        "published": 6635,
        "pending": 0,
        "tombstones": 0,
        "pings": 0,
        "skipped": {},
    }

    assert {name: report[name] for name in expected} == expected


def test_every_counter_is_right(imported: Imported) -> None:
    assert_counted_right(imported.db)


def test_every_thread_reads_in_every_order_as_its_source_says(imported: Imported) -> None:
    """Each sort over all pages of all threads, beside the plain order of the raw records."""
    assert sum(1 for name in imported.raw if name != MERGED) == THREADS
    threads = list(imported.threads.values())
    for sort in (Sort.MOST_VOTED, Sort.BEST):
        imported.db.write_now(lambda tx, sort=sort: [make_edition(tx, thread, sort) for thread in threads])
    for sort in Sort:
        read = imported.db.read_now(read_all, imported, sort)
        for name, raw in imported.raw.items():
            shown = [(imported.names[c.id], c.up, c.down) for c in read.get(name, [])]
            assert shown == plain_order(raw, sort), (name, sort)


def plain_order(raw: list[Raw], sort: Sort) -> list[tuple[str, int, int]]:
    """The comments of a thread in reading order: branches sorted, within each one replies by time."""
    below: dict[str | None, list[Raw]] = {}
    for comment in sorted(raw, key=lambda comment: comment.place):
        below.setdefault(comment.parent, []).append(comment)
    keys = {
        Sort.OLDEST: lambda c: c.place,
        Sort.NEWEST: lambda c: c.place,
        Sort.MOST_VOTED: lambda c: (c.up - c.down, c.place),
        Sort.BEST: lambda c: (wilson(c.up + 1, c.down), c.place),
    }
    order: list[tuple[str, int, int]] = []
    for top in sorted(below.get(None, []), key=keys[sort], reverse=sort is not Sort.OLDEST):
        order += [(c.id, c.up, c.down) for c in (top, *below.get(top.id, []))]
    return order


def read_all(tx: Tx, imported: Imported, sort: Sort) -> dict[str, list[Comment]]:
    """Every comment of every thread, page by page."""
    return {
        name: [c for page in pages(tx, imported, thread, sort) for c in whole(tx, imported.site, page)]
        for name, thread in imported.threads.items()
    }


def pages(tx: Tx, imported: Imported, thread: Thread, sort: Sort) -> Iterator[Listing]:
    after: str | None = None
    while True:
        page = list_comments(tx, imported.site, thread, View(sort, after), now=now())
        yield page
        if page.next is None:
            return
        after = page.next


def whole(tx: Tx, site: Site, page: Listing) -> Iterator[Comment]:
    """The rows of a page, and behind a branch that is cut off the rest of it."""
    top: Comment | None = None
    for row in page.rows:
        top = row.comment if row.comment.parent_id is None else top
        yield row.comment
        if row.more and top:
            more: str | None = write_path(row.comment.path)
            while more:
                rows, more = more_replies(tx, site, top, more)
                yield from (row.comment for row in rows)


class Crowd(threading.Thread):
    """Readers who post to the thread that is being walked and vote in it, one after the other, until told to stop."""

    def __init__(self, imported: Imported) -> None:
        super().__init__()
        self.imported = imported
        self.thread: Thread | None = None
        self.acts = 0
        self.moved = threading.Condition()
        self.stopped = threading.Event()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            for number in count():
                if self.stopped.is_set():
                    return
                self._act(number)
                with self.moved:
                    self.acts += 1
                    self.moved.notify_all()
        except Exception as error:
            self.error = error
            with self.moved:
                self.moved.notify_all()

    def _act(self, number: int) -> None:
        thread, site = self.thread, self.imported.site
        assert thread is not None
        caller = Caller(number.to_bytes(32, "big"), number.to_bytes(16, "big"))
        if number % 2:
            draft = CommentDraft(
                thread.id,
                None,
                None,
                write_text(f"Late thought {number}.", site.rules),
                sign("Nell", "", "", site.rules),
            )
            self.imported.db.write_now(post_comment, site, draft, caller, now=now())
        else:
            voted = self.imported.db.read_now(some_comment, thread.id, number)
            self.imported.db.write_now(cast_vote, site, voted, Value.UP, caller, now=now())

    def wait_for(self, acts: int) -> None:
        """Return when so many more things were done in the thread that is walked."""
        with self.moved:
            until = self.acts + acts
            self.moved.wait_for(lambda: self.acts >= until or self.error is not None)
        assert self.error is None


def some_comment(tx: Tx, thread_id: int, number: int) -> int:
    ids = tx.all(Id, "SELECT id FROM comments WHERE thread_id = :id ORDER BY id LIMIT 40", id=thread_id)
    return ids[number % len(ids)].id


@dataclass(frozen=True, slots=True)
class Id:
    """An id."""

    id: int


@contextmanager
def crowd(imported: Imported, thread: Thread) -> Iterator[Crowd]:
    busy = Crowd(imported)
    busy.thread = thread
    busy.start()
    try:
        yield busy
    finally:
        busy.stopped.set()
        busy.join()


def test_walking_a_thread_while_others_write_keeps_its_promises(imported: Imported) -> None:
    """The biggest threads and the long one, page by page in a transaction each, with posts and votes between pages."""
    biggest = sorted(imported.raw, key=lambda name: len(imported.raw[name]), reverse=True)[:100]
    assert biggest[0] == MERGED
    with crowd(imported, imported.threads[MERGED]) as busy:
        for name in biggest:
            busy.thread = imported.threads[name]
            for sort in Sort:
                walked = walk(imported, busy, imported.threads[name], sort)
                check_walk(imported.raw[name], [imported.names.get(id_) for id_ in walked], sort)
                assert len(walked) == len(set(walked)), "a comment was shown twice"
    assert_counted_right(imported.db)


def walk(imported: Imported, busy: Crowd, thread: Thread, sort: Sort) -> list[int]:
    """The ids of the top level over all pages."""
    ids: list[int] = []
    after: str | None = None
    fresh = imported.db.read_now(get_thread, imported.site.id, thread.id)
    if sort in (Sort.MOST_VOTED, Sort.BEST):
        imported.db.write_now(make_edition, fresh, sort)
    while True:
        page = imported.db.read_now(list_comments, imported.site, thread, View(sort, after), now=now())
        ids += [row.comment.id for row in page.rows if row.comment.parent_id is None]
        if page.next is None:
            return ids
        after = page.next
        busy.wait_for(1)


def check_walk(raw: list[Raw], walked: list[str | None], sort: Sort) -> None:
    """What was there before is there once; by date also in its exact order, with later posts at the one end."""
    known = [name for name in walked if name is not None]
    order = [c.id for c in sorted((c for c in raw if c.parent is None), key=lambda c: c.place)]
    if sort is Sort.OLDEST:
        assert walked[: len(order)] == order
    elif sort is Sort.NEWEST:
        assert walked[len(walked) - len(order) :] == order[::-1]
    else:
        assert sorted(known) == sorted(order)
