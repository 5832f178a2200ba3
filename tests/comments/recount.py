"""Counting a thread again from its rows alone: what every counter must say."""

from collections import defaultdict
from dataclasses import dataclass

from rejoinder.comments.models import Status
from rejoinder.comments.ranking import best_score, net_score
from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Row:
    """A comment with its counters."""

    id: int
    parent_id: int | None
    root_id: int
    status: Status
    shown: bool
    reply_count: int
    branch_count: int
    shown_children: int
    up: int
    down: int
    score: int
    best: float


@dataclass(frozen=True, slots=True)
class Counts:
    """The two numbers of a thread."""

    comment_count: int
    top_count: int


def assert_counters_are_right(tx: Tx, thread_id: int) -> None:
    """Every counter of a thread and its comments equals a recount."""
    rows = tx.all(
        Row,
        """
        SELECT id, parent_id, root_id, status, shown, reply_count, branch_count, shown_children, up, down, score, best
        FROM comments WHERE thread_id = :thread_id ORDER BY depth DESC, id
        """,
        thread_id=thread_id,
    )
    counted = tx.one(
        Counts, "SELECT comment_count, top_count FROM threads WHERE id = :thread_id", thread_id=thread_id
    )
    expected = [(row.id, *_expected(row)) for row in _recounted(rows, _votes(tx, thread_id))]
    assert [(row.id, *_expected(row)) for row in rows] == expected
    assert counted == Counts(
        comment_count=sum(row.status is Status.PUBLISHED for row in rows),
        top_count=sum(row.shown for row in rows if row.parent_id is None),
    )


def _expected(row: Row) -> tuple[object, ...]:
    branch = row.branch_count if row.parent_id is None else None
    return (
        row.shown,
        row.reply_count,
        branch,
        row.shown_children,
        row.up,
        row.down,
        row.score,
        round(row.best, 12),
    )


@dataclass(frozen=True, slots=True)
class _Vote:
    comment_id: int
    value: int


def _votes(tx: Tx, thread_id: int) -> dict[int, tuple[int, int]]:
    """Counted votes for and against, by comment."""
    votes: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    counted = "SELECT comment_id, value FROM votes WHERE thread_id = :thread_id AND counts_from IS NOT NULL"
    for vote in tx.all(_Vote, counted, thread_id=thread_id):
        up, down = votes[vote.comment_id]
        votes[vote.comment_id] = (up + (vote.value == 1), down + (vote.value == -1))
    return votes


def _recounted(rows: list[Row], votes: dict[int, tuple[int, int]]) -> list[Row]:
    """The same rows with every counter made anew; the deepest come first, so children are done before parents."""
    replies: dict[int | None, int] = defaultdict(int)
    branches: dict[int, int] = defaultdict(int)
    children: dict[int | None, int] = defaultdict(int)
    recounted = []
    for row in rows:
        shown = row.status is Status.PUBLISHED or children[row.id] > 0
        children[row.parent_id] += shown
        if row.status is Status.PUBLISHED:
            replies[row.parent_id] += 1
            branches[row.root_id] += row.parent_id is not None
        up, down = votes[row.id]
        recounted.append(
            Row(
                row.id,
                row.parent_id,
                row.root_id,
                row.status,
                shown,
                replies[row.id],
                branches[row.id],
                children[row.id],
                up,
                down,
                net_score(up, down),
                best_score(up, down),
            )
        )
    return recounted
