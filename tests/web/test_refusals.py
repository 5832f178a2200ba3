"""A refusal says what to do and keeps what was written; the API says the same in a word for programs."""

import pytest

from web.board import BASE_URL, Board

pytestmark = pytest.mark.anyio

REFUSED = [("missing", 404), ("changed", 409), ("often", 429), ("busy", 503), ("broken", 500)]


@pytest.mark.parametrize(("kind", "status"), REFUSED)
async def test_each_kind_has_its_status_as_page_and_as_problem(board: Board, kind: str, status: int) -> None:
    async with board.client() as browser:
        page, problem = await browser.get(f"/refused/{kind}"), await browser.get(f"/api/refused/{kind}")
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")
    assert problem.json()["status"] == status
    assert problem.json()["detail"] in page.text
    assert page.headers.get("retry-after") == problem.headers.get("retry-after")


async def test_a_problem_names_its_code_its_field_and_its_words(board: Board) -> None:
    async with board.client() as browser:
        changed = (await browser.get("/api/refused/changed")).json()
        often = (await browser.get("/api/refused/often")).json()
    assert (changed["code"], changed["field"], changed["title"]) == ("comment-changed", "text", "Conflict")
    assert often["detail"] == "Please wait 7 seconds."


async def test_who_must_wait_is_told_how_long(board: Board) -> None:
    async with board.client() as browser:
        assert (await browser.get("/refused/often")).headers["retry-after"] == "7"
        assert (await browser.get("/refused/busy")).headers["retry-after"] == "3"


async def test_an_unknown_address_of_the_api_is_a_problem(board: Board) -> None:
    async with board.client() as browser:
        answer = await browser.get("/api/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_json_that_is_not_what_was_asked_for_names_its_field(board: Board) -> None:
    async with board.client() as browser:
        missing = await browser.post("/api/notes/1", json={})
        broken = await browser.post(
            "/api/notes/1", content=b"{", headers={"content-type": "application/json"}
        )
    assert (missing.status_code, missing.json()["field"]) == (422, "text")
    assert broken.status_code == 422


async def test_a_form_from_another_site_is_not_done_and_its_text_is_kept(board: Board) -> None:
    written = "A long thought.\n\n<script>alert(1)</script>"
    async with board.client(origin="https://evil.example") as browser:
        answer = await browser.post("/notes/1", data={"text": written, "name": 'Nell" autofocus'})
        assert answer.status_code == 403
        assert (await browser.get("/notes/1")).status_code == 404
    assert "A long thought.\n\n&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in answer.text
    assert 'name="name" value="Nell&#34; autofocus"' in answer.text
    assert 'action="/notes/1"' in answer.text


async def test_a_field_that_is_too_long_is_kept_whole(board: Board) -> None:
    written = "word " * 200
    async with board.client(origin=BASE_URL) as browser:
        answer = await browser.post("/notes/1", data={"text": written})
    assert answer.status_code == 400
    assert written in answer.text
    assert "500" in answer.text


async def test_the_language_of_a_refusal_is_that_of_the_address(board: Board) -> None:
    async with board.client() as browser:
        for query, language, direction in (
            ("", "en", "ltr"),
            ("?lang=ar", "ar", "rtl"),
            ("?lang=xx", "en", "ltr"),
        ):
            answer = await browser.get(f"/nothing{query}", headers={"accept-language": "de"})
            assert f'<html lang="{language}" dir="{direction}">' in answer.text
