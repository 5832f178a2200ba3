"""Word between the processes of one PostgreSQL database: LISTEN and NOTIFY on a connection of its own.

NOTIFY is sent after the commit and not within it: within, PostgreSQL lets one transaction commit at a time.
A process that is killed in between is silent, so every process that starts says "*", and so does one that
lost its connection.
"""

import logging
import os
import secrets
import selectors
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg

from . import postgresql
from .tx import EVERYTHING

CHANNEL = "rejoinder"
PAYLOAD_LIMIT = 7900  # PostgreSQL takes less than 8000 bytes
RETRY_SECONDS = 1.0

log = logging.getLogger(__name__)


class Notifier:
    """Sends this process's tags and hears the others'; its thread begins with the first need for it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._name = secrets.token_hex(4)  # to know our own word when it comes back
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._tell: Callable[[set[str]], None] | None = None
        self._pending: set[str] = set()
        self._settled = threading.Event()
        self._lost = False
        self._closing = False
        self._bell = os.pipe()
        for end in self._bell:
            os.set_blocking(end, False)

    def listen(self, tell: Callable[[set[str]], None]) -> None:
        """Begin to hear; waits until it does, or until it is clear that the server is away just now."""
        self._tell = tell
        self.send({EVERYTHING})
        self._settled.wait()

    def send(self, tags: set[str]) -> None:
        """Tell the other processes, soon; what is said meanwhile goes together."""
        if not tags:
            return
        with self._lock:
            self._pending |= tags
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="rejoinder-notify", daemon=True)
                self._thread.start()
        self._ring()

    def close(self) -> None:
        """Send what is pending, then end."""
        if self._closing:
            return
        self._closing = True
        self._ring()
        if self._thread is not None:
            self._thread.join()
        for end in self._bell:
            os.close(end)

    def _ring(self) -> None:
        with suppress(BlockingIOError):  # full: it rings already
            os.write(self._bell[1], b"!")

    def _loop(self) -> None:
        while True:
            try:
                self._serve()
                return
            except Exception as error:  # noqa: BLE001 - this thread outlives any outage
                log.warning("lost the connection that tells other processes of changes: %s", error)
                self._lost = True
                self._settled.set()
            if self._closing:
                return
            self._wait(None, RETRY_SECONDS)

    def _serve(self) -> None:
        """Send and hear until closed; an exception when the connection is lost."""
        with postgresql.connect(self._url) as connection:
            connection.execute("SET synchronous_commit = off")  # a notice is not stored, so it needs no disk
            if self._lost:
                self._pending.add(EVERYTHING)
            listening = False
            while True:
                if self._tell is not None and not listening:
                    connection.execute(f"LISTEN {CHANNEL}")
                    listening = True
                    self._now_listening(self._tell)
                self._send_pending(connection)
                if self._closing:
                    return
                self._wait(connection)
                for notice in connection.notifies(timeout=0):
                    self._hear(notice.payload)

    def _now_listening(self, tell: Callable[[set[str]], None]) -> None:
        """After a time without a connection nobody knows what was missed."""
        self._settled.set()
        if self._lost:
            self._lost = False
            tell({EVERYTHING})

    def _send_pending(self, connection: psycopg.Connection[Any]) -> None:
        with self._lock:
            tags, self._pending = self._pending, set()
        if not tags:
            return
        payload = " ".join([self._name, *sorted(tags)])
        if len(payload) > PAYLOAD_LIMIT:
            payload = f"{self._name} {EVERYTHING}"
        connection.execute("SELECT pg_notify($1, $2)", [CHANNEL, payload])

    def _hear(self, payload: str) -> None:
        name, *tags = payload.split()
        if name != self._name and self._tell is not None:
            self._tell(set(tags))

    def _wait(self, connection: psycopg.Connection[Any] | None, seconds: float | None = None) -> None:
        """Until the bell rings or the server says something."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._bell[0], selectors.EVENT_READ)
            if connection is not None:
                selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.select(seconds)
        with suppress(BlockingIOError):
            os.read(self._bell[0], 65536)
