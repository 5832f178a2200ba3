"""The browser's files: their names carry a hash of their content, so an answer may be kept for ever."""

import json
import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from rejoinder.errors import N_, NotFound

from .codings import choose_coding, compress
from .representations import Representation

FOLDER = Path(__file__).parent / "static"
FOR_EVER = b"public, max-age=31536000, immutable"
BRIEFLY = b"public, max-age=300"
SUFFIXES = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}


class BundleMissing(Exception):
    """The browser's files were never built, so no page could be drawn."""


class Static:
    """The files of one bundle, in memory: `manifest.json` leads from the plain name to the hashed one.

    Raises `BundleMissing` where the folder has no bundle.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        try:
            manifest: dict[str, str] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            self._files = {hashed: _load(folder / hashed, FOR_EVER) for hashed in manifest.values()}
            self._plain = {name: _load(folder / hashed, BRIEFLY) for name, hashed in manifest.items()}
        except OSError as error:
            raise BundleMissing(
                f"The browser's files are missing ({error.filename}). Run `make build` in a clone, or install the package."
            ) from error
        self._hashed = manifest

    def address(self, name: str) -> str:
        """Where a file lies, by its plain name: "page.css" → "/static/page-4F2A….css"."""
        return f"/static/{self._hashed[name]}"

    def answer_hashed(self, request: Request, hashed: str) -> Response:
        """The file with this hashed name, to be kept for ever; `NotFound` for another name."""
        return _answer(request, self._files.get(hashed))

    def answer_plain(self, request: Request, name: str) -> Response:
        """The file behind a name that other sites have written into their pages, to be asked for again soon."""
        return _answer(request, self._plain.get(name))


def _load(path: Path, cache_control: bytes) -> Representation:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith(("javascript", "json", "+xml"))
    shared = [
        (b"cache-control", cache_control),
        (b"vary", b"Accept-Encoding"),
        (b"access-control-allow-origin", b"*"),
    ]
    file = Representation(path.read_bytes(), (kind + "; charset=utf-8" * text).encode(), shared)
    for coding, suffix in SUFFIXES.items():
        beside = path.with_name(path.name + suffix)
        if text:
            file.add(coding, beside.read_bytes() if beside.exists() else compress(coding, file.content))
    return file


def _answer(request: Request, file: Representation | None) -> Response:
    if file is None:
        raise NotFound("not-found", N_("There is nothing at this address."))
    wishes, known = request.headers.get("accept-encoding"), request.headers.get("if-none-match")
    coding = choose_coding(wishes.encode("latin-1") if wishes is not None else None)
    if coding not in file.codings:
        coding = "identity"
    answer = file.answer(coding, known.encode("latin-1") if known is not None else None)
    assert answer is not None
    return answer.response()
