"""The engine on SQLite: one writer, two readers, wake-ups between local processes."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import apsw

from . import refusals, sqlite
from .local_wake import LocalWake
from .tx import Engine, Followers, Tx
from .work import Work
from .writer import Writer

READERS = 2


class SqliteRunner:
    """Runs work on one SQLite file. Nothing is opened before the first work comes."""

    engine: Engine = "sqlite"

    def __init__(self, path: Path, followers: Followers) -> None:
        sqlite.check_library()
        self._path, self._followers = path, followers
        self._wake = LocalWake(path)
        self._writer = Writer(
            path, followers, finished=self._finish, committed=self._wake.send, look=self._wake.look
        )
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="rejoinder-reader")
        self._local = threading.local()
        self._connections: list[apsw.Connection] = []
        self._finished: Callable[[list[Work[Any]]], None] = lambda works: None

    def bind(self, finished: Callable[[list[Work[Any]]], None]) -> None:
        """Name whom to call with work that is done and durable."""
        self._finished = finished

    def read(self, work: Work[Any]) -> None:
        """Queue a read for the next free reader."""
        try:
            self._readers.submit(self._read, work)
        except RuntimeError as closed:
            raise refusals.stopping() from closed

    def write(self, work: Work[Any]) -> None:
        """Queue a write."""
        self._writer.put(work)

    def listen(self, heard: Callable[[set[str]], None]) -> None:
        """Hear other processes, by datagram and by looking at the file."""
        self._wake.listen(heard)
        self._writer.begin()

    def scrub(self) -> None:
        """Empty the log: it holds pages as they were before something was erased."""
        if not sqlite.empty_log(self._path):
            raise refusals.busy()

    def close(self) -> None:
        """Finish reads and writes, then let go."""
        self._writer.close()
        self._readers.shutdown()
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._wake.close()

    def _finish(self, works: list[Work[Any]]) -> None:
        self._finished(works)

    def _read(self, work: Work[Any]) -> None:
        try:
            connection = self._reader()
            connection.raw.execute("BEGIN")  # or two statements would see two states
            try:
                work.run(Tx(connection, self._followers, read_only=True))
            finally:
                if connection.raw.in_transaction:
                    connection.raw.execute("ROLLBACK")
        except BaseException as error:  # noqa: BLE001 - it goes to its caller
            work.fail(sqlite.refusal(error))
            if isinstance(error, sqlite.UNTRUSTED):
                self._local.connection = None  # the next read opens another
        self._finish([work])

    def _reader(self) -> sqlite.SqliteConnection:
        """This thread's own connection: two threads on one are an error, one half-read cursor holds up the other."""
        connection: sqlite.SqliteConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite.SqliteConnection(sqlite.connect(self._path, read_only=True))
            self._connections.append(connection.raw)
            self._local.connection = connection
        return connection
