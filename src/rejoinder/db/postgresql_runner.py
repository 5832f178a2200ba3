"""The engine on PostgreSQL: eight threads with a connection each, one transaction a write.

Group commit would be a trap here: a batch holds many rows until its end, and a second process holds them in
another order. So PostgreSQL commits each write by itself, and one that lost a deadlock is run again.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import SystemRandom
from typing import Any

import psycopg
from psycopg import errors

from . import postgresql, refusals
from .notify import Notifier
from .postgresql import PostgresqlConnection
from .tx import Engine, Followers, Tx
from .work import Work

THREADS = 8  # measured: 4 to 8 connections a process, more gain nothing
WAITING_LIMIT = 1024
SLOW_SECONDS = 0.2  # others wait for the rows that it holds
PAUSES = (0.01, 0.02, 0.04, 0.08)  # seconds at most, between five tries
READ = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"  # statements of one page agree, as on SQLite
WRITE = b"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

_jitter = SystemRandom()


class _Again(Exception):
    """The transaction did not happen and may be tried once more."""


class PostgresqlRunner:
    """Runs work on one PostgreSQL database. Nothing is connected before the first work comes."""

    engine: Engine = "postgresql"

    def __init__(self, url: str, followers: Followers) -> None:
        self._url, self._followers = url, followers
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="rejoinder-postgresql")
        self._room = threading.BoundedSemaphore(WAITING_LIMIT)
        self._local = threading.local()
        self._connections: set[psycopg.Connection[Any]] = set()
        self._notifier = Notifier(url)
        self._finished: Callable[[list[Work[Any]]], None] = lambda works: None

    def bind(self, finished: Callable[[list[Work[Any]]], None]) -> None:
        """Name whom to call with work that is done and durable."""
        self._finished = finished

    def read(self, work: Work[Any]) -> None:
        """Queue a read for the next free connection."""
        self._take(work, READ)

    def write(self, work: Work[Any]) -> None:
        """Queue a write for the next free connection."""
        self._take(work, WRITE)

    def listen(self, heard: Callable[[set[str]], None]) -> None:
        """Hear other processes' NOTIFY."""
        self._notifier.listen(heard)

    def scrub(self) -> None:
        """Nothing: what was erased no statement finds, and its bytes are overwritten by PostgreSQL as it cleans up."""

    def close(self) -> None:
        """Finish reads and writes, send what is still to be told, then let go."""
        self._threads.shutdown()
        self._notifier.close()
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    def _take(self, work: Work[Any], begin: bytes) -> None:
        if not self._room.acquire(blocking=False):
            raise refusals.busy()
        try:
            self._threads.submit(self._answer, work, begin)
        except RuntimeError as closed:
            self._room.release()
            raise refusals.stopping() from closed

    def _answer(self, work: Work[Any], begin: bytes) -> None:
        try:
            self._persist(work, begin)
        except BaseException as error:  # noqa: BLE001 - it goes to its caller
            work.fail(postgresql.refusal(error))
        self._room.release()
        self._finished([work])
        if begin is WRITE and work.error is None:
            self._notifier.send(work.tags)

    def _persist(self, work: Work[Any], begin: bytes) -> None:
        """Try until the transaction is done: one that lost a deadlock or its connection has changed nothing."""
        for pause in PAUSES:
            try:
                self._try(work, begin)
                return
            except _Again:
                time.sleep(pause * _jitter.random())
        try:
            self._try(work, begin)
        except _Again as again:
            raise (again.__cause__ or again) from None

    def _try(self, work: Work[Any], begin: bytes) -> None:
        connection = self._connection()
        try:
            connection.execute(begin)
            self._run(work, connection, read_only=begin is READ)
        except BaseException as error:
            self._roll_back(connection)
            if isinstance(error, errors.ReadOnlySqlTransaction) and begin is WRITE:
                connection.close()
                raise _Again from psycopg.OperationalError("the server has become a standby")
            if _is_passing(error, connection):
                raise _Again from error
            raise
        self._commit(connection)

    def _run(self, work: Work[Any], connection: psycopg.Connection[Any], *, read_only: bool) -> None:
        tx = Tx(PostgresqlConnection(connection), self._followers, read_only=read_only)
        if read_only:
            work.run(tx)
        else:
            work.run_timed(tx, SLOW_SECONDS)
        if postgresql.in_failed_transaction(connection):
            raise RuntimeError(f"{work.name} went on after a statement failed")

    def _commit(self, connection: psycopg.Connection[Any]) -> None:
        """After COMMIT is sent nothing is tried again: when the answer is lost, the outcome is unknown."""
        try:
            connection.execute(b"COMMIT")
        except (errors.SerializationFailure, errors.DeadlockDetected) as error:
            raise _Again from error
        except psycopg.OperationalError as error:
            connection.close()
            raise refusals.outcome_unknown() from error

    def _roll_back(self, connection: psycopg.Connection[Any]) -> None:
        try:
            connection.execute(b"ROLLBACK")
        except psycopg.Error:
            connection.close()

    def _connection(self) -> psycopg.Connection[Any]:
        """This thread's own connection, made anew when the old one was lost."""
        connection: psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
        if connection is not None and not connection.closed:
            return connection
        if connection is not None:
            self._connections.discard(connection)
        connection = self._local.connection = postgresql.connect(self._url)
        self._connections.add(connection)
        return connection


def _is_passing(error: BaseException, connection: psycopg.Connection[Any]) -> bool:
    """A lost deadlock, something that moved before it was locked, or a connection lost before COMMIT was sent."""
    if isinstance(error, errors.SerializationFailure | errors.DeadlockDetected | refusals.RunAgain):
        return True
    return isinstance(error, psycopg.OperationalError) and connection.closed
