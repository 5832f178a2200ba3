"""Word between the processes of one machine that share a SQLite file.

Every process binds a datagram socket in `<database>.wake/`; after each commit one datagram with its tags goes
to all the others. A full socket is owed "*" and gets it within half a second; a dead one is unlinked. What no
datagram tells (a sender that was killed, another program) shows in `PRAGMA data_version`, and is heard as "*".
"""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .tx import EVERYTHING

DATAGRAM_LIMIT = 8000
PATH_LIMIT = 100  # sun_path takes 107 bytes and a NUL on Linux, 103 elsewhere

log = logging.getLogger(__name__)


class LocalWake:
    """Sends this process's tags and hears the others'."""

    def __init__(self, database: Path) -> None:
        self._folder = database.with_name(database.name + ".wake")
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}.sock"  # containers may share a folder and a PID
        self._folder_fd = -1
        self._sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sender.setblocking(False)
        self._receiver: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._tell: Callable[[set[str]], None] | None = None
        self._owed: set[str] = set()
        self._version: int | None = None
        self._heard = 0
        self._unexplained = False
        self._closing = False

    def listen(self, tell: Callable[[set[str]], None]) -> None:
        """Begin to hear; others are told that anything may have changed, in case a process before us died."""
        self._tell = tell
        try:
            self._receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._receiver.bind(self._address(self._name))
        except OSError as error:
            log.warning(
                "no wake-ups in %s (%s): others' changes are seen within a second", self._folder, error
            )
            return
        self._thread = threading.Thread(target=self._receive, name="rejoinder-wake", daemon=True)
        self._thread.start()
        self.send({EVERYTHING})

    def send(self, tags: set[str]) -> None:
        """One datagram to each other process, also without tags: it explains why the data moved."""
        datagram = "\n".join(sorted(tags)).encode()
        if len(datagram) > DATAGRAM_LIMIT:
            datagram = EVERYTHING.encode()
        for name in self._others():
            self._send_to(name, EVERYTHING.encode() if name in self._owed else datagram)

    def look(self, version: int) -> None:
        """Compare `data_version` with the last look: moved, and no datagram by the next look, means "*"."""
        for name in tuple(self._owed):
            self._send_to(name, EVERYTHING.encode())
        heard, self._heard = self._heard, 0
        moved = self._version is not None and version != self._version
        self._version = version
        if self._unexplained and not heard and self._tell is not None:
            self._tell({EVERYTHING})
        self._unexplained = moved and not heard

    def close(self) -> None:
        """Stop hearing and take the socket away."""
        if self._thread is not None:
            self._closing = True
            with suppress(OSError):  # full: then it has something to wake up to
                self._sender.sendto(b"", self._address(self._name))
            self._thread.join()
            (self._folder / self._name).unlink(missing_ok=True)
        if self._receiver is not None:
            self._receiver.close()
        self._sender.close()
        if self._folder_fd >= 0:
            os.close(self._folder_fd)
            self._folder_fd = -1

    def _others(self) -> list[str]:
        try:
            names = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        return [name for name in names if name.endswith(".sock") and name != self._name]

    def _send_to(self, name: str, datagram: bytes) -> None:
        try:
            self._sender.sendto(datagram, self._address(name))
            self._owed.discard(name)
        except BlockingIOError:
            self._owed.add(name)
        except (ConnectionRefusedError, FileNotFoundError):  # its process is gone
            self._owed.discard(name)
            (self._folder / name).unlink(missing_ok=True)
        except OSError as error:
            log.warning("waking %s failed: %s", name, error)

    def _receive(self) -> None:
        assert self._receiver is not None and self._tell is not None
        while not self._closing:
            tags = set(self._receiver.recv(2 * DATAGRAM_LIMIT).decode(errors="replace").split())
            self._heard += 1
            if tags:
                self._tell(tags)

    def _address(self, name: str) -> str:
        """The socket's path, or a short one to the same folder where the path is too long for a socket."""
        path = str(self._folder / name)
        if len(os.fsencode(path)) <= PATH_LIMIT:
            return path
        if self._folder_fd < 0:
            self._folder_fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._folder_fd}/{name}"
