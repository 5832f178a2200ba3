"""SQLite: connections, statements, and what its errors mean."""

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import apsw

from rejoinder.errors import Invalid

from . import refusals
from .records import Bind, Row, plain
from .statements import bound
from .tx import Engine

SAFE_VERSION = (
    3_051_003  # older ones can corrupt a WAL database when two connections write or checkpoint at once
)
BUSY_MS = 5000
WRITER_CACHE_KIB = 4000
READER_CACHE_KIB = 2000
KEPT_STATEMENTS = 300

UNTRUSTED = (apsw.IOError, apsw.CantOpenError, apsw.CorruptError, apsw.NotADBError)

_TAKEN = (apsw.SQLITE_CONSTRAINT_UNIQUE, apsw.SQLITE_CONSTRAINT_PRIMARYKEY, apsw.SQLITE_CONSTRAINT_ROWID)


def check_library() -> None:
    """Refuse a SQLite library with the WAL-reset bug: `RuntimeError` says what to install."""
    if apsw.SQLITE_VERSION_NUMBER < SAFE_VERSION or _loaded_version() < SAFE_VERSION:
        raise RuntimeError(
            f"SQLite {apsw.sqlite_lib_version()} can corrupt a database in WAL mode; 3.51.3 or newer is needed. "
            "Install apsw from PyPI: it brings its own SQLite."
        )


def _loaded_version() -> int:
    major, minor, patch = (int(part) for part in apsw.sqlite_lib_version().split("."))
    return major * 1_000_000 + minor * 1_000 + patch


def connect(path: Path, *, read_only: bool) -> apsw.Connection:
    """Open an existing database file, durable and with foreign keys."""
    check_library()
    connection = apsw.Connection(
        str(path),
        flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_NOMUTEX,
        statementcachesize=KEPT_STATEMENTS,
    )
    connection.set_busy_timeout(BUSY_MS)
    # Or each new value that is looked up by an index makes SQLite plan the statement anew: three times its cost.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
    _use_wal(connection)
    connection.execute(
        f"PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
        f"PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON;"  # what is erased is overwritten with zeros
        f"PRAGMA cache_size=-{READER_CACHE_KIB if read_only else WRITER_CACHE_KIB};"
        f"PRAGMA query_only={'ON' if read_only else 'OFF'}"
    ).fetchall()  # or it stops at the first that answers with a row
    return connection


def empty_log(path: Path) -> bool:
    """Write all that is in the log into the database and cut the log to nothing; whether nobody was in the way."""
    connection = connect(path, read_only=False)
    try:
        busy, _, _ = next(iter(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")))
        return not busy
    finally:
        connection.close()


def _use_wal(connection: apsw.Connection) -> None:
    """Two processes that open a new file at once get in each other's way here, past the busy timeout."""
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            if connection.execute("PRAGMA journal_mode=WAL").get == "wal":
                return
            raise RuntimeError(
                "this file system has no room for SQLite's WAL mode: put the database on a local disk"
            )
        except apsw.BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def create_file(path: Path) -> None:
    """Make an empty database file that only its owner can read, and its folder; keep one that is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


class SqliteConnection:
    """Runs statements for a transaction."""

    engine: Engine = "sqlite"

    def __init__(self, connection: apsw.Connection) -> None:
        self.raw = connection

    def rows(self, sql: str, binds: Mapping[str, Bind]) -> tuple[tuple[str, ...], list[Row]]:
        """Always all rows: a half-read cursor holds back the checkpoint."""
        cursor = self.raw.execute(*bound(sql, binds))
        try:
            columns = cursor.get_description()
        except apsw.ExecutionCompleteError:
            return (), []
        return tuple([column[0] for column in columns]), cursor.fetchall()

    def run(self, sql: str, binds: Mapping[str, Bind]) -> int:
        """How many rows were changed, cascades not counted."""
        self.raw.execute(*bound(sql, binds)).fetchall()
        return self.raw.changes()

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Bind]]) -> int:
        """One by one: SQLite has no round trips to save, and tells the changes of the last statement only."""
        cursor = self.raw.cursor()
        changed = 0
        for row in rows:
            cursor.execute(sql, {name: plain(value) for name, value in row.items()}).fetchall()  # type: ignore[arg-type]
            changed += self.raw.changes()
        return changed


def refusal(error: BaseException) -> BaseException:
    """What an error of the engine means to a caller; other errors are themselves."""
    if isinstance(error, apsw.ConstraintError):
        return _broken_constraint(error)
    if isinstance(error, apsw.FullError):
        return refusals.storage_full()
    if isinstance(error, UNTRUSTED):
        return refusals.storage_failed()
    if isinstance(error, apsw.BusyError | apsw.LockedError):
        return refusals.busy()
    if isinstance(error, UnicodeEncodeError):
        return Invalid("unreadable-text", "This text holds a character that can't be stored.")
    return error


def _broken_constraint(error: apsw.ConstraintError) -> BaseException:
    code: int = error.extendedresult  # type: ignore[attr-defined]  # apsw's stubs lack it
    if code in _TAKEN:
        return refusals.already_there()
    if code == apsw.SQLITE_CONSTRAINT_FOREIGNKEY:
        return refusals.gone_meanwhile()
    return error
