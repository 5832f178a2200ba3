"""The worker: does what the outbox holds when it is due, and the chores at their pace."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from rejoinder.db import Database, Tx
from rejoinder.errors import NotNow
from rejoinder.jobs import queries
from rejoinder.jobs.models import Do, Duties, Every, Job

LOOKS_EVERY = 0.5  # seconds
LEASE = timedelta(minutes=2)
MOST_AT_ONCE = 20
LONGEST_WAIT = timedelta(hours=6)

log = logging.getLogger(__name__)


class Worker:
    """Runs beside the server, in the same process or one of its own."""

    def __init__(self, db: Database, duties: Duties) -> None:
        self._db = db
        self._duties = duties

    async def run(self) -> None:
        """Work until cancelled; what fails is tried again later, and nothing that fails stops the others."""
        chores = [asyncio.create_task(self._keep_doing(chore)) for chore in self._duties.chores]
        try:
            while True:
                try:
                    busy = await self.work_off()
                except Exception:
                    log.exception("the outbox could not be read; it is tried again")
                    busy = False
                await asyncio.sleep(0 if busy else LOOKS_EVERY)
        finally:
            for chore in chores:
                chore.cancel()

    async def work_off(self) -> bool:
        """Do what is due now; whether there was anything. Of what is outside, a slow one holds up no other."""
        now = datetime.now(UTC)
        if not await self._db.read(queries.is_due, now):
            return False
        jobs = await self._db.write(queries.lease_jobs, now=now, until=now + LEASE, most=MOST_AT_ONCE)
        outside = [job for job in jobs if job.kind not in self._duties.inside]
        for job in jobs:
            if job not in outside:
                await self._do(job)
        await asyncio.gather(*map(self._do, outside))
        return bool(jobs)

    async def _do(self, job: Job) -> None:
        try:
            if job.kind in self._duties.inside:
                await self._db.write(do_inside, self._duties.inside, job)
            else:
                await self._duties.outside[job.kind](self._db, job.payload)
                await self._db.write(queries.delete_job, job.id)
        except Exception as error:
            log.warning(
                "a job failed and is tried again", exc_info=error, extra={"kind": job.kind, "job": job.id}
            )
            again = datetime.now(UTC) + wait_after(job.attempts)
            await self._db.write(queries.put_back, job.id, run_at=again, error=type(error).__name__)

    async def _keep_doing(self, chore: Every) -> None:
        while True:
            try:
                await self._db.write(chore.do)
            except NotNow:
                log.warning("a chore has to wait", extra={"chore": chore.do.__name__})
            except Exception:
                log.exception("a chore failed", extra={"chore": chore.do.__name__})
            await asyncio.sleep(chore.pace.total_seconds())


def wait_after(attempts: int) -> timedelta:
    """How long a job rests that has failed so often: 2 s, 4 s, 8 s … six hours."""
    return min(timedelta(seconds=2 ** min(attempts, 20)), LONGEST_WAIT)


def do_inside(tx: Tx, ways: Mapping[str, Do], job: Job) -> None:
    """Do a job in the transaction that strikes it off; nothing, when another worker did it meanwhile."""
    if queries.delete_job(tx, job.id):
        ways[job.kind](tx, job.payload)
