"""What a page is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page is made from, loaded in one read transaction.

    `tags` name what it shows ("thread:7", "site:1"): when one is touched, it is drawn again. `version` is the
    thread's, 0 where the page has none; `valid_until` is when it changes by itself. Where `content` is given, that is
    the page, and no template is drawn. With `images`, comments on it may show images from elsewhere.
    """

    template: str
    context: Mapping[str, object]
    language: str
    tags: frozenset[str]
    version: int = 0
    valid_until: datetime | None = None
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    content: bytes | None = None
    images: bool = False


def ready_sheet(
    content: bytes, tags: frozenset[str], *, version: int = 0, valid_until: datetime | None = None
) -> Sheet:
    """JSON that has nothing left to be drawn."""
    return Sheet(
        "", {}, "", tags, version, valid_until=valid_until, media_type="application/json", content=content
    )
