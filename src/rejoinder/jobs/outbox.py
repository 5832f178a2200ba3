"""Putting work into the outbox: in the transaction of the change it follows, so that neither comes without the other."""

from datetime import datetime

from rejoinder.db import Tx, new_id
from rejoinder.jobs import queries
from rejoinder.jobs.models import Payload


def enqueue(tx: Tx, kind: str, payload: Payload, *, run_at: datetime, dedupe_key: str) -> None:
    """Have something done at that time; of several with the same key that wait, one is done.

    Others with the same key, and the worker that does it, wait for the end of this transaction.
    """
    queries.insert_job(tx, new_id(), kind, payload, run_at=run_at, dedupe_key=f"{kind}:{dedupe_key}")
