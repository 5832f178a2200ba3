"""A folder that is the site, and its synchronisation."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from databases import Databases
from publication.press import Press, open_press
from rejoinder.db import Database, open_database
from rejoinder.publication.reports import Report
from rejoinder.publication.seen import Seen
from rejoinder.publication.sync import sync_folder
from rejoinder.sites.models import Site
from rejoinder.sites.settle import settle_site

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.fixture
def site(db: Database) -> Site:
    return db.write_now(settle_site, "http://127.0.0.1:8080")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "publication"
    root.mkdir()
    return root


Write = Callable[[str, str], Path]


@pytest.fixture
def write(folder: Path) -> Write:
    """Write a file of the publication."""

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


Sync = Callable[..., Report]


@pytest.fixture
def sync(db: Database, site: Site, folder: Path) -> Sync:
    """Synchronise the folder, from scratch or with what was seen before."""

    def sync(seen: Seen | None = None, now: datetime = NOON) -> Report:
        return asyncio.run(sync_folder(db, site.id, folder, now=now, seen=seen))

    return sync


def png(width: int, height: int) -> bytes:
    """The head of a PNG, which is all that tells its size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + bytes(4)


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture
async def press(anyio_backend: str, databases: Databases, bundle: Path, folder: Path) -> AsyncIterator[Press]:
    """A publication at work, on SQLite."""
    with databases.migrated("sqlite") as url:
        async with open_press(open_database(url), bundle, folder) as press:
            yield press
