"""Counting again: every counter that pages read can be made from the rows, and is compared with them here.

`rejoinder doctor` reports a drift, `--repair` sets it right. Votes are counted again by their own feature.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isclose

from rejoinder.comments.queries import recounting
from rejoinder.comments.queries.recounting import CommentCounters, ThreadCounters
from rejoinder.comments.queries.writing import lock_thread
from rejoinder.comments.ranking import best_score, net_score
from rejoinder.comments.score import count_votes
from rejoinder.comments.visibility import move_version
from rejoinder.db import Tx

MOST_THREADS = 1000
ENOUGH_COMMENTS = 20_000
"""The thread that reaches this ends a batch: a large site takes a few passes, and none takes much memory."""

SCORES = ("score", "best")


@dataclass(frozen=True, slots=True)
class Drift:
    """A counter of a thread, or of one of its comments, that differs from the rows it counts."""

    thread_id: int
    comment_id: int | None
    counter: str
    stored: float
    actual: float

    @property
    def missing(self) -> int:
        """What has to be added, where it counts rows."""
        return round(self.actual - self.stored)


@dataclass(frozen=True, slots=True)
class Batch:
    """The drift in one stretch of the site; the next stretch begins after `end`, which is None behind the last."""

    drift: tuple[Drift, ...]
    end: int | None


def find_drift(tx: Tx, after: int) -> Batch:
    """Count a batch of threads again, beginning behind a thread's id."""
    threads = _enough(recounting.thread_counters(tx, after=after, most=MOST_THREADS))
    if not threads:
        return Batch((), None)
    comments = recounting.comment_counters(tx, after=after, upto=threads[-1].id)
    return Batch(tuple(_differences(threads, comments)), threads[-1].id)


def repair_drift(tx: Tx, after: int) -> Batch:
    """The same, and set right what differs; readers see it as they see any change."""
    batch = find_drift(tx, after)
    suspects = sorted({drift.thread_id for drift in batch.drift})
    if not suspects:
        return batch
    for thread_id in suspects:
        lock_thread(tx, thread_id)
    # Looked at again, now that nobody posts there: on PostgreSQL two statements may see two moments.
    found = [drift for drift in find_drift(tx, after).drift if drift.thread_id in suspects]
    by_thread: defaultdict[int, list[Drift]] = defaultdict(list)
    for drift in found:
        by_thread[drift.thread_id].append(drift)
    for thread_id, drifts in by_thread.items():
        _repair_comments(tx, drifts)
        own = {drift.counter: drift.missing for drift in drifts if drift.comment_id is None}
        move_version(tx, thread_id, comments=own.get("comment_count", 0), tops=own.get("top_count", 0))
    return Batch(tuple(found), batch.end)


def _enough(threads: Sequence[ThreadCounters]) -> Sequence[ThreadCounters]:
    total = 0
    for number, thread in enumerate(threads, start=1):
        total += thread.comment_count
        if total >= ENOUGH_COMMENTS:
            return threads[:number]
    return threads


@dataclass(slots=True)
class _Count:
    """What was counted for one comment, or for one thread."""

    reply_count: int = 0
    branch_count: int = 0
    shown_children: int = 0
    comment_count: int = 0
    top_count: int = 0


def _differences(threads: Sequence[ThreadCounters], comments: Sequence[CommentCounters]) -> Iterator[Drift]:
    counted = _count(comments)
    for row in comments:
        actual = {
            name: getattr(counted[row.id], name) for name in ("reply_count", "branch_count", "shown_children")
        }
        actual |= {"score": net_score(row.up, row.down), "best": best_score(row.up, row.down)}
        yield from _drift(row.thread_id, row.id, row, actual)
    for thread in threads:
        actual = {name: getattr(counted[thread.id], name) for name in ("comment_count", "top_count")}
        yield from _drift(thread.id, None, thread, actual)


def _count(comments: Sequence[CommentCounters]) -> defaultdict[int, _Count]:
    """Count replies before what they answer, so that a parent knows whether anything below it is shown."""
    counted: defaultdict[int, _Count] = defaultdict(_Count)
    for row in sorted(comments, key=lambda row: row.depth, reverse=True):
        is_shown = row.is_comment and (row.is_published or counted[row.id].shown_children > 0)
        counted[row.thread_id].comment_count += row.is_published
        if row.parent_id is None:
            counted[row.thread_id].top_count += is_shown
        else:
            counted[row.parent_id].reply_count += row.is_published
            counted[row.parent_id].shown_children += is_shown
            counted[row.root_id].branch_count += row.is_published
    return counted


def _drift(thread_id: int, comment_id: int | None, row: object, actual: dict[str, float]) -> Iterator[Drift]:
    for counter, value in actual.items():
        stored = getattr(row, counter)
        if not isclose(stored, value, abs_tol=1e-9):
            yield Drift(thread_id, comment_id, counter, stored, value)


def _repair_comments(tx: Tx, drifts: Sequence[Drift]) -> None:
    missing: defaultdict[int, dict[str, int]] = defaultdict(
        lambda: {"reply_count": 0, "branch_count": 0, "shown_children": 0}
    )
    for drift in drifts:
        if drift.comment_id is not None and drift.counter not in SCORES:
            missing[drift.comment_id][drift.counter] = drift.missing
    recounting.add_to_counters(tx, [{"id": id_, **by} for id_, by in sorted(missing.items())])
    for comment_id in sorted({d.comment_id for d in drifts if d.comment_id and d.counter in SCORES}):
        count_votes(tx, comment_id, up=0, down=0)  # none more, none less: the scores are made from the sums
