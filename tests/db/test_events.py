"""What follows an event: within the transaction, and after the commit."""

import asyncio
import logging
import threading
from pathlib import Path

import pytest
from notes import NoteRead, NoteWritten, get_note, list_ids, write_and_fail, write_note

from rejoinder.db import Database, Follow, Tx, open_database
from rejoinder.errors import Conflict

MIGRATIONS = Path(__file__).parent / "migrations"


def open_with(url: str, follow: Follow) -> Database:
    return open_database(url, followers={NoteWritten: follow}, migrations=MIGRATIONS)


def test_followers_act_in_order_and_signals_only_after_the_commit(notes_url: str) -> None:
    told: list[object] = []

    def within(tx: Tx, event: NoteWritten) -> None:
        told.append(("within", tx.value("SELECT count(*) FROM notes")))

    def after(tx: Tx, event: NoteWritten) -> None:
        told.append("after")
        tx.run("UPDATE notes SET slug = 'job' WHERE id = :id", id=event.id)

    def signal(event: NoteWritten) -> None:
        told.append(("signal", event.id, database.read_now(list_ids)))

    database = open_with(notes_url, Follow((within,), (after,), (signal,)))
    database.write_now(write_note, 5)

    assert told == [("within", 1), "after", ("signal", 5, [5])]
    assert database.read_now(lambda tx: tx.value("SELECT slug FROM notes")) == "job"
    database.close()


def test_a_follower_within_may_refuse_and_then_nothing_happened(notes_url: str) -> None:
    def refuse(tx: Tx, event: NoteWritten) -> None:
        raise Conflict("no", "No.")

    told: list[object] = []
    database = open_with(notes_url, Follow(within=(refuse,), signal=(told.append,)))
    with pytest.raises(Conflict):
        database.write_now(write_note, 1)

    assert (database.read_now(list_ids), told) == ([], [])
    database.close()


def test_a_failing_signal_is_logged_and_stops_neither_answer_nor_the_next(
    notes_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(event: NoteWritten) -> None:
        raise KeyError("a broken follower")

    told: list[object] = []
    database = open_with(notes_url, Follow(signal=(fail, told.append)))
    with caplog.at_level(logging.ERROR):
        database.write_now(write_note, 1)

    assert told == [NoteWritten(1)]
    assert "a broken follower" in caplog.text
    database.close()


def test_an_event_without_followers_is_still_told(notes: Database) -> None:
    told: list[list[object]] = []
    notes.on_signal.append(told.append)
    notes.write_now(lambda tx: tx.announce(NoteRead(3)))

    assert told == [[NoteRead(3)]]


def test_a_failed_write_tells_nothing(notes: Database) -> None:
    told: list[object] = []
    notes.on_signal.append(told.append)
    notes.on_touch.append(told.append)
    with pytest.raises(KeyError):
        notes.write_now(write_and_fail, 1, KeyError())

    assert told == []


def test_without_a_loop_the_caller_hears_before_its_call_returns(notes: Database) -> None:
    heard: list[tuple[set[str], threading.Thread]] = []
    notes.on_touch.append(lambda tags: heard.append((tags, threading.current_thread())))
    notes.write_now(write_note, 1)

    assert heard == [({"note:1"}, threading.current_thread())]


def test_on_a_loop_events_are_told_on_its_thread_before_the_answer(notes: Database) -> None:
    heard: list[object] = []
    notes.on_touch.append(lambda tags: heard.append((tags, threading.current_thread())))

    async def talk() -> None:
        await notes.start()
        await notes.write(write_note, 1)
        assert heard == [({"note:1"}, threading.current_thread())]
        await asyncio.to_thread(notes.write_now, write_note, 2)
        await notes.read(get_note, 2)
        assert heard[1:] == [({"note:2"}, threading.current_thread())]
        await notes.stop()

    asyncio.run(talk())


def test_a_signal_may_write(notes_url: str) -> None:
    def answer(event: NoteWritten) -> None:
        if event.id < 3:
            database.write_now(write_note, event.id + 1)

    database = open_with(notes_url, Follow(signal=(answer,)))
    database.write_now(write_note, 1)

    assert database.read_now(list_ids) == [1, 2, 3]
    database.close()


@pytest.mark.parametrize("tag", ["", "two words", "line\nbreak", "x" * 201, "grüße"])
def test_what_is_no_tag_is_a_mistake(notes: Database, tag: str) -> None:
    with pytest.raises(ValueError, match="not a tag"):
        notes.write_now(lambda tx: tx.touch(tag))


def test_a_cancelled_caller_does_not_disturb_others(notes: Database) -> None:
    told: list[list[object]] = []
    notes.on_signal.append(told.append)

    async def talk() -> None:
        doomed = asyncio.create_task(notes.write(write_note, 1))
        await asyncio.sleep(0)
        doomed.cancel()
        await notes.write(write_note, 2)
        with pytest.raises(asyncio.CancelledError):
            await doomed
        await notes.stop()

    asyncio.run(talk())
    assert sorted(event.id for events in told for event in events if isinstance(event, NoteWritten)) == [1, 2]
