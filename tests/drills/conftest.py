"""Databases for drills: as people run them, durable."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import postgresql_server
from rejoinder.db import Engine


@pytest.fixture(scope="session")
def durable_server() -> Iterator[postgresql_server.Server]:
    """A PostgreSQL that keeps what it committed."""
    with postgresql_server.running(durable=True) as server:
        yield server


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which there is nothing yet."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path}/data/rejoinder.db"
        return
    server: postgresql_server.Server = request.getfixturevalue("durable_server")
    yield server.create("drill")
    server.drop("drill")
