"""A database: transactions for domain functions, and word of what changed.

The engine runs the work; this file hands answers, events and tags to those who wait for them.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from .tx import Engine, Followers, Tx
from .work import Work

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class Runner(Protocol):
    """An engine: runs work in transactions and carries tags between processes."""

    engine: Engine

    def bind(self, finished: Callable[[list[Work[Any]]], None]) -> None:
        """Name whom to call, on the engine's own thread, with work that is done and durable."""

    def read(self, work: Work[Any]) -> None:
        """Take work for a read-only transaction."""

    def write(self, work: Work[Any]) -> None:
        """Take work for a writing transaction; `Unavailable` when too much is waiting."""

    def listen(self, heard: Callable[[set[str]], None]) -> None:
        """Begin to hear tags from other processes."""

    def scrub(self) -> None:
        """Leave nothing of what was erased beside the database, as far as the engine can."""

    def close(self) -> None:
        """Finish what was taken, refuse more, let go of every connection."""


class Database:
    """Runs domain functions in transactions on SQLite or PostgreSQL.

    `on_signal` are called with the events of a commit, `on_touch` with its tags: on the loop's thread where
    the caller awaited or the database was started, else on the thread that called `write_now`, before it returns.
    `on_touch` also hears other processes, then on the loop's thread; the tag "*" means that anything may have
    changed. What they raise is logged.
    """

    def __init__(self, runner: Runner, followers: Followers) -> None:
        self._runner = runner
        self._followers = followers
        self._loop: asyncio.AbstractEventLoop | None = None
        self.engine: Engine = runner.engine
        self.on_signal: list[Callable[[list[object]], None]] = []
        self.on_touch: list[Callable[[set[str]], None]] = []
        self._pid = os.getpid()
        runner.bind(self._finished)

    async def read(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function that only reads; it sees one state of the data throughout."""
        return await self._awaited(self._runner.read, Work(fn, args, kwargs))

    async def write(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function that may write; when this returns, what it did is on the disk.

        The function may be run twice, so it has no effect outside its transaction.
        Raises `Unavailable` when the storage can't take it now.
        """
        return await self._awaited(self._runner.write, Work(fn, args, kwargs))

    def read_now(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`read` for callers without an event loop: blocks."""
        return self._blocking(self._runner.read, Work(fn, args, kwargs))

    def write_now(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`write` for callers without an event loop: blocks until it is durable."""
        return self._blocking(self._runner.write, Work(fn, args, kwargs))

    def scrub(self) -> None:
        """Leave nothing of what was erased where it was written before: blocks, and raises `Unavailable` where others write.

        On SQLite nothing of it is in the file then (`secure_delete`) nor in the log beside it; PostgreSQL does its own
        clearing up (docs/operating/privacy.md).
        """
        self._runner.scrub()

    async def start(self) -> None:
        """Serve this event loop: hear other processes, tell events and tags on the loop's thread."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._runner.listen, self._heard)

    async def stop(self) -> None:
        """Finish what was asked for, refuse more, close."""
        await asyncio.to_thread(self._runner.close)
        self._loop = None

    def close(self) -> None:
        """`stop` for callers without an event loop."""
        self._runner.close()

    async def _awaited(self, take: Callable[[Work[Any]], None], work: Work[T]) -> T:
        self._check_process()
        work.loop = asyncio.get_running_loop()
        work.future = work.loop.create_future()
        take(work)
        return await work.future

    def _blocking(self, take: Callable[[Work[Any]], None], work: Work[T]) -> T:
        self._check_process()
        work.loop = self._loop
        work.done = threading.Event()
        take(work)
        work.done.wait()
        if work.loop is None:
            self._tell([work])
        if work.error is not None:
            raise work.error
        return work.result  # type: ignore[return-value]

    def _check_process(self) -> None:
        """A forked child has no writer thread, and SQLite would let it use our connections without an error."""
        if os.getpid() != self._pid:
            raise RuntimeError("this database was opened before the process was forked: open it in the child")

    def _finished(self, works: list[Work[Any]]) -> None:
        """Tell and answer; called on the engine's thread. Once a loop, not once a work: waking it costs."""
        for loop in {work.loop for work in works if work.loop is not None}:
            try:
                loop.call_soon_threadsafe(self._settle, [work for work in works if work.loop is loop])
            except RuntimeError:
                log.warning("an event loop was closed while a transaction ran; nobody hears its answer")
        for work in works:
            if work.done is not None:
                work.done.set()

    def _settle(self, works: list[Work[Any]]) -> None:
        self._tell(works)  # first: who reads after the answer must not see what was there before
        for work in works:
            work.settle()

    def _tell(self, works: list[Work[Any]]) -> None:
        events = [event for work in works for event in work.events]
        for event in events:
            follow = self._followers.get(type(event))
            for act in follow.signal if follow else ():
                _try(act, event)
        if events:
            for hear in self.on_signal:
                _try(hear, events)
        self._touch(set().union(*(work.tags for work in works)))

    def _heard(self, tags: set[str]) -> None:
        """Another process changed something; called on the engine's thread."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # closed meanwhile
                loop.call_soon_threadsafe(self._touch, tags)

    def _touch(self, tags: set[str]) -> None:
        if tags:
            for hear in self.on_touch:
                _try(hear, tags)


def _try(act: Callable[[Any], None], told: Any) -> None:
    try:
        act(told)
    except Exception:
        log.exception("a signal failed: %r", act)
