"""The real `rejoinder serve` as a process of its own: started, killed, stopped and started again."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

SOURCES = Path(__file__).parents[2] / "src"
ARTICLE = (
    "---\ntitle: Who keeps the lamp?\npublished: 2026-05-12\n---\nThe lamp was lit before the harbour was.\n"
)
PAGE = "/articles/lamp"
UP_WITHIN = 60  # seconds, on a machine that does other things as well


class Process:
    """One server on one database. Several with the same `base_url` are one site."""

    def __init__(
        self, database_url: str, folder: Path, *, base_url: str | None = None, **settings: str
    ) -> None:
        self.port = free_port()
        self.base_url = base_url or f"http://127.0.0.1:{self.port}"
        self.log = folder / f"serve-{self.port}.log"
        self._articles = folder / "articles"
        self._articles.mkdir(exist_ok=True)
        (self._articles / "lamp.md").write_text(ARTICLE, encoding="utf-8")
        self.environ = environment(
            REJOINDER_DATABASE_URL=database_url,
            REJOINDER_BASE_URL=self.base_url,
            REJOINDER_TRUSTED_PROXIES="127.0.0.1/32",
            REJOINDER_LOG_LEVEL="warning",
            **settings,
        )
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it, and don't wait."""
        words = command("serve", str(self._articles), "--port", str(self.port))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(words, env=self.environ, stderr=log)

    def wait(self) -> None:
        """Wait until it serves the article."""
        end = time.monotonic() + UP_WITHIN
        while not self._is_up():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, "the server did not come up\n" + self.log.read_text()
            time.sleep(0.03)

    def start(self) -> None:
        """Start it and wait until it serves."""
        self.begin()
        self.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)

    def end(self) -> None:
        """Leave nothing behind, however the test went."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run another `rejoinder` command with the same settings."""
        return subprocess.run(
            command(*words), env=self.environ, capture_output=True, text=True, check=False, timeout=300
        )

    def client(self) -> httpx.Client:
        """A client that comes by the site's own name."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=self.headers, timeout=30)

    @property
    def headers(self) -> dict[str, str]:
        """What a proxy in front would send."""
        return {"host": self.base_url.removeprefix("http://")}

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        """The running process."""
        assert self._process is not None, "it was never started"
        return self._process

    def _is_up(self) -> bool:
        try:
            return httpx.get(
                f"http://127.0.0.1:{self.port}{PAGE}", headers=self.headers, timeout=10
            ).is_success
        except httpx.TransportError:
            return False


@contextmanager
def served(database_url: str, folder: Path, *, processes: int = 1) -> Iterator[list[Process]]:
    """Servers of one site on one database, all started at once."""
    first = Process(database_url, folder)
    servers = [first]
    servers += [Process(database_url, folder, base_url=first.base_url) for _ in range(processes - 1)]
    try:
        for server in servers:
            server.begin()
        for server in servers:
            server.wait()
        yield servers
    finally:
        for server in servers:
            server.end()


def environment(**settings: str) -> dict[str, str]:
    """Our own sources, these settings, and none from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REJOINDER_")}
    return kept | {"PYTHONPATH": str(SOURCES)} | settings


def command(*words: str) -> list[str]:
    """The words that run `rejoinder` from this clone."""
    return [sys.executable, "-c", "from rejoinder.cli import app; app()", *words]


def free_port() -> int:
    """A port of the loopback that nobody listens on, below those that the system gives to connections."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
