"""Telling a cache in front which pages to drop. The operator typed its address: the named exception of one fetcher."""

import asyncio
import json
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPSConnection  # noqa: TID251  a setting names where to, never a stranger
from urllib.parse import urlsplit

SECONDS = 5


class PurgeFailed(Exception):
    """The cache did not say that it dropped the pages."""


async def purge(hook: str, urls: Sequence[str]) -> None:
    """POST `{"purge": [url, …]}` to the hook. Raises PurgeFailed or OSError; it is tried again then."""
    await asyncio.to_thread(_post, hook, json.dumps({"purge": list(urls)}).encode())


def _post(hook: str, body: bytes) -> None:
    url = urlsplit(hook)
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.netloc, timeout=SECONDS)
    try:
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection.request("POST", path, body, {"content-type": "application/json"})
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise PurgeFailed(f"the cache answered {status}")
