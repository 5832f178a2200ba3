"""A small schema of its own: the tests of db/ know no feature."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from databases import Databases
from rejoinder.db import Database, Engine, open_database

MIGRATIONS = Path(__file__).parent / "migrations"


@pytest.fixture
def notes_url(databases: Databases, engine: Engine) -> Iterator[str]:
    """The address of a database with the table `notes`."""
    with databases.migrated(engine, MIGRATIONS) as url:
        yield url


@pytest.fixture
def notes(notes_url: str) -> Iterator[Database]:
    """A database with the table `notes`."""
    database = open_database(notes_url, migrations=MIGRATIONS)
    yield database
    database.close()
