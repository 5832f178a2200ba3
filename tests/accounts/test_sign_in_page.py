"""Where staff come in: never over a way on which others can read along."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from rejoinder.accounts.models import Role, Signature
from rejoinder.accounts.sign_in import admit, sign_in
from rejoinder.app import build_app
from rejoinder.db import Database
from rejoinder.settings import load_settings
from rejoinder.sites.models import Site
from rejoinder.sites.settle import settle_site

BOB = Signature("Bob", "bob")


async def follow_link(db: Database, site: Site, code: str) -> httpx.Response:
    app: Any = build_app(load_settings({}, {"base_url": site.base_url}), db)
    await app.app.state.house.keys.load()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=site.base_url) as browser:
        return await browser.post("/sign-in", data={"code": code}, headers={"sec-fetch-site": "same-origin"})


@pytest.mark.parametrize(
    ("base_url", "status"),
    [("https://news.example", 303), ("http://127.0.0.1:8080", 303), ("http://news.example", 403)],
)
def test_staff_sign_in_over_https_or_on_this_machine_only(db: Database, base_url: str, status: int) -> None:
    site = db.write_now(settle_site, base_url)
    code = db.write_now(admit, site.id, BOB, Role.MODERATOR, now=datetime.now(UTC))

    answer = asyncio.run(follow_link(db, site, code))

    assert answer.status_code == status
    assert ("set-cookie" in answer.headers) == (status == 303)
    if status == 403:  # the link was not used up for nothing
        assert db.write_now(sign_in, site.id, code, now=datetime.now(UTC))
