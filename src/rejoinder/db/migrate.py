"""Numbered migrations, written once in SQL that both engines share.

For PostgreSQL `INTEGER, BLOB, REAL` become `bigint, bytea, double precision`, and `STRICT` after a table goes.
Lines after `-- sqlite:` or `-- postgresql:` are for that engine alone and stay as they are, until `-- both:`.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .findings import Finding
from .tx import Engine

MIGRATIONS = Path(__file__).parent / "migrations"

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_SECTION = re.compile(r"^-- (sqlite|postgresql|both):[ \t]*\n", re.MULTILINE)
_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | \b(?:INTEGER|BLOB|REAL)\b"""
    r""" | \s+ (?:STRICT|WITHOUT\ ROWID) (?:\s*,\s*(?:STRICT|WITHOUT\ ROWID))? (?=\s*;)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"INTEGER": "bigint", "BLOB": "bytea", "REAL": "double precision"}


class WrongSchema(Exception):
    """The database has another schema than this version needs; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step."""

    version: int
    name: str
    sql: str


class SchemaConnection(Protocol):
    """What creating and migrating needs from an engine."""

    engine: Engine
    program: str  # the engine's name and version, for people

    def version(self) -> int | None:
        """The newest step that was applied; None in an empty database. `WrongSchema` where the tables are foreign."""

    def locked(self) -> AbstractContextManager[None]:
        """A transaction that waits until no other process migrates; an exception undoes all of it."""

    def apply(self, migration: Migration) -> None:
        """Run a step and note its version."""

    def dump(self) -> str:
        """The schema as text, the same whatever way it came about."""

    def examine(self) -> Iterator[Finding]:
        """What the engine says about its files and its settings."""

    def close(self) -> None:
        """Let go of the connection."""


def load_migrations(folder: Path, engine: Engine) -> list[Migration]:
    """Read the steps of a folder in order; numbers begin at 1 and leave no gap, else `ValueError`."""
    migrations = []
    for number, path in enumerate(sorted(folder.glob("*.sql")), start=1):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None or int(match[1]) != number:
            raise ValueError(
                f"{path.name} should have number {number:04} and be named like 0001_what_it_does.sql"
            )
        migrations.append(Migration(number, path.stem, for_engine(path.read_text("utf-8"), engine)))
    return migrations


def for_engine(sql: str, engine: Engine) -> str:
    """The part of a migration that is for one engine, in that engine's words."""
    parts = _SECTION.split(f"-- both:\n{sql}")[1:]  # name, text, name, text, …
    kept = []
    for section, text in zip(parts[::2], parts[1::2], strict=True):
        if section == engine:
            kept.append(text)
        elif section == "both":
            kept.append(text if engine == "sqlite" else _TOKEN.sub(_postgresql_word, text))
    return "".join(kept)


def _postgresql_word(token: re.Match[str]) -> str:
    text = token[0]
    if text.lstrip().startswith(("STRICT", "WITHOUT")):
        return ""
    return _WORDS.get(text, text)


def migrate(schema: SchemaConnection, migrations: list[Migration]) -> list[Migration]:
    """Apply the steps that are missing, all or none, and return them; a newer schema raises `WrongSchema`."""
    with schema.locked():
        version = schema.version() or 0
        _refuse_newer(version, migrations)
        for migration in migrations[version:]:
            schema.apply(migration)
        return migrations[version:]


def check_version(schema: SchemaConnection, migrations: list[Migration]) -> None:
    """Refuse a database with an older, a newer or no schema: `WrongSchema` names the command to run."""
    version = schema.version() or 0
    _refuse_newer(version, migrations)
    if version < len(migrations):
        state = (
            f"has schema {version}, this version of Rejoinder needs {len(migrations)}"
            if version
            else "is empty"
        )
        raise WrongSchema(f"The database {state}. Make a backup, then run: rejoinder migrate")


def _refuse_newer(version: int, migrations: list[Migration]) -> None:
    if version > len(migrations):
        raise WrongSchema(
            f"The database has schema {version}; this version of Rejoinder knows {len(migrations)}. "
            "It was used by a newer version: install that one, or restore a backup. Nothing was changed."
        )
