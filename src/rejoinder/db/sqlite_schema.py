"""SQLite: creating, migrating and dumping the schema."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from . import findings, sqlite
from .findings import Finding
from .migrate import Migration, WrongSchema
from .tx import Engine

MIGRATION_WAIT_MS = 60_000
MOST_FAULTS = 5
FULL = 2  # synchronous: every commit waits for the disk


class SqliteSchema:
    """The schema of one database file."""

    engine: Engine = "sqlite"

    def __init__(self, path: Path, *, create: bool) -> None:
        """Open the file; with `create` an absent one is made. `WrongSchema` where there is none that can be used."""
        self.program = f"SQLite {apsw.sqlite_lib_version()}"
        self._path = path
        if not create and not path.exists():
            raise WrongSchema(f"There is no database at {path}. To make one, run: rejoinder migrate")
        with self._readable():
            if create:
                sqlite.create_file(path)
            self._leave_foreign_alone()
            self._connection = sqlite.connect(path, read_only=False)
        self._connection.set_busy_timeout(MIGRATION_WAIT_MS)

    def _leave_foreign_alone(self) -> None:
        """Another program's database is refused before our way of opening one would turn it into WAL mode."""
        looking = apsw.Connection(str(self._path), flags=apsw.SQLITE_OPEN_READWRITE)
        looking.set_busy_timeout(sqlite.BUSY_MS)
        try:
            _check_ours({str(name) for (name,) in looking.execute(_TABLES)})
        finally:
            looking.close()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Turn what is wrong with the file into a sentence."""
        try:
            yield
        except apsw.NotADBError as error:
            raise WrongSchema(f"{self._path} is not an SQLite database. Nothing was changed.") from error
        except apsw.CorruptError as error:
            raise WrongSchema(
                f"{self._path} is damaged ({error}). Keep a copy of it as it is and restore the latest backup."
            ) from error
        except apsw.BusyError as error:
            raise WrongSchema(
                f"{self._path} is locked by another program. Try again when it is done."
            ) from error
        except (OSError, *sqlite.UNTRUSTED, apsw.ReadOnlyError, apsw.PermissionsError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise WrongSchema(f"{self._path} can't be opened: {reason}.") from error

    def version(self) -> int | None:
        """The newest step that was applied, None in an empty file."""
        with self._readable():
            tables = {str(name) for (name,) in self._connection.execute(_TABLES)}
        if not tables:
            return None
        _check_ours(tables)
        version: int = self._connection.execute("SELECT max(version) FROM schema_versions").get
        return version

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Foreign keys are checked at the end: a table is changed by making it anew."""
        self._connection.execute("PRAGMA foreign_keys=OFF")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            if broken := self._connection.execute("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError(f"a migration left rows without what they refer to: {broken[:5]}")
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        finally:
            self._connection.execute("PRAGMA foreign_keys=ON")

    def apply(self, migration: Migration) -> None:
        """Run a step and note its version."""
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_versions"
            " (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT"
        )
        self._connection.execute(migration.sql).fetchall()
        self._connection.execute(
            "INSERT INTO schema_versions (version, name, applied_at) VALUES (?, ?, ?)",
            (migration.version, migration.name, time.time_ns() // 1_000_000),
        )

    def dump(self) -> str:
        """Every table with its indexes, views and triggers behind it, by name."""
        rows = self._connection.execute(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
            " ORDER BY tbl_name, type <> 'table', type, name"
        ).fetchall()
        return "\n\n".join(_tidy(str(sql)) for (sql,) in rows) + "\n" if rows else ""

    def examine(self) -> Iterator[Finding]:
        """SQLite's own check of every page, index and reference, and how it syncs."""
        rows = self._connection.execute(f"PRAGMA integrity_check({MOST_FAULTS})").fetchall()
        faults = [str(row[0]) for row in rows if row[0] != "ok"]
        if not faults:
            dangling = self._connection.execute("PRAGMA foreign_key_check").fetchall()
            faults = [
                f"a row of {row[0]} refers to {row[2]}, which is gone" for row in dangling[:MOST_FAULTS]
            ]
        yield findings.integrity(faults)

        journal = self._connection.execute("PRAGMA journal_mode").get
        sync = self._connection.execute("PRAGMA synchronous").get
        weak = [] if journal == "wal" else [f"journal_mode is {journal}"]
        weak += [] if sync >= FULL else [f"synchronous is {sync}"]
        yield findings.durability(weak, "What is acknowledged is on the disk (WAL, synchronous FULL).")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"


def _check_ours(tables: set[str]) -> None:
    if tables and "schema_versions" not in tables:
        raise WrongSchema("This is another program's database: it has tables, but none of Rejoinder's.")


def _tidy(sql: str) -> str:
    lines = (re.sub(r"\s+$", "", line) for line in sql.splitlines())
    return "\n".join(line for line in lines if line) + ";"
