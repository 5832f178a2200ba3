"""Emptying the waiting room."""

from rejoinder.db import Database
from rejoinder.transfer.queries import staging
from rejoinder.transfer.run import AT_ONCE, patiently


def clear(db: Database, run_id: int) -> None:
    """Forget the records of a run that wait."""
    after = ""
    while (last := db.read_now(staging.last_of_next, run_id, after, AT_ONCE)) is not None:
        patiently(db, staging.clear_arrivals, run_id, after, last)
        after = last


def discard(db: Database, run_id: int) -> None:
    """Forget a run that stored nothing."""
    clear(db, run_id)
    patiently(db, staging.delete_run, run_id)
