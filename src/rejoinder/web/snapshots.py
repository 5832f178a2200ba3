"""Snapshots: pages are drawn once for everybody and kept as ready bytes, until what they show changes.

A changed page that is in use is drawn again, at most ten times a second, and answered as it was meanwhile; one that
nobody asked for is forgotten. One thread draws. While the database is away, what is kept is answered.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from rejoinder.db import Database, Tx, read_prepared
from rejoinder.errors import N_, NotFound, NotNow, Refusal

from .codings import choose_coding, compress
from .flights import Flights, joined
from .headers import PRIVATE, WITH_IMAGES, Header
from .rendering import Rendering
from .representations import Representation
from .sheet import Sheet as Sheet
from .shelf import Address, Key, Shelf, Snapshot

# The base URL of the site under a Host header; None where there is no such site.
SiteOf: TypeAlias = Callable[[str], str | None]

SHARED: list[Header] = [
    (b"cache-control", b"public, max-age=0, s-maxage=5, stale-while-revalidate=30, stale-if-error=86400"),
    (b"vary", b"Accept-Encoding"),
    (b"access-control-allow-origin", b"*"),
]
REDRAWN_EVERY = 0.1  # seconds, at most
KEPT_WHILE_FAILING = 86400  # seconds; what stale-if-error promises
LONGEST_BACK_OFF = 60  # seconds
LONGEST_TIMER = 86400  # seconds; a page's end may be years away

log = logging.getLogger(__name__)


class Snapshots:
    """The pages that are kept. All but the drawing happens on the event loop's thread."""

    def __init__(self, db: Database, rendering: Rendering, site_of: SiteOf, *, limit: int) -> None:
        self.shelf = Shelf(limit)
        self._db = db
        self._rendering = rendering
        self._site_of = site_of
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="render")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._drawings: Flights[Key, Snapshot] = Flights()
        self._codings: Flights[tuple[int, str], None] = Flights()
        self._missed: dict[Key, set[str]] = {}  # what was touched while a page was being drawn

    async def answer(
        self,
        request: Request,
        params: Mapping[str, str],
        load: Callable[..., Sheet],
        *args: Any,
        at_least: int = 0,
    ) -> Response:
        """The page at this request's path with these closed parameters: kept bytes, or drawn now from `load(tx, *args)`.

        Never older than version `at_least`, unless the database itself is. Raises what `load` raises, and
        `NotFound` ("wrong-host") for a Host that no site has.
        """
        self._loop = asyncio.get_running_loop()
        key, address, is_plain = self._place(request, params)
        snapshot = self.shelf.get(key)
        if snapshot is not None and snapshot.version >= at_least:
            snapshot.hits += 1
        else:
            snapshot = await self._fresh(key, partial(_call, load, args), at_least)
        if request.method == "GET" and is_plain:
            self.shelf.learn(address, snapshot)
        elif request.method == "GET":
            self.shelf.learn_alias(address, snapshot, at_least)
        response = await self._in_coding(snapshot, request)
        if snapshot.version < at_least:
            # All there is; a cache that kept it under this address would answer it when there is more.
            response.headers["cache-control"] = PRIVATE[1].decode()
        return response

    def touched(self, tags: set[str]) -> None:
        """Take notice of a change; may be called from any thread."""
        if self._loop is None:
            return  # nothing was ever kept
        try:
            here = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if here is self._loop:
            self._touch(tags)
        else:
            self._loop.call_soon_threadsafe(self._touch, set(tags))

    def stop(self) -> None:
        """Draw no more and forget everything."""
        self._loop = None
        self._drawings.stop()
        self._codings.stop()
        for snapshot in self.shelf.tagged({"*"}):
            self.shelf.drop(snapshot)
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _place(self, request: Request, params: Mapping[str, str]) -> tuple[Key, Address, bool]:
        """The key and raw address of a request, and whether that is how we write it ourselves."""
        host = request.headers.get("host", "")
        base_url = self._site_of(host)
        if base_url is None:
            raise NotFound("wrong-host", N_("There is no site under this name."))
        path, query = request.scope["path"], request.scope["query_string"]
        address = (host.encode("latin-1"), request.scope["raw_path"], query)
        written = (base_url.partition("://")[2].encode(), quote(path).encode(), urlencode(params).encode())
        return (base_url, path, tuple(params.items())), address, address == written

    async def _fresh(self, key: Key, load: Callable[[Tx], Sheet], at_least: int) -> Snapshot:
        """A snapshot drawn now; a drawing under way is waited for, and enough if it shows the version asked for."""
        under_way = self._drawings.get(key)
        if under_way is not None:
            snapshot = await joined(under_way)
            if snapshot.version >= at_least:
                return snapshot
        # A drawing that others began after this request did shows all there is.
        return await joined(self._drawings.get(key) or self._drawings.start(key, self._draw(key, load)))

    async def _draw(self, key: Key, load: Callable[[Tx], Sheet]) -> Snapshot:
        missed: set[str] = set()
        self._missed[key] = missed
        try:
            sheet = await read_prepared(self._db, load)
            kept = self.shelf.get(key)
            if kept is not None and not kept.stale and kept.version == sheet.version > 0:
                return kept  # a version from the future was asked for; this is all there is
            loop = asyncio.get_running_loop()
            representation = await loop.run_in_executor(self._thread, self._render, sheet)
            snapshot = self._keep(key, load, sheet, representation)
        finally:
            del self._missed[key]
        if missed & {*sheet.tags, "*"}:
            self._went_stale(snapshot)
        return snapshot

    def _render(self, sheet: Sheet) -> Representation:
        """Draw and compress; in the render thread."""
        content = sheet.content
        if content is None:
            content = self._rendering.render(sheet.template, sheet.language, sheet.context).encode()
        shared = [*SHARED, WITH_IMAGES] if sheet.images else SHARED
        representation = Representation(content, sheet.media_type.encode(), shared, sheet.status)
        representation.add("br", compress("br", representation.content))
        return representation

    def _keep(
        self, key: Key, load: Callable[[Tx], Sheet], sheet: Sheet, representation: Representation
    ) -> Snapshot:
        now = asyncio.get_running_loop().time()
        snapshot = self.shelf.get(key)
        if snapshot is None:
            snapshot = Snapshot(key, load, representation, sheet.version, sheet.tags, sheet.valid_until, now)
        else:
            snapshot.load, snapshot.representation, snapshot.version = load, representation, sheet.version
            snapshot.tags, snapshot.valid_until, snapshot.drawn_at = sheet.tags, sheet.valid_until, now
            snapshot.stale, snapshot.failures, snapshot.hits_when_drawn = False, 0, snapshot.hits
        self.shelf.put(snapshot)
        self._wait_for_end(snapshot)
        return snapshot

    def _touch(self, tags: set[str]) -> None:
        for missed in self._missed.values():
            missed.update(tags)
        for snapshot in self.shelf.tagged(tags):
            self._went_stale(snapshot)

    def _went_stale(self, snapshot: Snapshot) -> None:
        snapshot.stale = True
        if snapshot.redraw is None:
            self._redraw_at(snapshot, snapshot.drawn_at + REDRAWN_EVERY)

    def _redraw_at(self, snapshot: Snapshot, when: float) -> None:
        snapshot.redraw = asyncio.get_running_loop().call_at(when, self._redraw, snapshot)

    def _redraw(self, snapshot: Snapshot) -> None:
        """Draw a page again that somebody came for; forget one that nobody did."""
        snapshot.redraw = None
        if self._drawings.get(snapshot.key) is not None:
            return  # it is being drawn, and will hear what it missed
        if not snapshot.is_used:
            self.shelf.drop(snapshot)
            return
        task = self._drawings.start(snapshot.key, self._draw(snapshot.key, snapshot.load))
        task.add_done_callback(partial(self._redrawn, snapshot))

    def _redrawn(self, snapshot: Snapshot, task: asyncio.Task[Snapshot]) -> None:
        """After a failure go on with the old page and try again later; what is gone for good is dropped."""
        if task.cancelled() or (error := task.exception()) is None:
            return
        now = asyncio.get_running_loop().time()
        is_gone = isinstance(error, Refusal) and not isinstance(error, NotNow)
        if is_gone or now - snapshot.drawn_at > KEPT_WHILE_FAILING:
            self.shelf.drop(snapshot)
            return
        snapshot.failures += 1
        wait = min(2.0 ** (snapshot.failures - 1), LONGEST_BACK_OFF)
        log.warning(
            "a page could not be drawn again; the old one is answered",
            exc_info=error,
            extra={"path": snapshot.key[1]},
        )
        if self.shelf.get(snapshot.key) is snapshot and snapshot.redraw is None:
            self._redraw_at(snapshot, now + wait)

    def _wait_for_end(self, snapshot: Snapshot) -> None:
        if snapshot.expiry is not None:
            snapshot.expiry.cancel()
            snapshot.expiry = None
        if snapshot.valid_until is not None:
            left = (snapshot.valid_until - datetime.now(UTC)).total_seconds()
            loop = asyncio.get_running_loop()
            snapshot.expiry = loop.call_later(min(max(left, 0), LONGEST_TIMER), self._ended, snapshot)

    def _ended(self, snapshot: Snapshot) -> None:
        assert snapshot.valid_until is not None
        snapshot.expiry = None
        if snapshot.valid_until <= datetime.now(UTC):
            self._went_stale(snapshot)
        else:
            self._wait_for_end(snapshot)

    async def _in_coding(self, snapshot: Snapshot, request: Request) -> Response:
        """The bytes this browser reads, compressed now where nobody wanted them so before."""
        representation = snapshot.representation
        accepted, known = (_bytes(request.headers.get(name)) for name in ("accept-encoding", "if-none-match"))
        coding = choose_coding(accepted)
        if coding not in representation.codings:
            flight = (id(representation), coding)
            await joined(
                self._codings.get(flight)
                or self._codings.start(flight, self._add(snapshot, representation, coding))
            )
        answer = representation.answer(coding, known)
        assert answer is not None
        return answer.response()

    async def _add(self, snapshot: Snapshot, representation: Representation, coding: str) -> None:
        loop = asyncio.get_running_loop()
        body = await loop.run_in_executor(self._thread, compress, coding, representation.content)
        representation.add(coding, body)
        if snapshot.representation is representation and self.shelf.get(snapshot.key) is snapshot:
            self.shelf.weigh(snapshot)


def _call(load: Callable[..., Sheet], args: tuple[Any, ...], tx: Tx) -> Sheet:
    return load(tx, *args)


def _bytes(text: str | None) -> bytes | None:
    return text.encode("latin-1") if text is not None else None
