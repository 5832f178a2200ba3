"""On PostgreSQL two changes of one thread wait for each other in one order: never in a ring, which costs a second.

A third transaction holds the thread's row; a removal queues behind it, then another change; then the row is let go.
A change that had locked a comment before it queued would now hold what the removal wants: a deadlock, and a second run.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cast import NELL, NOON, Stage, draft_of, post, stranger
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.draft import write_text
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.models import Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.queries.writing import get_stored, lock_thread
from rejoinder.db import Engine, Tx
from rejoinder.errors import Conflict
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value

STAFF = Actor(None, "a test")


def reply(tx: Tx, stage: Stage, comment: int) -> None:
    post(tx, stage.site, draft_of(stage.site, "But why?", thread=stage.thread_id, reply_to=comment))


def edit(tx: Tx, stage: Stage, comment: int) -> None:
    edit_comment(tx, stage.site, comment, write_text("Better.", stage.site.rules), NELL, revision=1, now=NOON)


def pin(tx: Tx, stage: Stage, comment: int) -> None:
    act(tx, stage.site, comment, "pin", STAFF, now=NOON)


def close(tx: Tx, stage: Stage, comment: int) -> None:
    act(tx, stage.site, comment, "close", STAFF, now=NOON)


def delete(tx: Tx, stage: Stage, comment: int) -> None:
    delete_comment(tx, stage.site, comment, NELL, now=NOON)


def vote(tx: Tx, stage: Stage, comment: int) -> None:
    cast_vote(tx, stage.site, comment, Value.UP, stranger(), now=NOON)


@pytest.mark.parametrize("engine", ["postgresql"])
@pytest.mark.parametrize("change", [reply, edit, pin, close, delete, vote])
def test_a_removal_and_another_change_never_wait_in_a_ring(
    stage: Stage, engine: Engine, change: Callable[[Tx, Stage, int], None]
) -> None:
    comment = stage.post(by=NELL).comment_id
    runs: list[str] = []
    has_it, let_go = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        lock_thread(tx, stage.thread_id)
        has_it.set()
        let_go.wait()

    def remove(tx: Tx) -> None:
        runs.append("remove")
        act(tx, stage.site, comment, "remove", STAFF, now=NOON)

    def change_it(tx: Tx) -> None:
        runs.append("change")
        change(tx, stage, comment)

    with ThreadPoolExecutor(3) as threads:
        held = threads.submit(stage.write, hold)
        has_it.wait()
        removed = threads.submit(stage.write, remove)
        wait_until(lambda: stage.read(queued) == 1, removed)
        changed = threads.submit(stage.write, change_it)
        wait_until(lambda: stage.read(queued) == 2, changed)
        let_go.set()
        held.result()
        errors = [removed.exception(), changed.exception()]

    # PostgreSQL may let either of them go first; the other then finds the comment changed, and is told.
    assert all(error is None or isinstance(error, Conflict) for error in errors)
    assert None in errors
    assert sorted(runs) == ["change", "remove"]
    status = stage.read(get_stored, stage.site.id, comment).status
    assert (status is Status.REMOVED) == (errors[0] is None)


def queued(tx: Tx) -> int:
    """How many transactions wait for a lock in this database."""
    count: int = tx.value(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return count


def wait_until(happened: Callable[[], bool], work: Any) -> None:
    """Wait for it, or until the work is done without waiting."""
    deadline = time.monotonic() + 20
    while not happened() and not work.done():
        assert time.monotonic() < deadline
        time.sleep(0.01)
