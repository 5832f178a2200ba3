"""Withdrawing an article: its page says that it is gone, its discussion is kept and not public."""

from rejoinder.articles import queries
from rejoinder.articles.models import Article, ArticleState
from rejoinder.db import Tx


def withdraw_article(tx: Tx, site_id: int, article_id: int) -> Article:
    """Take an article away from its readers; storing it again brings it back. Raises `NotFound`."""
    article = queries.article_with_id(tx, site_id, article_id)
    if article.state is ArticleState.GONE:
        return article

    queries.set_gone(tx, article.id)
    tx.touch(f"article:{article.id}", f"site:{site_id}")
    return queries.article_with_id(tx, site_id, article_id)
