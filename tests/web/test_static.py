"""The browser's files may be kept for ever, because their names change with them."""

from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from starlette.requests import Request

from rejoinder.web.static import BundleMissing, Static
from web.board import Board


@pytest.mark.anyio
async def test_a_file_is_kept_for_a_year_under_its_hashed_name(board: Board) -> None:
    async with board.client() as browser:
        answer = await browser.get("/static/page-AAAAAAAA.css", headers={"accept-encoding": "br"})
        known = {"accept-encoding": "br", "if-none-match": answer.headers["etag"]}
        again = await browser.get("/static/page-AAAAAAAA.css", headers=known)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-encoding"] == "br"
    assert "color: black" in answer.text
    assert again.status_code == 304


@pytest.mark.anyio
@pytest.mark.parametrize(
    "name", ["page.css", "manifest.json", "page-AAAAAAAA.css.br", "..%2fstatic.py", "nothing.js"]
)
async def test_no_other_name_leads_to_a_file(board: Board, name: str) -> None:
    async with board.client() as browser:
        assert (await browser.get(f"/static/{name}")).status_code == 404


def test_the_build_s_own_brotli_is_used(tmp_path: Path) -> None:
    (tmp_path / "page-A.js").write_text("a" * 500)
    better = brotli.compress(b"a" * 500, quality=11, lgwin=10)
    (tmp_path / "page-A.js.br").write_bytes(better)
    (tmp_path / "manifest.json").write_text('{"page.js": "page-A.js"}')
    static = Static(tmp_path)
    request = Request({"type": "http", "method": "GET", "headers": [(b"accept-encoding", b"br")]})
    assert static.address("page.js") == "/static/page-A.js"
    assert static.answer_hashed(request, "page-A.js").body == better


def test_a_name_that_others_wrote_down_is_asked_for_again_soon(static_folder: Path) -> None:
    request = Request({"type": "http", "method": "GET", "headers": []})
    answer = Static(static_folder).answer_plain(request, "page.js")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_without_a_bundle_the_server_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BundleMissing, match="make build"):
        Static(tmp_path)
