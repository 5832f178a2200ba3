"""What every test may ask for: a database on both engines, and the files in `../shared`."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

import postgresql_server
from attacks import Corpora, read_corpora
from cast import Stage, set_stage
from databases import Databases
from rejoinder.db import Database, Engine, open_database
from rejoinder.subscribers import FOLLOWERS
from requirements import absent
from serving import Serving, fill, serving
from signed_tokens import WAYS

# Timings live in `make bench`; a busy machine is no fault of a property.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql_server.Server]:
    """A private PostgreSQL of this test process; skipped where there is none."""
    with postgresql_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Makes databases: `with databases.migrated("sqlite") as url`, `with databases.empty("postgresql") as url`."""
    return Databases(tmp_path_factory.mktemp("databases"), lambda: request.getfixturevalue("server"))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every test that uses this, or what follows, runs on both engines."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def database_url(databases: Databases, engine: Engine) -> Iterator[str]:
    """The address of a fresh database with the schema and no row."""
    with databases.migrated(engine) as url:
        yield url


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A fresh database with the schema and no row, opened without followers."""
    database = open_database(database_url)
    yield database
    database.close()


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    """A site with an article, its thread and its staff, on both engines, with everything that follows an event."""
    database = open_database(database_url, followers=FOLLOWERS)
    yield set_stage(database)
    database.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with samples and corpora: REJOINDER_SHARED, or `../shared` beside the repository."""
    folder = Path(os.environ.get("REJOINDER_SHARED") or Path(__file__).parents[2] / "shared")
    return folder if folder.is_dir() else absent("shared", "needs ../shared")


@pytest.fixture(scope="session")
def corpora(shared: Path) -> Corpora:
    """What attackers write, collected by others."""
    return read_corpora(shared / "corpora")


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle as the build makes it."""
    folder = tmp_path_factory.mktemp("static")
    manifest = {"page.css": "page-AAAAAAAA.css", "page.js": "page-BBBBBBBB.js"}
    for name in manifest.values():
        (folder / name).write_text("/* */")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture(scope="session")
def lamp(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """“The Lamp”, a publication that a real server serves; each test takes an article of its own (`lamp.article()`)."""
    folder = tmp_path_factory.mktemp("lamp") / "publication"
    fill(folder)
    with databases.migrated("sqlite") as url, serving(url, folder, **WAYS) as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def each_lamp(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """The same on both engines, for what an engine could do differently."""
    if request.param == "sqlite":
        yield request.getfixturevalue("lamp")
        return
    folder = tmp_path_factory.mktemp("lamp-postgresql") / "publication"
    fill(folder)
    with databases.migrated(request.param) as url, serving(url, folder, **WAYS) as server:
        yield server
