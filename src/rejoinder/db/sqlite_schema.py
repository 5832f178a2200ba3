"""SQLite: creating, migrating and dumping the schema."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from . import sqlite
from .migrate import Migration, WrongSchema
from .tx import Engine

MIGRATION_WAIT_MS = 60_000


class SqliteSchema:
    """The schema of one database file."""

    engine: Engine = "sqlite"

    def __init__(self, path: Path, *, create: bool) -> None:
        """Open the file; with `create` an absent one is made, else it is a `WrongSchema`."""
        if create:
            sqlite.create_file(path)
        elif not path.exists():
            raise WrongSchema(f"There is no database at {path}. To make one, run: rejoinder migrate")
        try:
            self._connection = sqlite.connect(path, read_only=False)
        except apsw.NotADBError as error:
            raise WrongSchema(f"{path} is not an SQLite database.") from error
        self._connection.set_busy_timeout(MIGRATION_WAIT_MS)

    def version(self) -> int | None:
        """The newest step that was applied, None in an empty file."""
        tables = {
            name
            for (name,) in self._connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
        if not tables:
            return None
        if "schema_versions" not in tables:
            raise WrongSchema("This is another program's database: it has tables, but none of Rejoinder's.")
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

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _tidy(sql: str) -> str:
    lines = (re.sub(r"\s+$", "", line) for line in sql.splitlines())
    return "\n".join(line for line in lines if line) + ";"
