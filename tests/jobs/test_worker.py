"""The outbox: nothing without its change, nothing lost, what is inside the database once, what is outside at least once."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from cast import HOUR, NOON, SECOND, all_at_once
from rejoinder.db import Database, Tx
from rejoinder.errors import Conflict
from rejoinder.jobs.models import Duties, Every, Job, Payload
from rejoinder.jobs.outbox import enqueue
from rejoinder.jobs.queries import is_due, lease_jobs
from rejoinder.jobs.worker import LEASE, LONGEST_WAIT, Worker, do_inside, wait_after

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the outbox."""

    kind: str
    attempts: int
    run_at: datetime
    leased_until: datetime
    last_error: str | None


def rows(tx: Tx) -> list[Waiting]:
    return tx.all(Waiting, "SELECT kind, attempts, run_at, leased_until, last_error FROM outbox ORDER BY id")


def put(
    db: Database, kind: str = "note", key: str = "k", *, at: datetime = LONG_AGO, **payload: object
) -> None:
    db.write_now(enqueue, kind, payload, run_at=at, dedupe_key=key)


def lease(db: Database, now: datetime, *, most: int = 20) -> list[Job]:
    return db.write_now(lease_jobs, now=now, until=now + LEASE, most=most)


def note(tx: Tx, payload: Payload) -> None:
    """Work inside the database: a row, so that doing it twice would show."""
    tx.run(
        "INSERT INTO keys (purpose, made_at, ends_at, value) VALUES ('note', :n, 1, :none)",
        n=payload["n"],
        none=b"",
    )


def notes(tx: Tx) -> int:
    count: int = tx.value("SELECT count(*) FROM keys WHERE purpose = 'note'")
    return count


def worker(db: Database, **outside: Callable[[Database, Payload], Awaitable[None]]) -> Worker:
    return Worker(db, Duties(inside={"note": note}, outside=outside, chores=()))


def test_work_comes_with_its_change_or_not_at_all(db: Database) -> None:
    def refuse(tx: Tx) -> None:
        enqueue(tx, "note", {}, run_at=LONG_AGO, dedupe_key="k")
        raise Conflict("no", "No.")

    with pytest.raises(Conflict):
        db.write_now(refuse)
    assert db.read_now(rows) == []


def test_of_several_that_wait_under_one_key_one_is_done_and_then_the_next_may_come(db: Database) -> None:
    put(db, n=1)
    put(db, n=2)
    put(db, "other", n=3)
    assert [row.kind for row in db.read_now(rows)] == ["note", "other"]

    asyncio.run(worker(db).work_off())
    put(db, n=4)
    asyncio.run(worker(db).work_off())
    assert db.read_now(notes) == 2


def test_work_is_done_when_it_is_due_and_not_before(db: Database) -> None:
    put(db, at=NOON)
    assert not db.read_now(is_due, NOON - SECOND)
    assert lease(db, NOON - SECOND) == []
    assert db.read_now(is_due, NOON)
    assert [job.attempts for job in lease(db, NOON)] == [1]


def test_what_one_worker_has_no_other_takes_until_its_lease_is_over(db: Database) -> None:
    put(db)
    assert len(lease(db, NOON)) == 1
    assert not db.read_now(is_due, NOON + LEASE - SECOND)
    assert lease(db, NOON + LEASE - SECOND) == []
    assert [job.attempts for job in lease(db, NOON + LEASE)] == [2]


def test_twenty_workers_at_once_share_the_work_and_do_nothing_twice(db: Database) -> None:
    for number in range(60):
        put(db, key=str(number), n=number)

    answers = all_at_once(20, lambda n: lease(db, NOON, most=10))

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    taken = list(itertools.chain.from_iterable(jobs for jobs in answers if isinstance(jobs, list)))
    assert len({job.id for job in taken}) == len(taken) > 0


def test_work_inside_the_database_is_done_once_however_often_it_is_tried(db: Database) -> None:
    """A lease ran out while the work was done, so twenty workers have the same job."""
    put(db, n=1)
    (job,) = lease(db, NOON)

    answers = all_at_once(20, lambda n: db.write_now(do_inside, {"note": note}, job))

    assert [answer for answer in answers if answer is not None] == []
    assert db.read_now(notes) == 1
    assert db.read_now(rows) == []


def test_work_outside_that_was_done_when_the_process_died_is_done_again(db: Database) -> None:
    put(db, "call", to="a cache")
    calls: list[object] = []

    async def call(_: Database, payload: Payload) -> None:
        calls.append(payload["to"])

    async def die_after_the_call() -> None:
        async def and_die(db: Database, payload: Payload) -> None:
            await call(db, payload)
            raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await worker(db, call=and_die).work_off()

    asyncio.run(die_after_the_call())
    assert calls == ["a cache"]
    assert not asyncio.run(worker(db, call=call).work_off())  # still leased to the dead
    db.write_now(lambda tx: tx.run("UPDATE outbox SET leased_until = 1"))
    assert asyncio.run(worker(db, call=call).work_off())
    assert calls == ["a cache"] * 2
    assert db.read_now(rows) == []


def test_work_that_fails_is_kept_with_its_error_and_tried_again_later(db: Database) -> None:
    put(db, "call")

    async def fail(_: Database, payload: Payload) -> None:
        raise OSError("a secret address")

    before = datetime.now(UTC)
    assert asyncio.run(worker(db, call=fail).work_off())
    (row,) = db.read_now(rows)
    assert (row.attempts, row.last_error) == (1, "OSError")
    assert row.leased_until < before
    assert row.run_at >= before + SECOND
    assert not asyncio.run(worker(db, call=fail).work_off())


def test_work_inside_that_fails_leaves_nothing_of_itself(db: Database) -> None:
    def half(tx: Tx, payload: Payload) -> None:
        note(tx, payload)
        raise RuntimeError

    put(db, n=1)
    asyncio.run(Worker(db, Duties(inside={"note": half}, outside={}, chores=())).work_off())
    assert (db.read_now(notes), len(db.read_now(rows))) == (0, 1)


@pytest.mark.parametrize("attempts", [0, 1, 5, 14, 15, 16, 46, 47, 48, 1000, 2**31])
def test_the_rest_after_a_failure_doubles_up_to_six_hours_and_no_further(attempts: int) -> None:
    assert wait_after(attempts) == (timedelta(seconds=2**attempts) if attempts <= 14 else LONGEST_WAIT)


def test_work_that_failed_for_weeks_holds_up_nobody_else(db: Database) -> None:
    put(db, "call")
    db.write_now(lambda tx: tx.run("UPDATE outbox SET attempts = 4711"))
    put(db, n=1)

    async def fail(_: Database, payload: Payload) -> None:
        raise OSError

    asyncio.run(worker(db, call=fail).work_off())
    assert db.read_now(notes) == 1
    assert db.read_now(rows)[0].run_at > datetime.now(UTC) + 5 * HOUR


def test_work_of_an_unknown_kind_is_kept_for_a_version_that_knows_it(db: Database) -> None:
    put(db, "from the future")
    put(db, n=1)
    asyncio.run(worker(db).work_off())
    assert [row.last_error for row in db.read_now(rows)] == ["KeyError"]
    assert db.read_now(notes) == 1


def test_a_change_that_is_not_committed_yet_is_not_overlooked(db: Database) -> None:
    """A job under the key waits already; who does it waits for a change that counts on it, and so sees that change."""
    put(db, n=1)
    (job,) = lease(db, NOON)
    seen: list[int] = []

    def look(tx: Tx, payload: Payload) -> None:
        seen.append(notes(tx))

    async def cross() -> None:
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def change(tx: Tx) -> None:
            enqueue(tx, "note", {"n": 2}, run_at=LONG_AGO, dedupe_key="k")
            loop.call_soon_threadsafe(begun.set)
            tx.value("SELECT 1" if tx.engine == "sqlite" else "SELECT 1 FROM pg_sleep(0.3)")
            note(tx, {"n": 2})

        changing = asyncio.create_task(db.write(change))
        await begun.wait()
        await db.write(do_inside, {"note": look}, job)
        await changing

    asyncio.run(cross())
    assert seen == [1]


def test_a_worker_goes_on_whatever_fails(db: Database) -> None:
    done: list[str] = []

    def fail(tx: Tx) -> None:
        done.append("failed")
        raise RuntimeError

    async def run() -> None:
        chores = (Every(timedelta(seconds=0.01), fail), Every(timedelta(seconds=0.01), notes))
        task = asyncio.create_task(Worker(db, Duties({"note": note}, {}, chores)).run())
        while not await db.read(notes) or len(done) < 3:
            assert not task.done()
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    put(db, n=1)
    asyncio.run(run())


def test_a_slow_call_outside_holds_up_no_other(db: Database) -> None:
    """Each waits for the other one to have begun: one after the other they would wait for ever."""
    begun = [asyncio.Event(), asyncio.Event()]

    async def call(_: Database, payload: Payload) -> None:
        begun[payload["n"]].set()
        await begun[1 - payload["n"]].wait()

    async def work() -> None:
        await asyncio.wait_for(worker(db, call=call).work_off(), 10)

    for n in range(2):
        put(db, "call", str(n), n=n)
    asyncio.run(work())
    assert db.read_now(rows) == []
