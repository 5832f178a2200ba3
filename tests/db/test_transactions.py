"""Reading and writing through transactions, on both engines."""

import asyncio
import threading

import pytest
from notes import Note, get_note, list_ids, write_and_fail, write_note

from rejoinder.db import Database, Tx
from rejoinder.errors import Conflict, Invalid, NotFound


def test_what_was_written_is_read(notes: Database) -> None:
    notes.write_now(write_note, 1, "Hello")

    assert notes.read_now(get_note, 1) == Note(1, "Hello")


def test_what_was_awaited_is_read(notes: Database) -> None:
    async def talk() -> Note:
        await notes.write(write_note, 1, "Hello")
        return await notes.read(get_note, 1)

    assert asyncio.run(talk()) == Note(1, "Hello")


def test_one_row_that_is_not_there_is_not_found(notes: Database) -> None:
    with pytest.raises(NotFound):
        notes.read_now(get_note, 1)


def test_maybe_one_row_that_is_not_there_is_none(notes: Database) -> None:
    assert notes.read_now(lambda tx: tx.maybe(Note, "SELECT id, text FROM notes")) is None


def test_two_rows_where_one_was_asked_for_are_a_mistake(notes: Database) -> None:
    notes.write_now(write_note, 1)
    notes.write_now(write_note, 2)

    with pytest.raises(AssertionError, match="2 rows"):
        notes.read_now(lambda tx: tx.one(Note, "SELECT id, text FROM notes"))


def test_a_value_is_the_first_column_of_the_first_row(notes: Database) -> None:
    notes.write_now(write_note, 7)

    assert notes.read_now(lambda tx: tx.value("SELECT id, text FROM notes")) == 7
    assert notes.read_now(lambda tx: tx.value("SELECT id FROM notes WHERE id = 8")) is None
    assert notes.read_now(lambda tx: tx.value("SELECT sum(id) FROM notes")) == 7


def test_a_run_tells_how_many_rows_it_changed(notes: Database) -> None:
    def change(tx: Tx) -> list[int]:
        sql = "UPDATE notes SET text = :text WHERE id >= :least"
        return [tx.run(sql, text="new", least=least) for least in (1, 2, 3)]

    notes.write_now(write_note, 1)
    notes.write_now(write_note, 2)
    assert notes.write_now(change) == [2, 1, 0]


def test_many_rows_are_written_by_one_statement(notes: Database) -> None:
    def insert(tx: Tx, count: int) -> int:
        rows: list[dict[str, int | str]] = [{"id": number, "text": "x"} for number in range(count)]
        return tx.run_many("INSERT INTO notes (id, text) VALUES (:id, :text)", rows)

    assert notes.write_now(insert, 300) == 300
    assert notes.write_now(insert, 0) == 0
    assert notes.read_now(list_ids) == list(range(300))


def test_a_failing_function_changes_nothing_and_its_error_reaches_its_caller(notes: Database) -> None:
    with pytest.raises(KeyError, match="mine"):
        notes.write_now(write_and_fail, 1, KeyError("mine"))

    assert notes.read_now(list_ids) == []


@pytest.mark.parametrize(
    "error", [SystemExit(3), KeyboardInterrupt(), StopIteration(), asyncio.CancelledError()]
)
def test_whatever_a_function_raises_reaches_its_caller_and_writing_goes_on(
    notes: Database, error: BaseException
) -> None:
    with pytest.raises(RuntimeError, match="write_and_fail raised"):
        notes.write_now(write_and_fail, 1, error)
    with pytest.raises(RuntimeError, match="raised"):
        asyncio.run(_awaited_write(notes, error))

    notes.write_now(write_note, 2)
    assert notes.read_now(list_ids) == [2]


async def _awaited_write(notes: Database, error: BaseException) -> None:
    await notes.write(write_and_fail, 1, error)


def test_a_read_can_not_write(notes: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        notes.read_now(lambda tx: tx.run("DELETE FROM notes"))
    with pytest.raises(AssertionError):
        notes.read_now(lambda tx: tx.touch("note:1"))


def test_a_read_sees_one_state_while_others_write(notes: Database) -> None:
    first_look, written = threading.Event(), threading.Event()

    def look_twice(tx: Tx) -> tuple[list[int], list[int]]:
        before = list_ids(tx)
        first_look.set()
        assert written.wait(10)
        return before, list_ids(tx)

    async def talk() -> tuple[list[int], list[int]]:
        reading = asyncio.create_task(notes.read(look_twice))
        await asyncio.to_thread(first_look.wait, 10)
        await notes.write(write_note, 1)
        written.set()
        return await reading

    assert asyncio.run(talk()) == ([], [])
    assert notes.read_now(list_ids) == [1]


def test_a_taken_key_is_a_conflict(notes: Database) -> None:
    notes.write_now(write_note, 1)

    with pytest.raises(Conflict) as refused:
        notes.write_now(write_note, 1)
    assert refused.value.code == "already-there"


def test_a_row_about_nothing_is_a_conflict(notes: Database) -> None:
    with pytest.raises(Conflict) as refused:
        notes.write_now(write_note, 1, about=99)
    assert refused.value.code == "gone-meanwhile"


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_can_not_be_stored_is_invalid(notes: Database, text: str) -> None:
    with pytest.raises(Invalid):
        notes.write_now(write_note, 1, text)


def test_a_missing_bind_is_a_mistake(notes: Database) -> None:
    with pytest.raises(KeyError, match="id"):
        notes.read_now(lambda tx: tx.value("SELECT text FROM notes WHERE id = :id"))


def test_now_is_whole_milliseconds(notes: Database) -> None:
    assert notes.read_now(lambda tx: tx.now).microsecond % 1000 == 0


def test_a_stopped_database_refuses_kindly(notes: Database) -> None:
    notes.write_now(write_note, 1)
    notes.close()
    notes.close()

    for ask in (notes.read_now, notes.write_now):
        with pytest.raises(Exception, match="restarting"):
            ask(list_ids)


def test_stopping_finishes_what_was_asked(notes: Database, notes_url: str) -> None:
    async def talk() -> list[Note]:
        await notes.start()
        writes = [asyncio.create_task(notes.write(write_note, number)) for number in range(200)]
        await asyncio.sleep(0)
        await notes.stop()
        return await asyncio.gather(*writes)

    assert len(asyncio.run(talk())) == 200
