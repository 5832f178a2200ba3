"""A private PostgreSQL for one test process: no TCP port, no fsync, nothing left behind."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from requirements import absent

OPTIONS = ["max_connections=200", "listen_addresses="]
HASTY = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]  # a test's data need not survive it

DISCONNECT = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
FILLED_TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'schema_versions'
    AND pg_relation_size(oid) > 0
"""


class Server:
    """A server; databases are copied from a template, which takes 40 ms."""

    def __init__(self, binaries: Path, folder: Path, *, durable: bool = False) -> None:
        self._binaries, self.folder = binaries, folder
        self._options = OPTIONS if durable else OPTIONS + HASTY
        self._account = _account(folder)

    def make(self) -> None:
        """Lay out the server's files."""
        command: list[str | Path] = [
            self._binaries / "initdb",
            "-D",
            self.folder / "data",
            "-U",
            "rejoinder",
            "-A",
            "trust",
        ]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "-N"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._account)

    def start(self) -> None:
        """Start it as our own child and wait until it answers."""
        command: list[str | Path] = [
            self._binaries / "postgres",
            "-D",
            self.folder / "data",
            "-k",
            self.folder,
        ]
        command += [word for option in self._options for word in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, **self._account
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it, with every connection; by SIGQUIT at once, as by a power cut."""
        self._process.send_signal(how)
        self._process.wait()

    def restart(self, *, while_down: Callable[[], None]) -> None:
        """Stop it, do something, start it."""
        self.stop()
        try:
            while_down()
        finally:
            self.start()

    def url(self, database: str) -> str:
        """The address of a database on this server."""
        return f"postgresql://rejoinder@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Run one statement outside of any test's database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database and return its address."""
        self.run(f"CREATE DATABASE {database} TEMPLATE {template}")
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, also from under its connections."""
        self.run(f"DROP DATABASE {database} WITH (FORCE)")

    def clean(self, database: str) -> None:
        """Take every row out of a database: a tenth of the time of making another."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(DISCONNECT)
            tables = [name for (name,) in connection.execute(FILLED_TABLES)]
            deletes = "".join(f"DELETE FROM {name};" for name in tables)
            connection.execute(f"SET session_replication_role = replica; {deletes}".encode())

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                return self.run("SELECT 1")
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.02)


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A server as our own child, run as `nobody` where we are root, and stopped at the end.

    `durable` is for drills: what it committed survives it, as on a server that people use.
    """
    binaries = _newest_binaries()
    folder = Path(
        tempfile.mkdtemp(prefix="rejoinder-pg-", dir="/tmp")
    )  # a socket's path has at most 107 bytes
    try:
        server = Server(binaries, folder, durable=durable)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder)


def _roomy_folder() -> str:
    """In memory where there is room; a short path, for a socket's has at most 107 bytes."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000:
        return str(memory)
    return "/tmp"


def _newest_binaries() -> Path:
    found = [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    found += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0),
    )
    usable = [path for path in found if (path / "initdb").exists() and (path / "postgres").exists()]
    return usable[-1] if usable else absent("postgresql", "needs PostgreSQL")


def _account(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
