"""What is saved in the folder is served a moment later."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from publication.press import Press
from rejoinder.publication.reports import Report
from rejoinder.publication.watch import watch_folder

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def watching(press: Press) -> AsyncIterator[list[Report]]:
    """The watcher at work; its reports."""
    stop, reports = asyncio.Event(), list[Report]()
    task = asyncio.create_task(
        watch_folder(press.db, press.site.id, press.folder, stop=stop, tell=reports.append)
    )
    try:
        yield reports
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def comes(press: Press, path: str, words: str) -> str:
    """The page, as soon as it says so."""
    for _ in range(150):
        page = await press.get(path)
        if words in page.text:
            return page.text
        await asyncio.sleep(0.1)
    raise AssertionError(f"{path} never said {words!r}")


async def told_of_errors(reports: list[Report]) -> None:
    """Until the last report has some."""
    for _ in range(150):
        if reports[-1].errors:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("nobody told of the errors")


async def test_a_changed_file_is_served_without_a_restart(press: Press) -> None:
    press.write("lamp.md", "# Lamp\n\nFirst words.\n")
    async with watching(press):
        await comes(press, "/articles/lamp", "First words.")

        press.write("lamp.md", "# Lamp\n\nSecond words.\n")
        await comes(press, "/articles/lamp", "Second words.")

        press.write("fog.md", "# Fog\n")
        await comes(press, "/", "Fog")

        (press.folder / "lamp.md").unlink()
        await comes(press, "/articles/lamp", "This article is gone")


async def test_a_broken_file_is_told_once_and_heals(press: Press) -> None:
    press.write("lamp.md", "# Lamp\n\nFirst words.\n")
    async with watching(press) as reports:
        await comes(press, "/articles/lamp", "First words.")
        press.write("lamp.md", "---\ndraft: perhaps\n---\n# Lamp\n")
        await told_of_errors(reports)
        assert "First words." in (await press.get("/articles/lamp")).text

        press.write("lamp.md", "# Lamp\n\nThird words.\n")
        await comes(press, "/articles/lamp", "Third words.")
        assert reports[-1].faults == []
    assert len(reports) == 3


async def test_rules_that_change_are_served_without_a_restart(press: Press) -> None:
    press.write("lamp.md", "# Lamp\n")
    async with watching(press):
        await comes(press, "/", "Lamp")

        press.write("publication.toml", 'name = "The Coast"\n')

        await comes(press, "/articles/lamp", "The Coast")


async def test_a_folder_that_goes_away_takes_no_article_with_it(press: Press) -> None:
    press.write("lamp.md", "# Lamp\n")
    async with watching(press):
        await comes(press, "/articles/lamp", "Lamp")
        away = press.folder.rename(press.folder.with_name("away"))
        await asyncio.sleep(0.5)
        assert (await press.get("/articles/lamp")).status_code == 200
        away.rename(press.folder)
