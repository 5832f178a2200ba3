"""Processes on one database hear each other's changes."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import apsw
import psycopg
import pytest
from notes import write_note
from other_process import MIGRATIONS, Peer

from rejoinder.db import Database, Engine, open_database, sqlite_path


@pytest.fixture
def peer(notes_url: str) -> Iterator[Peer]:
    peer = Peer(notes_url)
    yield peer
    peer.end()


class Ear:
    """What a started database of this process hears, awaited."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[set[str]] = asyncio.Queue()

    def hear(self, tags: set[str]) -> None:
        self._heard.put_nowait(tags)

    async def next(self) -> set[str]:
        """The next tags; an error if none come."""
        return await asyncio.wait_for(self._heard.get(), 20)

    async def all_of(self, seconds: float) -> list[set[str]]:
        """Everything that is heard in a while."""
        await asyncio.sleep(seconds)
        return [self._heard.get_nowait() for _ in range(self._heard.qsize())]


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[Ear]:
    ear = Ear()
    database.on_touch.append(ear.hear)
    await database.start()
    yield ear
    await database.stop()


def run(database: Database, talk: Callable[[Ear], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with listening(database) as ear:
            await talk(ear)

    asyncio.run(whole())


def test_two_processes_hear_each_others_tags(notes: Database, peer: Peer) -> None:
    async def talk(ear: Ear) -> None:
        await asyncio.to_thread(peer.hears, "*")  # this process began
        await asyncio.to_thread(peer.order, "write", 1)
        heard = await ear.next()
        # On a busy machine this process may have begun to listen only now: then anything may have changed.
        assert (await ear.next() if heard == {"*"} else heard) == {"note:1"}
        await notes.write(write_note, 2)
        assert await asyncio.to_thread(peer.hears, "note:2")

    run(notes, talk)


def test_a_process_without_a_loop_is_heard(notes: Database, peer: Peer) -> None:
    notes.write_now(write_note, 1)

    assert peer.hears("note:1")


def test_own_commits_are_told_once_and_never_as_everything(notes: Database) -> None:
    async def talk(ear: Ear) -> None:
        for number in range(3):
            await notes.write(write_note, number)
            await asyncio.sleep(0.4)
        assert await ear.all_of(1.2) == [{"note:0"}, {"note:1"}, {"note:2"}]

    run(notes, talk)


def test_a_commit_that_changes_nothing_for_readers_wakes_nobody(notes: Database, peer: Peer) -> None:
    async def talk(ear: Ear) -> None:
        await asyncio.to_thread(peer.order, "quietly", 1)
        assert await ear.all_of(1.8) == []

    run(notes, talk)


def test_more_tags_than_a_message_holds_are_everything(notes: Database, peer: Peer) -> None:
    notes.write_now(
        lambda tx: tx.touch(*(f"a-rather-long-tag-to-fill-the-message:{number}" for number in range(300)))
    )

    assert peer.hears("none") is False


def test_a_process_that_begins_says_that_anything_may_have_changed(notes: Database, notes_url: str) -> None:
    async def talk(ear: Ear) -> None:
        peer = await asyncio.to_thread(Peer, notes_url)
        assert await ear.next() == {"*"}
        peer.kill()

    run(notes, talk)


class TestOnSqlite:
    """By datagrams, and by looking at the file."""

    @pytest.fixture
    def engine(self) -> Engine:
        return "sqlite"

    def test_a_commit_of_another_program_is_noticed(self, notes: Database, notes_url: str) -> None:
        async def talk(ear: Ear) -> None:
            await asyncio.sleep(0.6)
            other = apsw.Connection(str(sqlite_path(notes_url)))
            other.execute("INSERT INTO notes (id, text) VALUES (1, '')")
            other.close()
            assert await ear.next() == {"*"}
            assert await ear.all_of(1.8) == []

        run(notes, talk)

    def test_a_flood_that_a_sleeping_process_could_not_take_is_made_good(
        self, notes: Database, peer: Peer
    ) -> None:
        os.kill(peer.process.pid, signal.SIGSTOP)
        for number in range(600):
            notes.write_now(write_note, number)
        os.kill(peer.process.pid, signal.SIGCONT)

        assert peer.hears("note:599") is False

    def test_the_socket_of_a_killed_process_is_taken_away(self, notes: Database, notes_url: str) -> None:
        peer = Peer(notes_url)
        folder = sqlite_path(notes_url).with_suffix(".db.wake")
        assert len(list(folder.iterdir())) == 1
        peer.kill()
        notes.write_now(write_note, 1)
        notes.close()

        assert list(folder.iterdir()) == []

    def test_a_stopped_process_leaves_no_socket(self, notes: Database, notes_url: str) -> None:
        async def talk(ear: Ear) -> None:
            assert len(list(folder.iterdir())) == 1

        folder = sqlite_path(notes_url).with_suffix(".db.wake")
        run(notes, talk)
        assert list(folder.iterdir()) == []

    def test_a_long_path_hears_too(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/{'long' * 40}/rejoinder.db"
        database = open_database(url, create=True, migrations=MIGRATIONS)
        peer = Peer(url)
        database.write_now(write_note, 1)

        assert peer.hears("note:1")
        peer.end()
        database.close()


class TestOnPostgresql:
    """By NOTIFY."""

    @pytest.fixture
    def engine(self) -> Engine:
        return "postgresql"

    def test_a_listener_that_lost_its_connection_says_everything_and_hears_again(
        self, notes: Database, notes_url: str
    ) -> None:
        async def talk(ear: Ear) -> None:
            await asyncio.to_thread(_cut_listeners, notes_url)
            assert await ear.next() == {"*"}
            peer = await asyncio.to_thread(Peer, notes_url)
            assert await ear.next() == {"*"}
            await asyncio.to_thread(peer.order, "write", 1)
            assert await ear.next() == {"note:1"}
            peer.kill()

        run(notes, talk)


def _cut_listeners(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        cut = 0
        while not cut:
            cut = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'SELECT pg_notify%'"
            ).rowcount
