"""PostgreSQL: creating, migrating and dumping the schema."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from rejoinder.errors import Unavailable

from . import findings, postgresql
from .findings import Finding
from .migrate import Migration, WrongSchema
from .postgresql import PostgresqlConnection
from .records import Row
from .tx import Engine

MIGRATION_LOCK = 0x72656A6F  # "rejo": one lock number of the database, held while one process migrates

OLDEST_SERVER = 140_000
KNOWS_COLLATION = 150_000  # from here on a database remembers which version of an order it was made with


class PostgresqlSchema:
    """The schema of one database."""

    engine: Engine = "postgresql"

    def __init__(self, url: str) -> None:
        try:
            self._connection = PostgresqlConnection(postgresql.connect(url))
        except psycopg.OperationalError as error:
            raise Unavailable(
                "no-database", f"PostgreSQL can't be reached: {error}", retry_after=5
            ) from error
        self._server = self._connection.raw.info.server_version
        self.program = f"PostgreSQL {self._server // 10_000}.{self._server % 10_000}"

    def version(self) -> int | None:
        """The newest step that was applied, None in an empty database."""
        tables = {
            name
            for (name,) in self._rows("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND " + _OURS)
        }
        if not tables:
            return None
        if "schema_versions" not in tables:
            raise WrongSchema("This is another program's database: it has tables, but none of Rejoinder's.")
        version: int = self._rows("SELECT max(version) FROM schema_versions")[0][0]
        return version

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The lock ends with the transaction, also when this process dies."""
        with self._connection.raw.transaction():
            self._rows("SET LOCAL lock_timeout = 0")
            self._rows("SET LOCAL statement_timeout = 0")
            self._rows(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            yield

    def apply(self, migration: Migration) -> None:
        """Run a step and note its version."""
        self._rows(
            "CREATE TABLE IF NOT EXISTS schema_versions"
            " (version bigint PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)"
        )
        self._connection.raw.execute(migration.sql.encode())
        self._connection.run(
            "INSERT INTO schema_versions (version, name, applied_at) VALUES (:version, :name, :at)",
            {"version": migration.version, "name": migration.name, "at": time.time_ns() // 1_000_000},
        )

    def dump(self) -> str:
        """Every table with its columns, constraints, indexes and triggers, then functions and views, by name."""
        tables = self._rows(
            f"SELECT oid::bigint, relname::text FROM pg_class WHERE relkind = 'r' AND {_OURS} ORDER BY relname"
        )
        parts = [self._table(oid, name) for oid, name in tables]
        parts += [f"{text.strip()};" for (text,) in self._rows(_FUNCTIONS)]
        parts += [f"CREATE VIEW {name} AS\n{text}" for name, text in self._rows(_VIEWS)]
        return "\n\n".join(parts) + "\n" if parts else ""

    def examine(self) -> Iterator[Finding]:
        """Whether the server is one we know, its files whole, its commits durable, its order of text steady."""
        if self._server < OLDEST_SERVER:
            yield Finding(
                "library", f"{self.program} is older than what we test with.", "Install 14 or newer."
            )
        yield findings.integrity([text for (text,) in self._rows(_DAMAGE)])
        weak = [f"{name} is off" for name, value in self._rows(_DURABILITY) if value == "off"]
        yield findings.durability(weak, "What is acknowledged is on the disk (fsync, synchronous_commit).")
        yield self._text()

    def _text(self) -> Finding:
        """Encoding, and whether the operating system still sorts as it did when the indexes were made."""
        encoding = self._rows(_ENCODING)[0][0]
        if encoding != "UTF8":
            return Finding(
                "text", f"The database keeps text as {encoding}.", "Make it anew with ENCODING 'UTF8'."
            )
        moved = self._server >= KNOWS_COLLATION and self._rows(_COLLATION_MOVED)[0][0]
        if moved:
            return Finding(
                "text",
                "The operating system sorts text differently than when the indexes were made.",
                "Run: REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION.",
            )
        return Finding("text", "Text is UTF-8, and its order has not moved.")

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.raw.close()

    def _table(self, oid: int, name: str) -> str:
        lines = [text for (text,) in self._rows(_COLUMNS, oid=oid)]
        lines += [text for (text,) in self._rows(_CONSTRAINTS, oid=oid)]
        behind = [
            f"\n\n{text};" for (text,) in self._rows(_INDEXES, oid=oid) + self._rows(_TRIGGERS, oid=oid)
        ]
        return f"CREATE TABLE {name} (\n    " + ",\n    ".join(lines) + "\n);" + "".join(behind)

    def _rows(self, sql: str, **binds: int) -> list[Row]:
        return self._connection.rows(sql, binds)[1]


_DAMAGE = """
SELECT 'the index ' || relname || ' is unusable' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT checksum_failures || ' pages failed their checksum' FROM pg_stat_database
WHERE datname = current_database() AND checksum_failures > 0
"""

_DURABILITY = """
SELECT name::text, setting::text FROM pg_settings
WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name
"""

_ENCODING = "SELECT pg_encoding_to_char(encoding)::text FROM pg_database WHERE datname = current_database()"

_COLLATION_MOVED = """
SELECT coalesce(datcollversion <> pg_database_collation_actual_version(oid), false)
FROM pg_database WHERE datname = current_database()
"""

_OURS = "relnamespace = current_schema()::regnamespace"

_COLUMNS = """
SELECT quote_ident(attname) || ' ' || format_type(atttypid, atttypmod)
    || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
    || coalesce(CASE WHEN attgenerated = 's' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(adbin, adrelid) || ') STORED'
                     ELSE ' DEFAULT ' || pg_get_expr(adbin, adrelid) END, '')
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = :oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""

_CONSTRAINTS = """
SELECT 'CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = :oid AND contype IN ('p', 'u', 'f', 'c') ORDER BY conname
"""

_INDEXES = """
SELECT pg_get_indexdef(indexrelid, 0, true) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = :oid AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND conrelid = :oid)
ORDER BY relname
"""

_TRIGGERS = "SELECT pg_get_triggerdef(oid, true) FROM pg_trigger WHERE tgrelid = :oid AND NOT tgisinternal ORDER BY tgname"

_FUNCTIONS = """
SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    AND prokind = 'f' AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') ORDER BY proname
"""

_VIEWS = f"SELECT relname::text, pg_get_viewdef(oid) FROM pg_class WHERE relkind = 'v' AND {_OURS} ORDER BY relname"
