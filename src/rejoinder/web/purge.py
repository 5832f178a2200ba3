"""Telling a cache in front which pages to drop."""

import json
from collections.abc import Sequence

from .fetch import FetchFailed, fetch


async def purge(hook: str, urls: Sequence[str]) -> None:
    """POST `{"purge": [url, …]}` to the hook. Raises FetchFailed; it is tried again then."""
    body = json.dumps({"purge": list(urls)}).encode()
    # A cache stands beside this server, where plain http is usual, and is told nothing but public addresses.
    answer = await fetch("POST", hook, body=body, headers={"content-type": "application/json"}, plain=True)
    if not 200 <= answer.status < 300:
        raise FetchFailed(f"the cache answered {answer.status}")
