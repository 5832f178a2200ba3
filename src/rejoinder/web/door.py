"""The door in front of the framework: what no route should have to think of.

Plain addresses only, one Host, bodies with an end in size and time, HEAD like GET, complete headers on every answer,
and no fault of ours that shows its insides.
"""

import asyncio
import re
from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rejoinder.text.addresses import write_path

from .cors import with_origin
from .headers import Header, completed
from .refusals import answer_refusal

MOST_BODY_BYTES = 128 * 1024
MOST_ADDRESS_BYTES = 16 * 1024  # a hundred addresses in one, and more than nginx lets through unasked
BODY_SECONDS = 30
CLOSE = {"connection": "close"}

# Spellings of an address that a cache in front might read as another one. No page of ours has them.
_DOUBTFUL = re.compile(r"//|/\.{1,2}(?:/|$)|[;\\\x00-\x1f\x7f]")


class Door:
    """Wraps the framework's routes, inside its own handling of errors."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        passage = _Passage(scope, receive, send)
        try:
            check_request(scope)
            # A copy: the server goes by the method of its own scope when it leaves the body out.
            inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            await self.app(inner, passage.receive, passage.send)
        except ClientDisconnect:
            return
        except Exception as error:
            if passage.started:
                raise
            response = await answer_refusal(Request(scope, passage.receive), error)
            await response(scope, passage.receive, passage.send)


class _Passage:
    """One request on its way in and its answer on its way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.started = False
        self._scope = scope
        self._head = scope["method"] == "HEAD"
        self._receive = receive
        self._send = send
        self._received = 0
        self._deadline: float | None = None

    async def receive(self) -> Message:
        """The next piece of the body; 413 when it grows too large, 408 when it takes too long."""
        now = asyncio.get_running_loop().time()
        self._deadline = self._deadline or now + BODY_SECONDS
        if self.started:  # who waits now waits for the reader to go away
            return await self._receive()
        try:
            async with asyncio.timeout(self._deadline - now):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, headers=CLOSE) from None
        self._received += len(message.get("body", b""))
        if self._received > MOST_BODY_BYTES:
            raise too_large()
        return message

    async def send(self, message: Message) -> None:
        """The next piece of the answer."""
        if message["type"] == "http.response.start":
            self.started = True
            if message["status"] != 304:  # it changes nothing of what the browser has
                headers = with_origin(self._scope.get("state", {}), list(message["headers"]))
                message = {**message, "headers": completed(headers)}
        elif self._head:
            message = {**message, "body": b""}
        await self._send(message)


def check_request(scope: Scope) -> None:
    """Refuse what no page of ours is asked like; raises `HTTPException`."""
    headers = scope["headers"]
    if sum(name == b"host" for name, _ in headers) != 1:
        raise HTTPException(400)
    if offers_upgrade_with_body(headers):
        raise HTTPException(501, headers=CLOSE)
    if any(
        name == b"content-length" and (not value.isdigit() or int(value) > MOST_BODY_BYTES)
        for name, value in headers
    ):
        raise too_large()
    if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_ADDRESS_BYTES:
        raise HTTPException(414)
    if not is_plain(scope["path"], scope["raw_path"]):
        raise HTTPException(404)


def offers_upgrade_with_body(headers: Iterable[Header]) -> bool:
    """Whether a request with a body offers to go on in another protocol: the parser skips such a body."""
    names = {name for name, _ in headers}
    return b"upgrade" in names and not names.isdisjoint({b"content-length", b"transfer-encoding"})


def is_plain(path: str, raw_path: bytes) -> bool:
    """Whether an address is written the one way we write it: no hidden slash, no dots that lead up, no needless %."""
    if _DOUBTFUL.search(path):
        return False
    written = re.sub(rb"%[0-9a-f]{2}", lambda match: match[0].upper(), raw_path, flags=re.IGNORECASE)
    return write_path(path).encode() == written


def too_large() -> HTTPException:
    """The refusal of a body that is too large; the connection is closed, so that the rest of it is not read."""
    return HTTPException(413, headers=CLOSE)
