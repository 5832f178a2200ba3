"""Servers as children of ours: started on a free port, waited for, and ended by their own number."""

import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

STARTS_WITHIN = 30  # seconds
STOPS_WITHIN = 15


class Missing(Exception):
    """A program that a measurement needs is not on this machine."""


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Child:
    """A running server; what it says goes to a file."""

    def __init__(
        self, command: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None, **account: Any
    ) -> None:
        self._log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, env=env, **account)
        self.pid = self._process.pid

    def wait_for(self, port: int) -> None:
        """Until it takes connections. Raises RuntimeError with what it said when it does not."""
        deadline = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                self.check(deadline)
                time.sleep(0.02)

    def check(self, deadline: float) -> None:
        """Raise RuntimeError with the end of its log when it ended, or when time is up."""
        if self._process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{self._process.args!r} did not start:\n{self._log.read_text()[-2000:]}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait; one that does not end is killed."""
        self._process.send_signal(how)
        try:
            self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
