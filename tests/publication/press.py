"""A publication at work: its folder, a real database, the real pages in front of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from starlette.types import ASGIApp

from rejoinder.comments import pages as comments
from rejoinder.db import Database
from rejoinder.publication import pages
from rejoinder.publication.reports import Report
from rejoinder.publication.sync import sync_folder
from rejoinder.settings import load_settings
from rejoinder.sites.lookup import Sites
from rejoinder.sites.models import Site
from rejoinder.sites.settle import settle_site
from rejoinder.slots import MINE, SLOTS
from rejoinder.web.application import make_app, running
from rejoinder.web.house import House
from rejoinder.web.keys import Keys
from rejoinder.web.rendering import Rendering
from rejoinder.web.snapshots import Snapshots
from rejoinder.web.static import Static

BASE_URL = "https://coast.example"


@dataclass
class Press:
    """What a test of the pages works with."""

    db: Database
    site: Site
    folder: Path
    app: ASGIApp

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file of the publication."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    async def sync(self) -> Report:
        """Bring the folder's articles into the database."""
        return await sync_folder(self.db, self.site.id, self.folder, now=datetime.now(UTC))

    def client(self, base_url: str = BASE_URL) -> httpx.AsyncClient:
        """A browser without cookies."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url=base_url)

    async def get(self, path: str) -> httpx.Response:
        """What a reader gets."""
        async with self.client() as client:
            return await client.get(path)


@asynccontextmanager
async def open_press(db: Database, static: Path, folder: Path) -> AsyncIterator[Press]:
    """A publication that is at work."""
    site = await db.write(settle_site, BASE_URL)
    sites = Sites(db)
    await sites.load()
    settings = load_settings({}, {"base_url": BASE_URL, "publication": str(folder)})
    rendering = Rendering(Static(static))
    snapshots = Snapshots(db, rendering, {"coast.example": BASE_URL}.get, limit=4 * 1024 * 1024)
    parts = House(settings, db, rendering, snapshots, Keys(db), SLOTS, MINE)
    state = {"sites": sites}
    app = make_app(parts, [pages.router, comments.router, pages.old_addresses], state=state)
    db.on_touch += [sites.touched]
    async with running(parts):
        yield Press(db, site, folder, app)
