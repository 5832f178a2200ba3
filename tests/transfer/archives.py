"""Small archives for tests, and what a database holds of them."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rejoinder.comments import recount as comments
from rejoinder.db import Database, Tx
from rejoinder.votes import recount as votes

Record = dict[str, Any]
Load = Callable[..., dict[str, Any]]
"""Imports records, or a file, and gives the report; options by name."""

HEADER: Record = {"format": "rejoinder", "version": 1, "origin": "https://old.example"}


def article(id_: str = "a", **fields: Any) -> Record:
    return {
        "type": "article",
        "id": id_,
        "url": f"https://old.example/{id_}",
        "title": f"Article {id_}",
        **fields,
    }


def comment(id_: str, parent: str | None = None, **fields: Any) -> Record:
    minute = sum(map(ord, id_)) % 60
    return {
        "type": "comment",
        "id": id_,
        "article": "a",
        "parent": parent,
        "author": {"name": "Nell"},
        "posted": f"2020-05-01T10:{minute:02}:00Z",
        "text": f"Comment {id_}.",
        **fields,
    }


def vote(comment_id: str, voter: str, value: int = 1, **fields: Any) -> Record:
    return {
        "type": "vote",
        "comment": comment_id,
        "voter": voter,
        "value": value,
        "at": "2020-06-01T00:00:00Z",
        **fields,
    }


def write(path: Path, records: Iterable[Record | str], header: Record | str | None = HEADER) -> Path:
    """Write an archive; a record given as a text is written as it stands."""
    lines = [*([] if header is None else [header]), *records]
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    data = text.encode("utf-8", "surrogateescape")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@dataclass(frozen=True, slots=True)
class Row:
    """A comment's row, as far as counters go."""

    id: int
    thread_id: int
    parent_id: int | None
    root_id: int
    depth: int
    path: bytes
    placed_at: int
    kind: str
    status: str
    shown: int
    reply_count: int
    branch_count: int
    shown_children: int
    up: int
    down: int
    imported_up: int
    imported_down: int
    imported_score: int | None
    score: int
    best: float


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread's counters."""

    id: int
    comment_count: int
    top_count: int


@dataclass(frozen=True, slots=True)
class VoteRow:
    """A counted vote."""

    comment_id: int
    value: int


def rows_of(db: Database) -> list[Row]:
    def read(tx: Tx) -> list[Row]:
        return tx.all(
            Row,
            """
            SELECT id, thread_id, parent_id, root_id, depth, path, placed_at, kind, status, shown, reply_count,
                   branch_count, shown_children, up, down, imported_up, imported_down, imported_score, score, best
            FROM comments ORDER BY id
            """,
        )

    return db.read_now(read)


def assert_counted_right(db: Database) -> None:
    """Every counter is what counting the rows anew gives."""
    rows = rows_of(db)
    by_id = {row.id: row for row in rows}
    replies: Counter[int] = Counter()
    branches: Counter[int] = Counter()
    children: Counter[int] = Counter()
    for row in sorted(rows, key=lambda row: -row.depth):
        if row.kind != "comment":
            continue
        is_published = row.status == "published"
        assert row.shown == (is_published or children[row.id] > 0), row
        if row.parent_id is not None:
            assert by_id[row.parent_id].thread_id == row.thread_id
            assert (row.depth, row.root_id) == (by_id[row.parent_id].depth + 1, by_id[row.parent_id].root_id)
            assert row.placed_at > by_id[row.parent_id].placed_at
            replies[row.parent_id] += is_published
            branches[row.root_id] += is_published
            children[row.parent_id] += row.shown
    for row in rows:
        assert (row.reply_count, row.shown_children) == (replies[row.id], children[row.id]), row
        assert row.branch_count == (branches[row.id] if row.parent_id is None else 0), row
    _assert_threads(db, rows)
    _assert_votes(db, rows)
    assert db.read_now(comments.find_drift, 0).drift == ()
    assert db.read_now(votes.find_drift, 0).drift == ()


def _assert_threads(db: Database, rows: list[Row]) -> None:
    published = Counter(r.thread_id for r in rows if r.kind == "comment" and r.status == "published")
    tops = Counter(r.thread_id for r in rows if r.parent_id is None and r.shown)
    threads = db.read_now(lambda tx: tx.all(ThreadRow, "SELECT id, comment_count, top_count FROM threads"))
    for thread in threads:
        assert (thread.comment_count, thread.top_count) == (published[thread.id], tops[thread.id])


def _assert_votes(db: Database, rows: list[Row]) -> None:
    cast = db.read_now(
        lambda tx: tx.all(VoteRow, "SELECT comment_id, value FROM votes WHERE counts_from IS NOT NULL")
    )
    counted = Counter((vote.comment_id, vote.value) for vote in cast)
    for row in rows:
        assert (row.up, row.down) == (counted[row.id, 1], counted[row.id, -1]), row
        net = row.imported_score or 0
        up = row.up + row.imported_up + max(net, 0)
        down = row.down + row.imported_down + max(-net, 0)
        assert row.score == up - down
        assert abs(row.best - wilson(up + 1, down)) < 1e-12


def wilson(up: int, down: int, z: float = 1.2816) -> float:
    """Wilson's lower bound, written as in the book: (p + z²/2n − z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)."""
    n = up + down
    p = up / n
    return float((p + z**2 / (2 * n) - z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5) / (1 + z**2 / n))


def shapes(db: Database) -> Iterator[tuple[str, str | None, str]]:
    """Every comment of the old site by its name there: itself, its parent, its status."""

    @dataclass(frozen=True, slots=True)
    class Shape:
        source_id: str
        parent: str | None
        status: str

    found = db.read_now(
        lambda tx: tx.all(
            Shape,
            """
            SELECT s.source_id, p.source_id AS parent, c.status FROM comments c
            JOIN source_ids s ON s.local_id = c.id AND s.kind = 'comment'
            LEFT JOIN source_ids p ON p.local_id = c.parent_id AND p.kind = 'comment'
            ORDER BY s.source_id
            """,
        )
    )
    return ((shape.source_id, shape.parent, shape.status) for shape in found)
