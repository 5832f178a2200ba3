"""A private PostgreSQL, durable as it comes, on the disk that the SQLite files are on."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from bench.children import STARTS_WITHIN, Child, Missing


class Postgresql:
    """A server of one empty database, over a unix socket."""

    def __init__(self, folder: Path) -> None:
        binaries = _newest_binaries()
        folder.mkdir()
        account = _account(folder)
        layout = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "rejoinder", "-A", "trust"]
        layout += ["-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(layout, check=True, stdout=subprocess.DEVNULL, cwd=folder, **account)
        serve = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
        self._child = Child([*serve, "-c", "listen_addresses="], folder / "log", cwd=folder, **account)
        self._wait(f"postgresql://rejoinder@/postgres?host={folder}")
        self.url = f"postgresql://rejoinder@/bench?host={folder}"

    def stop(self) -> None:
        """End it, with every connection."""
        self._child.stop(signal.SIGINT)

    def _wait(self, url: str) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute("CREATE DATABASE bench TEMPLATE template0")
                return
            except psycopg.OperationalError:
                self._child.check(deadline)
                time.sleep(0.05)


def _newest_binaries() -> Path:
    found = [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    found += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0),
    )
    usable = [path for path in found if (path / "initdb").exists()]
    if not usable:
        raise Missing("PostgreSQL is not on this machine: run scripts/setup bench")
    return usable[-1]


def _account(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
