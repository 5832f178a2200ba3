"""What can be wrong with a database below the features: its library, its file or server, its schema."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import apsw

from rejoinder.errors import Refusal

from . import findings, sqlite
from .findings import Finding
from .migrate import MIGRATIONS, SchemaConnection, WrongSchema, check_version, load_migrations
from .opening import is_sqlite, schema_of, sqlite_path


def examine(url: str, *, migrations: Path = MIGRATIONS) -> Iterator[Finding]:
    """Look at a database without changing it; where "database" or "schema" is not well, no feature can use it."""
    try:
        if is_sqlite(url):
            yield from _file(sqlite_path(url))
        with schema_of(url, create=False) as schema:
            yield Finding("database", f"The database is open ({schema.program}).")
            yield _schema(schema, migrations)
            yield from schema.examine()
    except (WrongSchema, Refusal, RuntimeError, OSError, apsw.Error) as error:
        yield Finding("database", str(error), "Nothing else can be looked at before this is put right.")


def _file(path: Path) -> Iterator[Finding]:
    sqlite.check_library()
    yield Finding("library", f"SQLite {apsw.sqlite_lib_version()} is past the bug that damages databases.")
    if path.exists():
        yield _permissions(path)
        yield findings.space(shutil.disk_usage(path.parent).free, path.stat().st_size)


def _permissions(path: Path) -> Finding:
    """Whether other accounts of the machine can read the file or its log, or put another one in its place."""
    beside = [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]
    readable = [str(file) for file in beside if file.exists() and file.stat().st_mode & 0o077]
    if readable:
        return Finding(
            "permissions",
            "Other accounts of this machine can read what readers wrote.",
            "Run: chmod 600 " + " ".join(readable),
        )
    mode = path.parent.stat().st_mode
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        return Finding(
            "permissions",
            "Anybody on this machine can put another file in the database's place.",
            f"Run: chmod o-w {path.parent}",
        )
    if not os.access(path, os.W_OK):
        return Finding("permissions", f"{path} can't be written.", "Run this as the account that serves.")
    return Finding("permissions", "Only its owner can read the database.")


def _schema(schema: SchemaConnection, migrations: Path) -> Finding:
    known = load_migrations(migrations, schema.engine)
    try:
        check_version(schema, known)
    except WrongSchema as wrong:
        return Finding("schema", str(wrong), "The server does not start before that.")
    return Finding("schema", f"The schema is number {len(known)}, as this version needs it.")
