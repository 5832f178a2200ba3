"""SQLite's own rules: durability settings, private files, no connection across a fork, one group-commit writer."""

import asyncio
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from faulty_disk import FaultyDisk
from notes import list_ids, write_and_fail, write_note
from other_process import python

from rejoinder.db import Database, Engine, Tx, open_database, sqlite, sqlite_path
from rejoinder.db.writer import BATCH_LIMIT, QUEUE_LIMIT
from rejoinder.errors import Unavailable

MIGRATIONS = Path(__file__).parent / "migrations"


@pytest.fixture
def engine() -> Engine:
    return "sqlite"


@pytest.fixture
def disk() -> Iterator[FaultyDisk]:
    """The disk under every database opened while the test runs."""
    disk = FaultyDisk()
    yield disk
    disk.unregister()


class Gate:
    """Holds the writer thread inside a function until opened."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def wait(self, _: Tx) -> None:
        self.reached.set()
        assert self.opened.wait(10)


def pragmas(tx: Tx) -> dict[str, object]:
    names = (
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "temp_store",
        "mmap_size",
        "trusted_schema",
        "cache_size",
    )
    return {name: tx.value(f"PRAGMA {name}") for name in names}


def test_every_connection_is_durable_and_checks_foreign_keys(notes: Database) -> None:
    common = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "mmap_size": 0,
        "trusted_schema": 0,
    }

    assert notes.write_now(pragmas) == common | {"cache_size": -4000}
    assert notes.read_now(pragmas) == common | {"cache_size": -2000}


def test_an_unsafe_library_is_refused(monkeypatch: pytest.MonkeyPatch, notes_url: str) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")

    with pytest.raises(RuntimeError, match=r"3\.51\.3 or newer"):
        open_database(notes_url, migrations=MIGRATIONS)


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "rejoinder.db"
    database = open_database(f"sqlite:///{path}", create=True, migrations=MIGRATIONS)
    database.write_now(write_note, 1)

    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in path.parent.glob("rejoinder.db*") if file.is_file()} == {
        0o600
    }
    database.close()


def _write_in_child(database: Database) -> None:
    try:
        database.write_now(write_note, 1)
    except RuntimeError as error:
        os._exit(7 if "forked" in str(error) else 8)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_may_not_use_its_parents_database(notes: Database) -> None:
    notes.write_now(list_ids)
    child = multiprocessing.get_context("fork").Process(target=_write_in_child, args=(notes,))
    child.start()
    child.join()

    assert child.exitcode == 7


async def _all_at_once(notes: Database, numbers: range) -> list[object]:
    """Ask for many writes while the writer is busy, so that they share batches."""
    gate = Gate()
    waiting = asyncio.create_task(notes.write(gate.wait))
    await asyncio.to_thread(gate.reached.wait, 10)
    writes = [asyncio.create_task(notes.write(write_note, number)) for number in numbers]
    await asyncio.sleep(0)
    gate.opened.set()
    await waiting
    return await asyncio.gather(*writes, return_exceptions=True)


def test_writes_that_wait_share_one_sync_of_the_disk(disk: FaultyDisk, notes: Database) -> None:
    notes.write_now(list_ids)
    before = disk.syncs
    asyncio.run(_all_at_once(notes, range(BATCH_LIMIT * 2)))

    assert disk.syncs - before <= 4
    assert notes.read_now(list_ids) == list(range(BATCH_LIMIT * 2))


def test_a_write_is_answered_only_after_the_disk_has_it(disk: FaultyDisk, notes: Database) -> None:
    notes.write_now(list_ids)
    disk.hold()
    writer = threading.Thread(target=notes.write_now, args=(write_note, 1))
    writer.start()
    assert disk.held.wait(10)

    assert writer.is_alive()
    assert notes.read_now(list_ids) == []
    disk.release()
    writer.join()
    assert notes.read_now(list_ids) == [1]


def test_a_failing_write_does_not_sink_its_batch(notes: Database) -> None:
    async def talk() -> list[object]:
        gate = Gate()
        held = asyncio.create_task(notes.write(gate.wait))
        await asyncio.to_thread(gate.reached.wait, 10)
        writes = [
            asyncio.create_task(notes.write(write_note, 1)),
            asyncio.create_task(notes.write(write_and_fail, 2, KeyError("mine"))),
            asyncio.create_task(notes.write(write_note, 3)),
        ]
        await asyncio.sleep(0)
        gate.opened.set()
        await held
        return await asyncio.gather(*writes, return_exceptions=True)

    answers = asyncio.run(talk())
    assert [type(answer).__name__ for answer in answers] == ["Note", "KeyError", "Note"]
    assert notes.read_now(list_ids) == [1, 3]


def test_a_disk_error_at_commit_fails_the_whole_batch_and_the_writer_goes_on(
    disk: FaultyDisk, notes: Database
) -> None:
    notes.write_now(write_note, 1000)
    disk.break_syncs()
    answers = asyncio.run(_broken(notes))

    assert len(answers) == 10
    assert all(isinstance(answer, Unavailable) and answer.code == "storage-failed" for answer in answers)
    disk.repair()
    notes.write_now(write_note, 1001)
    assert {1000, 1001} <= set(notes.read_now(list_ids))


async def _broken(notes: Database) -> list[object]:
    writes = [notes.write(write_note, number) for number in range(10)]
    return await asyncio.gather(*writes, return_exceptions=True)


def test_a_commit_that_is_refused_fails_the_batch_and_the_writer_goes_on(notes: Database) -> None:
    def dangle(tx: Tx) -> None:
        tx.run("PRAGMA defer_foreign_keys = ON")
        write_note(tx, 1, about=99)

    with pytest.raises(Unavailable):
        notes.write_now(dangle)

    notes.write_now(write_note, 2)
    assert notes.read_now(list_ids) == [2]


def test_a_function_that_ends_the_transaction_itself_fails_and_the_writer_goes_on(notes: Database) -> None:
    def meddle(tx: Tx) -> None:
        tx.run("ROLLBACK")

    with pytest.raises(Unavailable):
        notes.write_now(meddle)

    notes.write_now(write_note, 2)
    assert notes.read_now(list_ids) == [2]


def test_full_storage_is_said_and_writing_goes_on_when_there_is_room(notes: Database) -> None:
    def set_room(tx: Tx, pages: int) -> None:
        tx.value(f"PRAGMA max_page_count = {pages}")

    notes.write_now(write_note, 1)
    notes.write_now(set_room, 1)
    with pytest.raises(Unavailable) as refused:
        notes.write_now(write_note, 2, "x" * 100_000)
    assert refused.value.code == "storage-full"

    notes.write_now(set_room, 100_000)
    notes.write_now(write_note, 3, "x" * 100_000)
    assert notes.read_now(list_ids) == [1, 3]


def test_a_full_queue_refuses_and_loses_nothing_it_took(notes: Database) -> None:
    async def talk() -> list[object]:
        gate = Gate()
        held = asyncio.create_task(notes.write(gate.wait))
        await asyncio.to_thread(gate.reached.wait, 10)
        writes = [asyncio.create_task(notes.write(write_note, number)) for number in range(QUEUE_LIMIT + 10)]
        await asyncio.sleep(0)
        gate.opened.set()
        await held
        return await asyncio.gather(*writes, return_exceptions=True)

    answers = asyncio.run(talk())
    refused = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert len(refused) == 10
    assert {answer.retry_after for answer in refused} == {1}
    assert len(notes.read_now(list_ids)) == QUEUE_LIMIT


def test_a_lock_that_another_process_holds_too_long_is_unavailable(
    notes: Database, notes_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS", 100)
    other = apsw.Connection(str(sqlite_path(notes_url)))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refused:
        notes.write_now(write_note, 1)
    assert refused.value.code == "busy"
    assert notes.read_now(list_ids) == []

    other.execute("ROLLBACK")
    other.close()
    notes.write_now(write_note, 2)
    assert notes.read_now(list_ids) == [2]


def test_a_lock_that_another_process_holds_for_a_moment_is_waited_for(
    notes: Database, notes_url: str
) -> None:
    other = apsw.Connection(str(sqlite_path(notes_url)))
    other.execute("BEGIN IMMEDIATE")
    writer = threading.Thread(target=notes.write_now, args=(write_note, 1))
    writer.start()
    time.sleep(0.3)
    assert writer.is_alive()
    other.execute("ROLLBACK")
    other.close()
    writer.join()

    assert notes.read_now(list_ids) == [1]


def test_a_slow_write_is_logged_by_name(notes: Database, caplog: pytest.LogCaptureFixture) -> None:
    def dawdle(tx: Tx) -> None:
        time.sleep(0.03)

    with caplog.at_level(logging.WARNING):
        notes.write_now(dawdle)

    assert "dawdle took" in caplog.text


def test_writers_threads_and_files_are_gone_after_closing(notes: Database) -> None:
    notes.write_now(write_note, 1)
    notes.read_now(list_ids)
    # Other tests of this process may keep a database of their own open for as long as it runs.
    before = {thread for thread in threading.enumerate() if thread.name.startswith("rejoinder")}
    notes.close()

    ended = sorted(thread.name for thread in before - set(threading.enumerate()))
    assert "rejoinder-writer" in ended
    assert any(name.startswith("rejoinder-reader") for name in ended)


def test_sqlite_users_do_not_pay_for_psycopg(tmp_path: Path) -> None:
    script = (
        "import sys; from rejoinder.db import open_database;"
        f"open_database('sqlite:///{tmp_path}/x.db', create=True).close(); print('psycopg' in sys.modules)"
    )
    assert python("-c", script).communicate()[0] == "False\n"
