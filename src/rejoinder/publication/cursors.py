"""Where a page of a list of articles begins: a word that leads on exactly, whatever is published meanwhile."""

import re

from rejoinder.articles.models import Article, Place
from rejoinder.db import from_ms, read_id, show_id, to_ms
from rejoinder.errors import N_, Invalid, NotFound

_WORD = re.compile(r"(-?\d{1,15})?\.([0-9a-z]{13})", re.ASCII)


def write_place(article: Article) -> str:
    """A word for the place behind an article."""
    return f"{'' if article.published_at is None else to_ms(article.published_at)}.{show_id(article.id)}"


def read_place(word: str | None) -> Place | None:
    """Read it again. Raises `Invalid`."""
    if word is None:
        return None
    parts = _WORD.fullmatch(word)
    try:
        if parts is not None:
            return Place(None if parts[1] is None else from_ms(int(parts[1])), read_id(parts[2]))
    except (NotFound, OverflowError):
        pass
    raise Invalid(
        "wrong-parameter", N_("This value of “%(name)s” leads nowhere."), field="after", name="after"
    )
