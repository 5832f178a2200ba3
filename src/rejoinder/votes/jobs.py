"""What follows a vote: readers see the new score within seconds, however many vote; networks are forgotten."""

from datetime import timedelta

from rejoinder.comments.visibility import move_version
from rejoinder.db import Tx
from rejoinder.jobs.models import Payload
from rejoinder.jobs.outbox import enqueue
from rejoinder.votes import queries
from rejoinder.votes.events import ScoreMoved

SHOW = "show-votes"
SHOWN_EVERY = timedelta(seconds=5)
NETWORK_KEPT = timedelta(days=30)


def show_soon(tx: Tx, event: ScoreMoved) -> None:
    """Move the thread's version once for all votes of the next seconds: a page is not drawn for each."""
    enqueue(
        tx,
        SHOW,
        {"thread": event.thread_id},
        run_at=event.at + SHOWN_EVERY,
        dedupe_key=str(event.thread_id),
    )


def show(tx: Tx, payload: Payload) -> None:
    """Let the thread's pages be drawn with the votes as they are."""
    move_version(tx, payload["thread"])


def forget_networks(tx: Tx) -> int:
    """Which network a vote came from is forgotten after thirty days."""
    return queries.forget_networks(tx, tx.now - NETWORK_KEPT)
