"""Finding articles: by address, by an address they once had, in the order a front page shows them."""

from rejoinder.articles import queries
from rejoinder.articles.models import Article, Found, Place, Revision
from rejoinder.db import Tx
from rejoinder.errors import NotFound


def get_article(tx: Tx, site_id: int, url: str) -> Article:
    """The article at exactly this address, in whatever state it is. Raises `NotFound`."""
    article = queries.article_at(tx, site_id, url)
    if article is None:
        raise NotFound("not-found", "There is nothing at this address.")
    return article


def find_article(tx: Tx, site_id: int, url: str) -> Found:
    """The article that this address leads to, and whether it has moved since. Raises `NotFound`."""
    article = queries.article_ever_at(tx, site_id, url)
    if article is None:
        raise NotFound("not-found", "There is nothing at this address.")
    return Found(article, moved=article.url != url)


def get_body(tx: Tx, article: Article) -> Revision:
    """The text that an article has now."""
    return queries.get_revision(tx, article.id, article.revision)


def list_public(
    tx: Tx, site_id: int, *, section: str | None = None, after: Place | None = None, limit: int
) -> list[Article]:
    """Public articles as a front page shows them: newest first, those without a date last."""
    listed: list[Article] = []
    if after is None or after.published_at is not None:
        listed = queries.list_dated(tx, site_id, section, after, limit)
        after = None
    if len(listed) < limit:
        listed += queries.list_undated(tx, site_id, section, after, limit - len(listed))
    return listed


def list_articles(tx: Tx, site_id: int) -> list[Article]:
    """Every article in every state, by address: for staff and commands."""
    return queries.list_all(tx, site_id)
