"""Counting again, from the rows themselves, what `counting` keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rejoinder.db import Bind, Tx


@dataclass(frozen=True, slots=True)
class ThreadCounters:
    """What a thread says it has."""

    id: int
    comment_count: int
    top_count: int


def thread_counters(tx: Tx, *, after: int, most: int) -> list[ThreadCounters]:
    """Threads in the order of their ids."""
    return tx.all(
        ThreadCounters,
        "SELECT id, comment_count, top_count FROM threads WHERE id > :after ORDER BY id LIMIT :most",
        after=after,
        most=most,
    )


@dataclass(frozen=True, slots=True)
class CommentCounters:
    """What a comment says it has, and what of it counts elsewhere; `up` and `down` with imported votes."""

    id: int
    thread_id: int
    parent_id: int | None
    root_id: int
    depth: int
    is_comment: bool
    is_published: bool
    reply_count: int
    branch_count: int
    shown_children: int
    up: int
    down: int
    score: int
    best: float


def comment_counters(tx: Tx, *, after: int, upto: int) -> list[CommentCounters]:
    """Every comment of the threads in a range of ids. No index leads there: it reads the whole table."""
    return tx.all(
        CommentCounters,
        """
        SELECT id, thread_id, parent_id, root_id, depth, CASE WHEN kind = 'comment' THEN 1 ELSE 0 END AS is_comment,
               CASE WHEN kind = 'comment' AND status = 'published' THEN 1 ELSE 0 END AS is_published,
               reply_count, branch_count, shown_children,
               up + imported_up + CASE WHEN imported_score > 0 THEN imported_score ELSE 0 END AS up,
               down + imported_down + CASE WHEN imported_score < 0 THEN -imported_score ELSE 0 END AS down,
               score, best
        FROM comments WHERE thread_id > :after AND thread_id <= :upto
        """,
        after=after,
        upto=upto,
    )


def add_to_counters(tx: Tx, corrections: Iterable[Mapping[str, Bind]]) -> None:
    """Add what is missing: a difference stays right when somebody posts at the same moment."""
    tx.run_many(
        """
        UPDATE comments SET reply_count = reply_count + :reply_count, branch_count = branch_count + :branch_count,
               shown_children = shown_children + :shown_children
        WHERE id = :id
        """,
        corrections,
    )
