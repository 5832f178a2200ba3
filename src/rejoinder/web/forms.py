"""Reading what a form sends: text fields and nothing else, each with a limit; a refusal keeps what was written."""

from collections.abc import AsyncGenerator, Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from rejoinder.errors import N_, Invalid
from rejoinder.text.plain import check_text

MOST_FIELDS = 100
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


async def read_form(request: Request, fields: Mapping[str, int]) -> dict[str, str]:
    """The fields that were sent, by name: `fields` names those that are read, with the most characters of each.

    Others are ignored, line ends are one newline, and what was written is kept for the page of a refusal.
    Raises `Invalid` for a field that comes twice, is a file, too long or not text; answers 415 to what is no form.
    """
    pairs = await _read_pairs(request)
    written = {name: value for name, value in pairs if name in fields}
    request.state.written = written
    names = [name for name, _ in pairs if name in fields]
    for name, most in fields.items():
        if names.count(name) > 1:
            raise Invalid(
                "repeated-field", N_("The field “%(name)s” came more than once."), field=name, name=name
            )
        if name in written:
            written[name] = check_text(written[name], most=most, field=name)
    return dict(written)


async def read_written(request: Request) -> dict[str, str]:
    """What a refused request had written, to be shown again; empty where it can't be read."""
    kept: dict[str, str] | None = getattr(request.state, "written", None)
    if kept is not None:
        return kept
    if request.method != "POST" or _kind(request) not in {URLENCODED, MULTIPART}:
        return {}
    try:
        return dict(await _read_pairs(request))
    except (Invalid, HTTPException):
        return {}


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _read_pairs(request: Request) -> list[tuple[str, str]]:
    kind = _kind(request)
    if kind not in {URLENCODED, MULTIPART}:
        raise HTTPException(415)
    body = await request.body()
    try:
        if kind == MULTIPART:
            return await _parse_multipart(request.headers, body)
        text = body.decode("ascii", errors="strict")
        return parse_qsl(
            text, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS
        )
    except (ValueError, MultiPartException):
        raise Invalid("unreadable-form", N_("This form could not be read. Please send it again.")) from None


async def _parse_multipart(headers: Headers, body: bytes) -> list[tuple[str, str]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    # Starlette's parser guesses at bytes that are not UTF-8. Read as Latin-1 they come through as they are,
    # and what is not UTF-8 is refused here.
    as_bytes = Headers({"content-type": f"{headers['content-type']}; charset=latin-1"})
    parser = MultiPartParser(as_bytes, stream(), max_files=0, max_fields=MOST_FIELDS, max_part_size=len(body))
    form = await parser.parse()
    return [(_utf8(name), _utf8(str(value))) for name, value in form.multi_items()]


def _utf8(text: str) -> str:
    return text.encode("latin-1").decode("utf-8")
