"""Storing an article: the one way a page becomes known, changes, moves or comes back."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.articles import queries
from rejoinder.articles.models import (
    Article,
    ArticleDraft,
    ArticleSource,
    ArticleState,
    Body,
    Outcome,
    Revision,
    Stored,
)
from rejoinder.db import Tx, new_id
from rejoinder.sites.models import Site


def store_article(
    tx: Tx, site: Site, draft: ArticleDraft, now: datetime, *, article_id: int | None = None
) -> Stored:
    """Make the article at the draft's address say what the draft says; every text it ever had is kept.

    A new article has the id `article_id`, or one of its own.
    An alias that is the address of a removed article is a rename: that article moves here with its discussion.
    An alias that is another article's address is refused, and named in the answer.
    """
    article = queries.article_at(tx, site.id, draft.url) or _renamed(tx, site, draft)
    if article is None:
        return _insert(tx, site, draft, now, article_id or new_id())
    if _belongs_to_a_file(article, draft):
        return Stored(article.id, Outcome.SAME)

    latest = queries.get_revision(tx, article.id, article.revision)
    _leave_address(tx, site, article, draft.url)
    aliases = _keep_aliases(tx, site, article.id, draft)
    if draft.says_what(article) and latest.body == draft.body and not aliases.added:
        return Stored(article.id, Outcome.SAME, aliases.refused)

    revision = _keep_text(tx, latest, draft.body, now)
    queries.update_article(tx, article.id, draft, revision)
    tx.touch(f"article:{article.id}", f"site:{site.id}")
    return Stored(article.id, Outcome.CHANGED, aliases.refused)


def _renamed(tx: Tx, site: Site, draft: ArticleDraft) -> Article | None:
    for alias in draft.aliases:
        article = queries.article_at(tx, site.id, alias)
        if article is not None and article.state is ArticleState.GONE:
            return article
    return None


def _belongs_to_a_file(article: Article, draft: ArticleDraft) -> bool:
    is_file = article.source is ArticleSource.FOLDER and article.state is not ArticleState.GONE
    return is_file and draft.source is not ArticleSource.FOLDER


def _insert(tx: Tx, site: Site, draft: ArticleDraft, now: datetime, article_id: int) -> Stored:
    queries.delete_alias(tx, site.id, draft.url)
    queries.insert_article(tx, site.id, article_id, draft)
    queries.insert_revision(tx, article_id, 1, draft.body, now)
    aliases = _keep_aliases(tx, site, article_id, draft)
    tx.touch(f"article:{article_id}", f"site:{site.id}")
    return Stored(article_id, Outcome.NEW, aliases.refused)


def _leave_address(tx: Tx, site: Site, article: Article, url: str) -> None:
    """The address an article moves away from leads to its new one."""
    if article.url != url:
        queries.delete_alias(tx, site.id, url)
        queries.insert_alias(tx, site.id, article.url, article.id)


@dataclass(frozen=True, slots=True)
class _Aliases:
    added: bool
    refused: tuple[str, ...]


def _keep_aliases(tx: Tx, site: Site, article_id: int, draft: ArticleDraft) -> _Aliases:
    """Aliases are only ever added: an address that once led here goes on doing so."""
    added = False
    refused = []
    for alias in draft.aliases:
        holder = queries.article_ever_at(tx, site.id, alias)
        if holder is None and alias != draft.url:
            queries.insert_alias(tx, site.id, alias, article_id)
            added = True
        elif holder is not None and holder.id != article_id:
            refused.append(alias)
    return _Aliases(added, tuple(refused))


def _keep_text(tx: Tx, latest: Revision, body: Body, now: datetime) -> int:
    """The number of the revision that holds this text: a new one, or the latest drawn again."""
    if not latest.body.same_text(body):
        queries.insert_revision(tx, latest.article_id, latest.n + 1, body, now)
        return latest.n + 1
    if latest.body != body:
        queries.set_html(tx, latest.article_id, latest.n, body.html, body.render_version)
    return latest.n
