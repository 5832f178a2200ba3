"""The demo, built once an engine, and served to each test that asks for it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from databases import Databases
from rejoinder.app import build_app
from rejoinder.db import Database, Engine, open_database
from rejoinder.demo.build import furnish, lay_out_folder
from rejoinder.demo.pages import router
from rejoinder.settings import Settings, load_settings
from rejoinder.subscribers import FOLLOWERS

BASE_URL = "http://127.0.0.1:8080"
EVENING = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the server does."""
    return "asyncio"


@dataclass(frozen=True)
class Built:
    """A demo that is ready to be served."""

    database_url: str
    settings: Settings
    sign_in: str


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def built(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    """The demo as it is after its first start, on an evening in November."""
    engine: Engine = request.param
    publication = lay_out_folder(tmp_path_factory.mktemp("demo"), today=EVENING.date())
    settings = load_settings({}, {"publication": publication})
    with databases.migrated(engine) as url:
        with opened(url) as db:
            link = asyncio.run(furnish(db, settings, now=datetime.now(UTC)))
        yield Built(url, settings, link)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database at this address, as a server opens it."""
    db = open_database(url, followers=FOLLOWERS)
    try:
        yield db
    finally:
        db.close()


@asynccontextmanager
async def serving(
    db: Database, settings: Settings, *, as_demo: bool = True
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before the whole server."""
    app = build_app(settings, db, also=(router,) if as_demo else ())
    inner = app.app  # type: ignore[attr-defined]  # the framework's app behind the shortcut
    async with inner.router.lifespan_context(inner):
        transport = httpx.ASGITransport(app=app)
        own = {"sec-fetch-site": "same-origin"}
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=own) as browser:
            yield browser


@pytest.fixture
async def browser(anyio_backend: str, built: Built) -> AsyncIterator[httpx.AsyncClient]:
    """A reader of the demo."""
    with opened(built.database_url) as db:
        async with serving(db, built.settings) as browser:
            yield browser


PIECES = ("harbour-light", "library-hours", "town-trees", "night-train", "dawn-bread")
PAGES = ("/", "/styleguide", "/styleguide?lang=ar", *(f"/articles/{slug}" for slug in PIECES))


@pytest.fixture(scope="module")
def pages(built: Built) -> dict[str, str]:
    """What a reader sees at each address of the demo, fetched once."""

    async def fetch() -> dict[str, str]:
        with opened(built.database_url) as db:
            async with serving(db, built.settings) as browser:
                answers = {url: await browser.get(url) for url in PAGES}
        assert [url for url, answer in answers.items() if answer.status_code != 200] == []
        return {url: answer.text for url, answer in answers.items()}

    return asyncio.run(fetch())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a demo may be kept."""
    return tmp_path / "kept"
