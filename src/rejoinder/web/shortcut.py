"""The shortcut: a page that is kept is answered before the framework hears of it.

Three dictionary look-ups and two calls of `send`: a third of what a handler costs. It answers exactly what the
framework would (tests/web/test_shortcut.py compares header by header), and leaves everything else to it.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from .codings import choose_coding
from .representations import Answer
from .shelf import Shelf


class Shortcut:
    """Stands in front of an app; `answered` counts the requests that went no further."""

    def __init__(self, app: ASGIApp, shelf: Shelf) -> None:
        self.app = app
        self.shelf = shelf
        self.answered = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the shelf, or pass on."""
        answer = self._kept(scope) if scope["type"] == "http" else None
        if answer is None:
            await self.app(scope, receive, send)
            return
        self.answered += 1
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        body = answer.body if scope["method"] == "GET" else b""
        await send({"type": "http.response.body", "body": body})

    def _kept(self, scope: Scope) -> Answer | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        headers: dict[bytes, bytes] = dict(scope["headers"])
        host = headers.get(b"host")
        # A header that came twice is for the framework to judge; two Hosts must never lead to a page.
        if host is None or len(headers) != len(scope["headers"]):
            return None
        snapshot = self.shelf.find((host, scope["raw_path"], scope["query_string"]))
        if snapshot is None:
            return None
        coding = choose_coding(headers.get(b"accept-encoding"))
        answer = snapshot.representation.answer(coding, headers.get(b"if-none-match"))
        if answer is not None:
            snapshot.hits += 1
        return answer
