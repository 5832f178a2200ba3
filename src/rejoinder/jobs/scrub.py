"""When something was erased: nothing of it stays in the database's log, nor among the drawn pieces that processes keep."""

import asyncio
from datetime import timedelta

from rejoinder.db import Database, Tx
from rejoinder.jobs.models import Payload
from rejoinder.jobs.outbox import enqueue

SCRUB = "scrub"
ERASED = "erased"
"""The tag by which every process hears of it."""

SOON = timedelta(seconds=5)
"""Of many erasures within this time one comes last, and is enough for all."""


def scrub_soon(tx: Tx) -> None:
    """Have it done when this change, and others that come at the same time, are on the disk."""
    enqueue(tx, SCRUB, {}, run_at=tx.now + SOON, dedupe_key="all")


async def scrub(db: Database, _payload: Payload) -> None:
    """Do it; where others are in the way it raises, and is tried again."""
    await db.write(_tell)
    await asyncio.to_thread(db.scrub)


def _tell(tx: Tx) -> None:
    tx.touch(ERASED)
