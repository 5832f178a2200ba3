"""The one HTTP client (demand D10): what this server fetches itself, and how little of it is believed.

Every destination so far is one that the operator typed, or that a provider the operator typed names in its metadata:
the cache in front (`web/purge.py`), OpenID providers (`accounts/openid.py`), the publisher's keys (`accounts/publisher.py`)
and `rejoinder doctor`. Those may lie in the operator's own network. An address that a stranger can write must not: it needs
a `network_backend` that looks at each resolved address before it connects, and that is handed to the pool in `_answer_of`.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ada_url import URL

from .loopback import is_plain_abroad

MOST_BYTES = 1024 * 1024
SECONDS = 5
KEPT = timedelta(minutes=10)
AGAIN_AFTER = timedelta(minutes=1)
"""What turned out not to hold what is looked for is fetched anew, but not more often: a stranger may be asking."""
FAILED_FOR = timedelta(seconds=10)

_HEADERS = {"user-agent": "Rejoinder", "accept": "application/json", "accept-encoding": "identity"}


class FetchFailed(Exception):
    """Nothing came back that can be used; it says what went wrong and holds no secret."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was answered."""

    status: int
    kind: str
    body: bytes

    @property
    def data(self) -> Any:
        """The answer's JSON. Raises FetchFailed where it is none."""
        if self.kind != "application/json" and not self.kind.endswith("+json"):
            raise FetchFailed(f"the answer is {self.kind or 'of no kind'}, not JSON")
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise FetchFailed("the answer is not JSON") from None


async def fetch(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    plain: bool = False,
) -> Fetched:
    """Ask an address the operator named: within five seconds, for at most a mebibyte, following no redirect.

    No cookie is kept and no proxy of the environment is used. Only https, or http on this machine; with `plain` http
    elsewhere too. Raises FetchFailed.
    """
    if not URL.can_parse(url) or URL(url).protocol not in {"https:", "http:"}:
        raise FetchFailed("this is no web address")
    if not plain and is_plain_abroad(url):
        raise FetchFailed("this address is not encrypted: it has to begin with https://")
    try:
        async with asyncio.timeout(SECONDS):
            return await _answer_of(method, URL(url).href, body, {**_HEADERS, **(headers or {})})
    except TimeoutError:
        raise FetchFailed(f"no whole answer within {SECONDS} seconds") from None


async def _answer_of(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Fetched:
    import httpcore2  # noqa: PLC0415, TID251 - the one place; six mebibytes that most servers never need

    try:
        async with (
            httpcore2.AsyncConnectionPool(ssl_context=ssl.create_default_context()) as pool,
            pool.stream(method, url, headers=list(headers.items()), content=body) as response,
        ):
            answered = {name.lower(): value for name, value in response.headers}
            if b"content-encoding" in answered:
                raise FetchFailed("the answer is packed, which was not asked for")
            chunks, size = [], 0
            async for chunk in response.aiter_stream():
                size += len(chunk)
                if size > MOST_BYTES:
                    raise FetchFailed(f"the answer is longer than {MOST_BYTES} bytes")
                chunks.append(chunk)
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError) as why:
        raise FetchFailed(f"{type(why).__name__}: {why}") from why
    kind = answered.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    return Fetched(response.status, kind, b"".join(chunks))


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    found: Any  # or the FetchFailed that came of it


@dataclass(slots=True)
class Documents:
    """Public JSON of others that seldom changes, such as metadata and keys: kept for minutes, asked for by one at a time."""

    _kept: dict[str, _Kept] = field(default_factory=dict)
    _again: dict[str, float] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def get(self, url: str, *, again: bool = False) -> Any:
        """The JSON at an address; with `again`, fetched anew, which is done once a minute at most.

        Raises FetchFailed, for some seconds without asking again: who waits in line for a slow answer waits once.
        """
        async with self._locks.setdefault(url, asyncio.Lock()):
            now, kept = time.monotonic(), self._kept.get(url)
            anew = again and now >= self._again.get(url, 0)
            if kept is None or kept.until <= now or anew:
                found = await _document(url)
                lasts = FAILED_FOR if isinstance(found, FetchFailed) else KEPT
                kept = self._kept[url] = _Kept(now + lasts.total_seconds(), found)
            if anew:
                self._again[url] = now + AGAIN_AFTER.total_seconds()
            if isinstance(kept.found, FetchFailed):
                raise kept.found
            return kept.found


async def _document(url: str) -> Any:
    try:
        answer = await fetch("GET", url)
        return FetchFailed(f"the answer has status {answer.status}") if answer.status != 200 else answer.data
    except FetchFailed as why:
        return why
