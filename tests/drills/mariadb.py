"""A private MariaDB for one drill: a socket and no port, its own folder, nothing left behind."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from requirements import absent

OPTIONS = ["--skip-networking", "--character-set-server=utf8mb4", "--pid-file=pid", "--skip-log-bin"]
OPTIONS += ["--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync"]  # nothing has to survive
NO_PASSWORD = ["--skip-test-db", "--auth-root-authentication-method=normal"]
UP_WITHIN = 60  # seconds


@contextmanager
def running(database: str) -> Iterator[Path]:
    """A server as our own child, run as `nobody` where we are root, with one empty database: its socket.

    Who can open the socket is root, without a password.
    """
    server = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if server is None:
        absent("wordpress", "needs MariaDB")
    folder = Path(tempfile.mkdtemp(prefix="rejoinder-db-", dir="/tmp"))  # a socket's path has few bytes
    account = _account(folder)
    socket = folder / "socket"
    try:
        _lay_out(folder, account)
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [server, "--no-defaults", f"--datadir={folder}/data", f"--socket={socket}", *OPTIONS],
                stdout=log,
                stderr=log,
                cwd=folder,
                **account,
            )
        try:
            _create(database, socket, process, folder / "log")
            yield socket
        finally:
            process.kill()  # nothing of it is kept
            process.wait()
    finally:
        shutil.rmtree(folder)


def _lay_out(folder: Path, account: dict[str, Any]) -> None:
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={folder}/data", *NO_PASSWORD],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        timeout=120,
        **account,
    )


def _create(database: str, socket: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until it answers, and make the database."""
    words = ["mariadb", "--no-defaults", f"--socket={socket}", "--user=root"]
    words.append(f"--execute=CREATE DATABASE {database}")
    end = time.monotonic() + UP_WITHIN
    while subprocess.run(words, capture_output=True, check=False, timeout=30).returncode != 0:
        assert process.poll() is None and time.monotonic() < end, log.read_text()
        time.sleep(0.1)


def _account(folder: Path) -> dict[str, Any]:
    """MariaDB refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
