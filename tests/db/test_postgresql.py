"""PostgreSQL's own rules: lost deadlocks and connections are tried again, but never after COMMIT was sent."""

import asyncio
import threading
from collections.abc import Iterator

import psycopg
import pytest
from notes import list_ids, write_note
from other_process import MIGRATIONS

from databases import Databases
from postgresql_server import Server
from rejoinder.db import Database, Engine, Tx, open_database
from rejoinder.errors import Unavailable


@pytest.fixture
def engine() -> Engine:
    return "postgresql"


@pytest.fixture
def admin(notes_url: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(notes_url, autocommit=True) as connection:
        yield connection


def backend(tx: Tx) -> int:
    number: int = tx.value("SELECT pg_backend_pid()")
    return number


def test_a_deadlock_is_tried_again_until_both_are_done(notes: Database) -> None:
    both_hold_one = threading.Barrier(2)
    tries: list[int] = []

    def change(tx: Tx, first: int, second: int) -> None:
        tries.append(first)
        tx.run("UPDATE notes SET text = text || 'x' WHERE id = :id", id=first)
        if len(tries) <= 2:
            both_hold_one.wait(10)
        tx.run("UPDATE notes SET text = text || 'x' WHERE id = :id", id=second)

    async def talk() -> None:
        await asyncio.gather(notes.write(change, 1, 2), notes.write(change, 2, 1))

    notes.write_now(write_note, 1)
    notes.write_now(write_note, 2)
    asyncio.run(talk())

    assert len(tries) == 3
    assert notes.read_now(lambda tx: tx.value("SELECT string_agg(text, '|') FROM notes")) == "xx|xx"


def test_a_serialization_failure_is_tried_again_with_fresh_events(notes: Database) -> None:
    told: list[list[object]] = []
    notes.on_signal.append(told.append)
    tries: list[int] = []

    def change(tx: Tx) -> None:
        tries.append(1)
        write_note(tx, 1)
        if len(tries) < 3:
            tx.run("DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40001'; END $$")

    notes.write_now(change)
    assert len(tries) == 3
    assert [len(events) for events in told] == [1]


def test_one_that_never_succeeds_is_unavailable(notes: Database) -> None:
    def fail(tx: Tx) -> None:
        tx.run("DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40P01'; END $$")

    with pytest.raises(Unavailable) as refused:
        notes.write_now(fail)
    assert refused.value.code == "busy"


def test_a_connection_lost_between_two_transactions_is_not_noticed(
    notes: Database, admin: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    for _ in range(10):
        admin.execute("SELECT pg_terminate_backend(%s)", [notes.read_now(backend)])

    notes.write_now(write_note, 1)
    assert notes.read_now(list_ids) == [1]


def test_a_connection_lost_within_a_transaction_is_tried_again(
    notes: Database, admin: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    tries: list[int] = []

    def lose_one(tx: Tx) -> None:
        tries.append(backend(tx))
        write_note(tx, 1)
        if len(tries) == 1:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [tries[0]])
        write_note(tx, 2)

    notes.write_now(lose_one)
    assert len(tries) == 2
    assert notes.read_now(list_ids) == [1, 2]


def test_a_connection_lost_at_commit_is_an_unknown_outcome_and_not_tried_again(databases: Databases) -> None:
    tries: list[int] = []

    def write(tx: Tx) -> None:
        tries.append(1)
        write_note(tx, 1)

    with databases.empty("postgresql") as url:
        notes = open_database(url, create=True, migrations=MIGRATIONS)
        notes.write_now(die_at_commit)
        with pytest.raises(Unavailable) as refused:
            notes.write_now(write)

        assert refused.value.code == "outcome-unknown"
        assert tries == [1]
        assert notes.read_now(list_ids) == []
        notes.close()


def die_at_commit(tx: Tx) -> None:
    """Let the server end every later connection that stores a note, while it commits."""
    tx.run(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
    )
    tx.run(
        "CREATE CONSTRAINT TRIGGER trap AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION die()"
    )


def test_a_function_that_hides_a_failed_statement_does_not_count_as_done(notes: Database) -> None:
    def hide(tx: Tx) -> None:
        write_note(tx, 1)
        try:
            write_note(tx, 1)
        except psycopg.Error:
            return

    with pytest.raises(RuntimeError, match="went on after a statement failed"):
        notes.write_now(hide)


def test_a_server_that_is_away_is_unavailable_and_found_again(notes: Database, server: Server) -> None:
    notes.write_now(write_note, 1)
    server.restart(while_down=lambda: _refused(notes))

    notes.write_now(write_note, 2)
    assert notes.read_now(list_ids) == [1, 2]


def _refused(notes: Database) -> None:
    with pytest.raises(Unavailable):
        notes.write_now(write_note, 99)
    with pytest.raises(Unavailable):
        notes.read_now(list_ids)


def test_many_writes_at_once_all_arrive(notes: Database) -> None:
    async def talk() -> None:
        await asyncio.gather(*(notes.write(write_note, number) for number in range(300)))

    asyncio.run(talk())
    assert notes.read_now(list_ids) == list(range(300))


def test_commits_are_durable_whatever_the_server_says(notes: Database) -> None:
    assert notes.write_now(lambda tx: tx.value("SHOW synchronous_commit")) == "on"
