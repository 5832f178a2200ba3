"""Databases for drills: as people run them, durable."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import postgresql_server
from rejoinder.db import Engine, new_id


@pytest.fixture(scope="session")
def durable_server() -> Iterator[postgresql_server.Server]:
    """A PostgreSQL that keeps what it committed."""
    with postgresql_server.running(durable=True) as server:
        yield server


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which there is nothing yet."""
    with empty_database(engine, tmp_path, request) as url:
        yield url


@contextmanager
def empty_database(engine: Engine, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The same for fixtures that last longer."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/data/rejoinder.db"
        return
    server: postgresql_server.Server = request.getfixturevalue("durable_server")
    yield server.create(name := f"drill_{new_id()}")
    server.drop(name)
