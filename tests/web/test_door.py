"""What no route has to think of: doubtful addresses, large bodies, HEAD, and complete headers."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from rejoinder.web import door
from web.board import BASE_URL, Board, write_note

pytestmark = pytest.mark.anyio


async def raw_get(board: Board, raw_path: bytes, query: bytes = b"") -> int:
    """Ask for an address exactly as it is spelled, past every client that would tidy it."""
    from urllib.parse import unquote

    statuses: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"board.example")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 443),
    }
    await board.app(scope, receive, send)  # type: ignore[arg-type]
    return statuses[0]


@pytest.mark.parametrize(
    "path",
    [
        b"/notes/1.css",
        b"/notes/1;x.js",
        b"/notes/1%3Bx.js",
        b"/notes/1/",
        b"//notes/1",
        b"/notes//1",
        b"/notes/1%2f..",
        b"/notes%2F1",
        b"/notes/1%2f%2e%2e%2fx.css",
        b"/notes/./1",
        b"/notes/x/../1",
        b"/notes/1/..",
        b"/notes/1.",
        b"/notes/1..",
        b"/notes/1%00",
        b"/notes/1%00.css",
        b"/notes/1%0a",
        b"/notes/1%20",
        b"/notes/%31",
        b"/%6eotes/1",
        b"/notes/1%ff",
        b"/notes\\1",
        b"/notes/1%5c",
        b"/NOTES/1",
        b"/notes/1%3fsort=newest",
        b"/notes/1%23x",
    ],
)
async def test_a_doubtful_spelling_is_no_page(board: Board, path: bytes) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    assert await raw_get(board, b"/notes/1") == 200
    assert await raw_get(board, path) == 404
    assert await raw_get(board, path) == 404
    assert len(board.house.snapshots.shelf) == 1


def test_letters_of_every_script_are_plain() -> None:
    assert door.is_plain("/artikel/zürich", b"/artikel/z%C3%BCrich")
    assert door.is_plain("/artikel/zürich", b"/artikel/z%c3%bcrich")
    assert door.is_plain("/a b/~c/@d:e", b"/a%20b/~c/@d:e")


async def test_head_is_get_without_the_body(board: Board) -> None:
    async with board.client() as browser:
        for path in ("/private", "/nowhere", "/static/page-AAAAAAAA.css"):
            get, head = await browser.get(path), await browser.head(path)
            assert head.status_code == get.status_code
            assert head.headers.raw == get.headers.raw
            assert get.content
            assert not head.content


async def test_a_wrong_method_is_named_with_the_right_ones(board: Board) -> None:
    async with board.client() as browser:
        answer = await browser.delete("/private")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize("path", ["/private", "/nowhere", "/refused/broken", "/api/openapi.json", "/notes/1"])
async def test_every_answer_says_how_it_may_be_kept_and_what_it_may_load(board: Board, path: str) -> None:
    async with board.client() as browser:
        for method in ("GET", "POST", "OPTIONS"):
            answer = await browser.request(method, path)
            assert answer.headers["cache-control"] == "private, no-store"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"


async def test_a_body_that_says_it_is_too_large_is_not_read(board: Board) -> None:
    async with board.client(origin=BASE_URL) as browser:
        answer = await browser.post("/notes/1", data={"text": "x" * 140_000})
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


async def test_a_body_that_grows_too_large_is_cut_off(board: Board) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 10_000
            yield b"x" * 10_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    async with board.client(origin=BASE_URL) as browser:
        answer = await browser.post("/notes/1", content=endless(), headers=form)
    assert answer.status_code == 413
    assert sent < 200_000


async def test_a_body_that_never_ends_is_given_up(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "BODY_SECONDS", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield b"text="
        await asyncio.sleep(5)
        yield b"x"

    form = {"content-type": "application/x-www-form-urlencoded"}
    async with board.client(origin=BASE_URL) as browser:
        answer = await browser.post("/notes/1", content=slow(), headers=form)
    assert answer.status_code == 408


async def test_a_fault_of_ours_is_logged_and_not_shown(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    async with board.client() as browser:
        page, problem = await browser.get("/refused/broken"), await browser.get("/api/refused/broken")
    for answer in (page, problem):
        assert answer.status_code == 500
        assert "secret" not in answer.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.ERROR]
    assert caplog.text.count("a secret of the inside") == 2
