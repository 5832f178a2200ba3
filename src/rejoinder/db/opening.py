"""From a database's address to a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .database import Database, Runner
from .migrate import MIGRATIONS, SchemaConnection, check_version, load_migrations
from .migrate import migrate as apply_migrations
from .sqlite_runner import SqliteRunner
from .sqlite_schema import SqliteSchema
from .tx import Followers

NO_FOLLOWERS: Followers = {}


def open_database(
    url: str, *, followers: Followers = NO_FOLLOWERS, create: bool = False, migrations: Path = MIGRATIONS
) -> Database:
    """Open `sqlite:///path` (absolute: four slashes) or `postgresql://…`; nothing runs before the first work.

    `create` makes the schema in an absent or empty database. Raises `WrongSchema` for any other schema than
    this version's, `ValueError` for an address of neither kind, `RuntimeError` for an unsafe SQLite library.
    """
    with schema_of(url, create=create) as schema:
        known = load_migrations(migrations, schema.engine)
        if create and schema.version() is None:
            apply_migrations(schema, known)
        check_version(schema, known)
    return Database(_runner(url, followers), followers)


def migrate(url: str, *, migrations: Path = MIGRATIONS) -> list[str]:
    """Bring a database to this version's schema and return the names of the steps taken."""
    with schema_of(url, create=True) as schema:
        return [step.name for step in apply_migrations(schema, load_migrations(migrations, schema.engine))]


def schema_version(url: str) -> int:
    """The number of the newest step that a database has; 0 when it is empty."""
    with schema_of(url, create=False) as schema:
        return schema.version() or 0


def dump_schema(url: str) -> str:
    """The schema of a database as text, the same whatever way it came about."""
    with schema_of(url, create=False) as schema:
        return schema.dump()


def is_sqlite(url: str) -> bool:
    """Whether an address names a SQLite file; `ValueError` where it names no database of ours."""
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return True
    if url.startswith(("postgresql://", "postgres://")):
        return False
    raise ValueError("a database's address begins with sqlite:/// or postgresql://")


def sqlite_path(url: str) -> Path:
    """The file that `sqlite:///rejoinder.db` (here) or `sqlite:////srv/rejoinder.db` (absolute) names."""
    return Path(url.removeprefix("sqlite:///")).absolute()


def _runner(url: str, followers: Followers) -> Runner:
    if is_sqlite(url):
        return SqliteRunner(sqlite_path(url), followers)
    from .postgresql_runner import PostgresqlRunner  # noqa: PLC0415 - psycopg is loaded for who uses it

    return PostgresqlRunner(url, followers)


@contextmanager
def schema_of(url: str, *, create: bool) -> Iterator[SchemaConnection]:
    """The schema of a database while the block runs; `create` makes an absent SQLite file."""
    schema = _schema_connection(url, create=create)
    try:
        yield schema
    finally:
        schema.close()


def _schema_connection(url: str, *, create: bool) -> SchemaConnection:
    if is_sqlite(url):
        return SqliteSchema(sqlite_path(url), create=create)
    from .postgresql_schema import PostgresqlSchema  # noqa: PLC0415 - psycopg is loaded for who uses it

    return PostgresqlSchema(url)
