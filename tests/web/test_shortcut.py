"""The shortcut answers exactly what the framework would."""

import gzip
import itertools

import brotli  # type: ignore[import-untyped]
import httpx
import pytest
from backports import zstd
from starlette.types import ASGIApp

from rejoinder.web.headers import CONTENT_SECURITY_POLICY
from web.board import BASE_URL, Board, write_note

pytestmark = pytest.mark.anyio

ACCEPTED = [
    None, "", "br", "gzip", "zstd", "identity", "gzip, deflate, br, zstd", "br;q=0, gzip", "*", "*;q=0", "deflate",
    "br;q=0.1, gzip;q=0.9",
]  # fmt: skip
ASKED = list(itertools.product(["GET", "HEAD"], [None, "*", '"other"', "etag", "weak", "list"]))


async def ask(app: ASGIApp, method: str, accepted: str | None, known: str | None) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as browser:
        del browser.headers["accept-encoding"]
        headers = {"range": "bytes=0-9"}
        if accepted is not None:
            headers["accept-encoding"] = accepted
        if known in {"etag", "weak", "list"}:
            etag = (await browser.get("/notes/1", headers=headers)).headers["etag"]
            known = {"etag": etag, "weak": f"W/{etag}", "list": f'"a", {etag} , W/"b"'}[known]
        if known is not None:
            headers["if-none-match"] = known
        request = browser.build_request(method, "/notes/1", headers=headers)
        response = await browser.send(request, stream=True)
        response.raw_body = b"".join([piece async for piece in response.aiter_raw()])  # type: ignore[attr-defined]
        return response


@pytest.mark.parametrize("accepted", ACCEPTED)
async def test_both_ways_give_the_same_answer(board: Board, accepted: str | None) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    for method, known in ASKED:
        by_framework = await ask(board.app.app, method, accepted, known)
        before = board.app.answered
        by_shortcut = await ask(board.app, method, accepted, known)
        assert board.app.answered > before
        assert by_shortcut.status_code == by_framework.status_code
        assert by_shortcut.headers.raw == by_framework.headers.raw
        assert by_shortcut.raw_body == by_framework.raw_body  # type: ignore[attr-defined]


async def test_a_page_says_all_that_caches_and_browsers_need(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    answer = await ask(board.app, "GET", "br", None)
    assert answer.headers["cache-control"] == (
        "public, max-age=0, s-maxage=5, stale-while-revalidate=30, stale-if-error=86400"
    )
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-security-policy"].encode() == CONTENT_SECURITY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert not answer.headers["etag"].startswith("W/")


async def test_each_coding_holds_the_same_page_under_its_own_etag(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    answers = {
        coding: await ask(board.app, "GET", coding, None) for coding in ("identity", "br", "gzip", "zstd")
    }
    plain = answers["identity"].raw_body  # type: ignore[attr-defined]
    decoded = {
        "br": brotli.decompress(answers["br"].raw_body),  # type: ignore[attr-defined]
        "gzip": gzip.decompress(answers["gzip"].raw_body),  # type: ignore[attr-defined]
        "zstd": zstd.decompress(answers["zstd"].raw_body),  # type: ignore[attr-defined]
    }
    assert b"Hello" in plain
    assert set(decoded.values()) == {plain}
    assert len({answer.headers["etag"] for answer in answers.values()}) == 4


async def test_who_has_the_page_gets_no_body(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    answer = await ask(board.app, "GET", "br", "etag")
    assert (answer.status_code, answer.raw_body) == (304, b"")  # type: ignore[attr-defined]
    assert "content-length" not in answer.headers


async def test_the_first_visit_goes_to_the_framework_and_the_next_does_not(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    async with board.client() as browser:
        await browser.get("/notes/1")
        assert board.app.answered == 0
        await browser.get("/notes/1", headers={"cookie": "a=b", "authorization": "Bearer x"})
        assert board.app.answered == 1


async def test_other_methods_are_never_answered_from_the_table(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    async with board.client() as browser:
        await browser.get("/notes/1")
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
            answer = await browser.request(method, "/notes/1")
            assert answer.status_code in {403, 405}, method
        disguised = await browser.post("/notes/1", headers={"x-http-method-override": "GET"})
    assert disguised.status_code == 403
    assert board.app.answered == 0


async def test_two_hosts_lead_to_no_page(board: Board) -> None:
    await board.house.db.write(write_note, 1, "Hello")
    async with board.client() as browser:
        await browser.get("/notes/1")
        for hosts in (["board.example", "evil.example"], ["evil.example", "board.example"]):
            answer = await browser.get("/notes/1", headers=[("host", host) for host in hosts])
            assert answer.status_code == 400
