"""A private PostgreSQL for one test process: no TCP port, no fsync, nothing left behind."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from requirements import absent

OPTIONS = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=200",
    "listen_addresses=",
]


class Server:
    """A running server; databases are copied from a template, which takes 40 ms."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]") -> None:
        self.folder, self.process = folder, process

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


@contextmanager
def running() -> Iterator[Server]:
    """Start a server as our own child, as `nobody` where we are root, and stop it at the end."""
    binaries = _newest_binaries()
    folder = Path(
        tempfile.mkdtemp(prefix="rejoinder-pg-", dir="/tmp")
    )  # a socket's path has at most 107 bytes
    try:
        with _server(binaries, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@contextmanager
def _server(binaries: Path, folder: Path) -> Iterator[Server]:
    account = _account(folder)
    command = [
        "-D",
        folder / "data",
        "-U",
        "rejoinder",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    ]
    subprocess.run(
        [binaries / "initdb", *command], check=True, stdout=subprocess.DEVNULL, cwd=folder, **account
    )
    options = [word for option in OPTIONS for word in ("-c", option)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", "-k", folder, *options],
            stdout=log, stderr=log, cwd=folder, **account,
        )  # fmt: skip
    server = Server(folder, process)
    try:
        _wait_for(server)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


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


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            return server.run("SELECT 1")
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((server.folder / "log").read_text()) from None
            time.sleep(0.02)
