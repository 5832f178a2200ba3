"""Pages are drawn once for everybody, and again when what they show has changed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rejoinder.db import Database
from rejoinder.errors import Unavailable
from rejoinder.web.snapshots import REDRAWN_EVERY
from web.board import Board, open_board, reword, take_down, write_note

pytestmark = pytest.mark.anyio


async def until(true: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that will come about; the test's own time limit is ten seconds."""
    async with asyncio.timeout(10):
        while True:
            found = true()
            if await found if isinstance(found, Awaitable) else found:
                return
            await asyncio.sleep(0.01)


async def shows(board: Board, text: str, path: str = "/notes/1") -> bool:
    async with board.client() as browser:
        return text in (await browser.get(path)).text


async def test_a_page_is_drawn_once_for_everybody(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    async with board.client() as browser:
        answers = [await browser.get("/notes/1") for _ in range(5)]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert "Hello" in answers[0].text
    assert board.loads == [1]


async def test_a_crowd_before_a_cold_page_causes_one_drawing(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    board.gate.clear()
    async with board.client() as browser:
        crowd = [asyncio.create_task(browser.get("/notes/1")) for _ in range(200)]
        await until(lambda: board.loads == [1])
        board.gate.set()
        answers = await asyncio.gather(*crowd)
    assert {answer.status_code for answer in answers} == {200}
    assert board.loads == [1]


async def test_one_of_the_crowd_who_leaves_takes_nothing_from_the_others(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    board.gate.clear()
    async with board.client() as browser:
        first, second = (asyncio.create_task(browser.get("/notes/1")) for _ in range(2))
        await until(lambda: board.loads == [1])
        first.cancel()
        board.gate.set()
        assert (await second).status_code == 200


async def test_a_page_in_use_is_drawn_again_when_it_changed(board: Board) -> None:
    await board.house.db.write(write_note, 1, "before")
    assert await shows(board, "before")
    assert await shows(board, "before")
    await board.house.db.write(write_note, 1, "after")
    await until(lambda: shows(board, "after"))


async def test_a_change_without_a_new_version_is_shown_too(board: Board) -> None:
    await board.house.db.write(write_note, 1, "before")
    assert await shows(board, "before")
    assert await shows(board, "before")
    await board.house.db.write(reword, 1, "after")
    await until(lambda: shows(board, "after"))


async def test_a_changed_page_is_drawn_without_anybody_waiting_for_it(board: Board) -> None:
    await board.house.db.write(write_note, 1, "before")
    assert await shows(board, "before")
    assert await shows(board, "before")
    await board.house.db.write(write_note, 1, "after")
    await until(lambda: len(board.loads) == 2)


async def test_a_changed_page_that_nobody_came_for_is_forgotten(board: Board) -> None:
    await board.house.db.write(write_note, 1, "before")
    assert await shows(board, "before")
    await board.house.db.write(write_note, 1, "after")
    await until(lambda: len(board.house.snapshots.shelf) == 0)
    assert board.loads == [1]


async def test_a_change_of_something_else_leaves_the_page_alone(board: Board) -> None:
    for note in (1, 2):
        await board.house.db.write(write_note, note, "before")
    assert await shows(board, "before")
    await board.house.db.write(write_note, 2, "after")
    await asyncio.sleep(0)
    assert board.house.snapshots.shelf.get(("https://board.example", "/notes/1", ())) is not None
    assert not board.house.snapshots.shelf.tagged({"note:2"})


async def test_many_changes_are_gathered_into_few_drawings(board: Board) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await board.house.db.write(write_note, 1, "text 0")
    for number in range(1, 100):
        assert await shows(board, "text")
        await board.house.db.write(write_note, 1, f"text {number}")
    await until(lambda: shows(board, "text 99"))
    assert (len(board.loads) - 2) * REDRAWN_EVERY <= loop.time() - began


async def test_what_changes_while_a_page_is_drawn_is_not_lost(board: Board) -> None:
    await board.house.db.write(write_note, 1, "before")
    board.gate.clear()
    async with board.client() as browser:
        waiting = asyncio.create_task(browser.get("/notes/1"))
        await until(lambda: board.loads == [1])
        await board.house.db.write(write_note, 1, "after")
        board.gate.set()
        assert "before" in (await waiting).text
    await until(lambda: shows(board, "after"))


async def test_who_has_written_never_sees_an_older_page(board: Board) -> None:
    await board.house.db.write(write_note, 1, "text 1")
    assert await shows(board, "text 1")
    for number in range(2, 20):
        version = await board.house.db.write(write_note, 1, f"text {number}")
        assert await shows(board, f"text {number}", f"/notes/1?v={version}")


async def test_a_drawing_that_began_too_early_is_not_taken_for_a_newer_version(board: Board) -> None:
    await board.house.db.write(write_note, 1, "before")
    board.gate.clear()
    async with board.client() as browser:
        early = asyncio.create_task(browser.get("/notes/1"))
        await until(lambda: board.loads == [1])
        version = await board.house.db.write(write_note, 1, "after")
        writer = asyncio.create_task(browser.get(f"/notes/1?v={version}"))
        await asyncio.sleep(0.01)
        board.gate.set()
        assert "before" in (await early).text
        assert "after" in (await writer).text


async def test_a_version_from_the_future_means_the_current_one_and_draws_nothing(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    assert await shows(board, "Hello")
    kept = board.house.snapshots.shelf.get(("https://board.example", "/notes/1", ()))
    assert kept is not None
    drawn = kept.representation
    for _ in range(2):
        assert await shows(board, "Hello", "/notes/1?v=999999")
    assert board.loads == [1, 1, 1]  # each time the database was asked
    assert kept.representation is drawn


async def test_a_kept_page_is_answered_while_the_database_is_away(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    await board.house.db.write(write_note, 1, "before")
    assert await shows(board, "before")
    assert await shows(board, "before")
    board.broken = Unavailable("storage-failed", "The storage failed.", retry_after=5)
    await board.house.db.write(write_note, 1, "after")
    await until(lambda: len(board.loads) >= 2)
    assert await shows(board, "before")
    async with board.client() as browser:
        cold = await browser.get("/notes/2")
    assert (cold.status_code, cold.headers["retry-after"]) == (503, "5")
    board.broken = None
    await until(lambda: shows(board, "after"))
    assert "could not be drawn again" in caplog.text


async def test_a_page_whose_subject_is_gone_is_gone(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    assert await shows(board, "Hello")
    assert await shows(board, "Hello")
    await board.house.db.write(take_down, 1)

    async def is_gone() -> bool:
        async with board.client() as browser:
            return (await browser.get("/notes/1")).status_code == 404

    await until(is_gone)


async def test_a_page_ends_when_it_says_so(board: Board) -> None:
    soon = datetime.now(UTC) + timedelta(milliseconds=50)
    await board.house.db.write(write_note, 1, "open", soon)
    assert await shows(board, "open")
    assert await shows(board, "open")
    await until(lambda: len(board.loads) >= 2)


async def test_an_end_that_is_years_away_keeps_the_page(board: Board) -> None:
    await board.house.db.write(write_note, 1, "open", datetime(2090, 1, 1, tzinfo=UTC))
    assert await shows(board, "open")
    assert await shows(board, "open")
    assert board.loads == [1]


async def test_the_table_keeps_within_its_bytes_and_to_what_is_in_use(
    board_db: Database, static_folder: Path
) -> None:
    async with open_board(board_db, static_folder, limit=60_000) as board:
        for note in range(1, 40):
            await board.house.db.write(write_note, note, f"note {note}")
        for note in range(1, 40):
            assert await shows(board, "note 1", "/notes/1")
            assert await shows(board, f"note {note}", f"/notes/{note}")
        assert board.house.snapshots.shelf.size <= 60_000
        assert len(board.house.snapshots.shelf) < 20
        assert board.loads.count(1) == 1  # everybody came for it, so it stayed


async def test_names_nobody_knows_lead_to_the_same_page(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    async with board.client() as browser:
        answers = [
            await browser.get(f"/notes/1{query}")
            for query in ("", "?utm_source=x&fbclid=y", "?utm_source=x&fbclid=y", "?")
        ]
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert board.app.answered == 2  # each spelling is known from its second time on
    assert board.loads == [1]
    assert len(board.house.snapshots.shelf) == 1


@pytest.mark.parametrize(
    "query", ["sort=worst", "sort=", "sort=oldest&sort=newest", "v=x", "v=-1", "v=1&v=2"]
)
async def test_a_wrong_value_is_refused_and_keeps_nothing(board: Board, query: str) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    async with board.client() as browser:
        assert (await browser.get(f"/notes/1?{query}")).status_code == 400
    assert len(board.house.snapshots.shelf) == 0


async def test_each_value_has_its_own_page(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    assert await shows(board, "newest", "/notes/1?sort=newest")
    assert await shows(board, "oldest", "/notes/1?sort=oldest")


@pytest.mark.parametrize("host", ["evil.example", "board.example:8080", "", "board.example.evil.example"])
async def test_an_unknown_host_is_told_so_and_keeps_nothing(board: Board, host: str) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    async with board.client(host=host) as browser:
        assert (await browser.get("/notes/1")).status_code == 421
    assert len(board.house.snapshots.shelf) == 0
    assert await shows(board, "Hello")
    async with board.client(host=host) as browser:
        assert (await browser.get("/notes/1")).status_code == 421


async def test_an_endless_row_of_spellings_stays_bounded(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    assert await shows(board, "Hello")
    shelf = board.house.snapshots.shelf
    async with board.client() as browser:
        for number in range(2100):
            await browser.get(f"/notes/1?utm_id={number}")
        before = board.app.answered
        await browser.get("/notes/1")
    assert board.app.answered == before + 1
    kept = shelf.get(("https://board.example", "/notes/1", ()))
    assert kept is not None
    assert len(kept.addresses) <= 2049
