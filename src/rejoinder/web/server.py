"""Serving: uvicorn with the settings that tame its tails, and an end for connections that lead nowhere."""

import asyncio
import ctypes
import errno
import gc
import logging
import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from typing import Any, NoReturn

import httptools
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from rejoinder.settings import Settings

from .door import offers_upgrade_with_body
from .logs import start_logging
from .loopback import is_plain_abroad

SWITCH_INTERVAL = 0.0005  # seconds; with the default of 5 ms a reader waits for the writer's whole turn
YOUNG_OBJECTS = (
    20_000  # before the collector looks at them; the default of 700 stops a burst of posts for 17 ms
)
M_ARENA_MAX = -8  # of glibc's malloc.h
HEADER_SECONDS = 10
READ_SECONDS = 60
KEEP_ALIVE_SECONDS = 65  # longer than nginx keeps its own end, or it sends into a closed connection
STOP_SECONDS = 10
BACKLOG = 2048
MOST_CONNECTIONS = 65_536
MOST_AHEAD = 16  # requests on one connection before the first is answered; browsers and proxies send none

log = logging.getLogger(__name__)


class CannotListen(Exception):
    """The address is not to be had; the message says why in words an operator can use."""


def run(app: ASGIApp, settings: Settings, listener: socket.socket | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was begun, at most ten seconds long, and exit with status 0.

    Without a listener of its own it makes one, and raises `CannotListen` before anything is started.
    """
    listener = listener or listen(settings.host, settings.port)
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, _exit_well)  # uvicorn stops by itself, then lets its signal have its old effect
    start_logging(settings.log_level)
    warn_of_plain_http(settings)
    sys.setswitchinterval(SWITCH_INTERVAL)
    share_heaps()
    allow_connections()
    if settings.one_core:
        stay_on_one_core()
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=Protocol,
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    Server(config).run(sockets=[listener])


def _exit_well(signum: int, frame: object) -> NoReturn:  # noqa: ARG001 - what a handler is called with
    """Ending when told to is no failure."""
    sys.exit(0)


def allow_connections() -> None:
    """Take as many connections as the system lets us: it begins with 1,024 files, and a thousand slow clients have those."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, MOST_CONNECTIONS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def share_heaps() -> None:
    """Let all threads share two of glibc's heaps instead of having one each: 6 MiB less after a load, and no slower."""
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def stay_on_one_core() -> None:
    """Run all threads on one processor core: they take turns anyway, and a turn that wanders costs a post twice its CPU.

    Processes that are started one after the other take different ones.
    """
    with suppress(AttributeError, OSError):  # no Linux, or not allowed
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})


def listen(host: str, port: int) -> socket.socket:
    """A socket on this address. Raises `CannotListen`."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotListen(_why_not(host, port, error)) from error
    listener.setblocking(False)
    return listener


def warn_of_plain_http(settings: Settings) -> None:
    """Say so where readers' cookies would cross a network unencrypted."""
    if is_plain_abroad(settings.base_url):
        log.warning(
            "%s is plain http: cookies can be read on the way and staff can't sign in. "
            "Put a proxy with TLS in front and set REJOINDER_BASE_URL to its https address.",
            settings.base_url,
        )


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol, which would hear nothing more after a client's offer to go on in another one (h2c).

    And it would let one client queue requests without end: each answer makes it read on, however many wait.
    """

    def on_headers_complete(self) -> None:
        """Take a request, or hang up on who sends more and more of them without waiting for answers."""
        if len(self.pipeline) >= MOST_AHEAD:
            self.transport.abort()
        else:
            super().on_headers_complete()

    def _unsupported_upgrade_warning(self) -> None:
        """Decline by answering in this protocol, and go on listening.

        Where a body was announced the parser has lost it: the door refuses such a request and closes the connection.
        """
        if offers_upgrade_with_body(self.headers):
            self.flow.pause_reading()
        else:
            self.parser = httptools.HttpRequestParser(self)


class Server(uvicorn.Server):
    """uvicorn's server, with a quiet garbage collector and a watch over its connections."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and leave what lives for ever out of every later collection."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS, 20, 20)
        self._watch = asyncio.get_running_loop().create_task(self._close_idle())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._watch.cancel()
        await super().shutdown(sockets)

    async def _close_idle(self) -> None:
        """Close connections that never finish their headers, or never read their answer (demand D36).

        Looked at from outside once a second, because a timer a request would cost every reader.
        """
        since: dict[Any, tuple[tuple[str, object], float]] = {}
        while True:
            await asyncio.sleep(1)
            now = asyncio.get_running_loop().time()
            waiting = {connection: _waits_for(connection) for connection in self.server_state.connections}
            since = {
                connection: since[connection]
                if connection in since and since[connection][0] == what
                else (what, now)
                for connection, what in waiting.items()
                if what is not None
            }
            for connection, (what, began) in since.items():
                if now - began > (HEADER_SECONDS if what[0] == "headers" else READ_SECONDS):
                    connection.transport.abort()


def _waits_for(connection: Any) -> tuple[str, object] | None:
    """What keeps a connection busy: headers still to come, or an answer that is not taken; None for nothing."""
    scope = connection.scope
    if scope is None or "method" not in scope:
        return "headers", id(scope)
    if connection.flow.write_paused:
        return "reader", connection.transport.get_write_buffer_size()
    return None


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Another program listens on {host}:{port} already. Stop it, or choose another port with --port."
        )
    if isinstance(error, PermissionError):
        return f"Port {port} is for the administrator only. Choose one above 1023 with --port."
    return f"{host}:{port} can't be listened on: {error.strerror or error}."
