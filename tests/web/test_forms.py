"""A form is text, each field once, each with a limit."""

import pytest

from web.board import BASE_URL, Board

pytestmark = pytest.mark.anyio

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def post(board: Board, content: bytes, kind: str = FORM["content-type"]) -> int:
    async with board.client(origin=BASE_URL) as browser:
        return (await browser.post("/notes/1", content=content, headers={"content-type": kind})).status_code


def multipart(*parts: tuple[str, bytes]) -> bytes:
    pieces = [
        f"--x\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + value + b"\r\n"
        for head, value in parts
    ]
    return b"".join(pieces) + b"--x--\r\n"


async def shown(board: Board) -> str:
    async with board.client() as browser:
        return (await browser.get("/notes/1?v=1")).text


async def test_text_comes_through_as_it_was_written(board: Board) -> None:
    assert await post(board, b"text=Gr%C3%BC%C3%9Fe+%26+%F0%9F%91%8B%0D%0Aagain&unknown=1") == 303
    assert "Grüße &amp; 👋\nagain" in await shown(board)


async def test_a_multipart_form_is_the_same_form(board: Board) -> None:
    body = multipart(('name="text"', "Grüße & 👋\r\nagain".encode()), ('name="unknown"', b"1"))
    assert await post(board, body, "multipart/form-data; boundary=x") == 303
    assert "Grüße &amp; 👋\nagain" in await shown(board)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"text=a&text=b", "a field comes twice"),
        (b"text=%FF", "not UTF-8"),
        (b"text=%ED%A0%80", "half of a surrogate pair"),
        (b"text=%00", "NUL"),
        (b"text=" + b"x" * 501, "too long"),
        ("text=ü".encode(), "not encoded"),
        (b"&".join(b"a%d=1" % number for number in range(200)), "too many fields"),
    ],
)
async def test_what_is_not_a_form_of_text_is_refused(board: Board, content: bytes, why: str) -> None:
    assert await post(board, content) == 400, why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (multipart(('name="text"; filename="a.txt"', b"a")), "a file"),
        (multipart(('name="text"', b"\xff")), "not UTF-8"),
        (multipart(('name="text"', b"a"), ('name="text"', b"b")), "a field comes twice"),
        (multipart(("nothing", b"a")), "a part without a name"),
        (b"--x\r\nnonsense", "no multipart at all"),
        (b"", "nothing"),
        (multipart(*[('name="a"', b"b")] * 200), "too many fields"),
    ],
)
async def test_what_is_not_a_multipart_of_text_is_refused(board: Board, content: bytes, why: str) -> None:
    assert await post(board, content, "multipart/form-data; boundary=x") == 400, why


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "multipart/mixed; boundary=x"])
async def test_another_kind_of_content_is_not_read(board: Board, kind: str) -> None:
    assert await post(board, b"text=a", kind) == 415
