"""Counting votes again: the figures of every comment, from the votes themselves."""

from rejoinder.comments.queries.writing import lock_thread
from rejoinder.comments.recount import Batch, Drift
from rejoinder.comments.score import count_votes
from rejoinder.comments.visibility import move_version
from rejoinder.db import Tx
from rejoinder.votes import queries

MOST_COMMENTS = 1000


def find_drift(tx: Tx, after: int) -> Batch:
    """Count the votes of a batch of comments again, beginning behind a comment's id."""
    stored = queries.stored_sums(tx, after=after, most=MOST_COMMENTS)
    if not stored:
        return Batch((), None)
    tallies = {tally.comment_id: tally for tally in queries.tallies(tx, [sums.id for sums in stored])}
    drift = []
    for sums in stored:
        actual = tallies.get(sums.id, queries.Tally(sums.id, up=0, down=0))
        if sums.up != actual.up:
            drift.append(Drift(sums.thread_id, sums.id, "up", sums.up, actual.up))
        if sums.down != actual.down:
            drift.append(Drift(sums.thread_id, sums.id, "down", sums.down, actual.down))
    return Batch(tuple(drift), stored[-1].id)


def repair_drift(tx: Tx, after: int) -> Batch:
    """The same, and set right what differs, scores included."""
    batch = find_drift(tx, after)
    suspects = sorted({drift.comment_id for drift in batch.drift if drift.comment_id})
    if not suspects:
        return batch
    for thread_id in sorted({drift.thread_id for drift in batch.drift}):
        lock_thread(tx, thread_id)
    for comment_id in suspects:
        count_votes(tx, comment_id, up=0, down=0)  # none more, none less: but others wait now
    # Looked at again, now that nobody votes there: on PostgreSQL two statements may see two moments.
    found = [drift for drift in find_drift(tx, after).drift if drift.comment_id in suspects]
    for drift in found:
        assert drift.comment_id is not None
        count_votes(tx, drift.comment_id, **{"up": 0, "down": 0, drift.counter: drift.missing})
    for thread_id in sorted({drift.thread_id for drift in found}):
        move_version(tx, thread_id)
    return Batch(tuple(found), batch.end)
