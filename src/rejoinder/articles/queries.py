"""Every SQL statement on articles, their earlier addresses and their texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rejoinder.articles.models import Article, ArticleDraft, ArticleSource, Body, Known, Place, Revision
from rejoinder.db import Tx

FAR_ID = 2**63 - 1
FAR_MS = 2**62


def article_with_id(tx: Tx, site_id: int, article_id: int) -> Article:
    """Raises `NotFound`."""
    return tx.one(
        Article,
        """
        SELECT id, site_id, url, slug, state, source, source_path, title, language, section, lead, byline, origin,
               image, published_at, updated_at, discussion, close_at, revision, version
        FROM articles
        WHERE site_id = :site_id AND id = :id
        """,
        site_id=site_id,
        id=article_id,
    )


def article_at(tx: Tx, site_id: int, url: str) -> Article | None:
    """The article whose address this is now."""
    return tx.maybe(
        Article,
        """
        SELECT id, site_id, url, slug, state, source, source_path, title, language, section, lead, byline, origin,
               image, published_at, updated_at, discussion, close_at, revision, version
        FROM articles
        WHERE site_id = :site_id AND url = :url
        """,
        site_id=site_id,
        url=url,
    )


def article_ever_at(tx: Tx, site_id: int, url: str) -> Article | None:
    """The article whose address this is, else the one whose address it once was."""
    return tx.maybe(
        Article,
        """
        SELECT id, site_id, url, slug, state, source, source_path, title, language, section, lead, byline, origin,
               image, published_at, updated_at, discussion, close_at, revision, version
        FROM articles
        WHERE id = COALESCE(
            (SELECT id FROM articles WHERE site_id = :site_id AND url = :url),
            (SELECT article_id FROM article_aliases WHERE site_id = :site_id AND url = :url)
        )
        """,
        site_id=site_id,
        url=url,
    )


def public_ids_at(tx: Tx, site_id: int, urls: Sequence[str]) -> "list[At]":
    """The public articles that stand at these addresses, or once did."""
    return tx.all(
        At,
        """
        SELECT url, id FROM articles WHERE site_id = :site_id AND url IN :urls AND state = 'public'
        UNION ALL
        SELECT w.url, a.id FROM article_aliases w JOIN articles a ON a.id = w.article_id
        WHERE w.site_id = :site_id AND w.url IN :urls AND a.state = 'public'
        """,
        site_id=site_id,
        urls=urls,
    )


@dataclass(frozen=True, slots=True)
class At:
    """An article that an address leads to."""

    url: str
    id: int


def list_dated(tx: Tx, site_id: int, section: str | None, before: Place | None, limit: int) -> list[Article]:
    """Public articles with a date, newest first."""
    return tx.all(
        Article,
        """
        SELECT id, site_id, url, slug, state, source, source_path, title, language, section, lead, byline, origin,
               image, published_at, updated_at, discussion, close_at, revision, version
        FROM articles
        WHERE site_id = :site_id AND state = 'public' AND published_at IS NOT NULL
          AND (published_at, id) < (:published_at, :id)
          AND (CAST(:section AS TEXT) IS NULL OR section = :section)
        ORDER BY published_at DESC, id DESC
        LIMIT :limit
        """,
        site_id=site_id,
        section=section,
        published_at=before.published_at if before else FAR_MS,
        id=before.id if before else FAR_ID,
        limit=limit,
    )


def list_undated(
    tx: Tx, site_id: int, section: str | None, before: Place | None, limit: int
) -> list[Article]:
    """Public articles without a date, the last that came first."""
    return tx.all(
        Article,
        """
        SELECT id, site_id, url, slug, state, source, source_path, title, language, section, lead, byline, origin,
               image, published_at, updated_at, discussion, close_at, revision, version
        FROM articles
        WHERE site_id = :site_id AND state = 'public' AND published_at IS NULL AND id < :id
          AND (CAST(:section AS TEXT) IS NULL OR section = :section)
        ORDER BY id DESC
        LIMIT :limit
        """,
        site_id=site_id,
        section=section,
        id=before.id if before else FAR_ID,
        limit=limit,
    )


def list_all(tx: Tx, site_id: int) -> list[Article]:
    """Every article in every state, by address."""
    return tx.all(
        Article,
        """
        SELECT id, site_id, url, slug, state, source, source_path, title, language, section, lead, byline, origin,
               image, published_at, updated_at, discussion, close_at, revision, version
        FROM articles
        WHERE site_id = :site_id
        ORDER BY url
        """,
        site_id=site_id,
    )


def list_known(tx: Tx, site_id: int, source: ArticleSource) -> list[Known]:
    """What came from one source, with the hash of its present text."""
    return tx.all(
        Known,
        """
        SELECT a.id, a.url, a.state, a.source_path, r.hash
        FROM articles a JOIN article_revisions r ON r.article_id = a.id AND r.n = a.revision
        WHERE a.site_id = :site_id AND a.source = :source
        ORDER BY a.url
        """,
        site_id=site_id,
        source=source,
    )


def insert_article(tx: Tx, site_id: int, article_id: int, draft: ArticleDraft) -> None:
    tx.run(
        """
        INSERT INTO articles (
            id, site_id, url, slug, state, source, source_path, title, language, section, lead, byline, origin,
            image, published_at, updated_at, discussion, close_at, revision, version
        ) VALUES (
            :id, :site_id, :url, :slug, :state, :source, :source_path, :title, :language, :section, :lead, :byline,
            :origin, :image, :published_at, :updated_at, :discussion, :close_at, 1, 1
        )
        """,
        id=article_id,
        site_id=site_id,
        **_drafted(draft),
    )


def update_article(tx: Tx, article_id: int, draft: ArticleDraft, revision: int) -> None:
    tx.run(
        """
        UPDATE articles
        SET url = :url, slug = :slug, state = :state, source = :source, source_path = :source_path, title = :title,
            language = :language, section = :section, lead = :lead, byline = :byline, origin = :origin,
            image = :image, published_at = :published_at, updated_at = :updated_at, discussion = :discussion,
            close_at = :close_at, revision = :revision, version = version + 1
        WHERE id = :id
        """,
        id=article_id,
        revision=revision,
        **_drafted(draft),
    )


def set_gone(tx: Tx, article_id: int) -> None:
    tx.run("UPDATE articles SET state = 'gone', version = version + 1 WHERE id = :id", id=article_id)


def get_revision(tx: Tx, article_id: int, n: int) -> Revision:
    """Raises `NotFound`."""
    return tx.one(
        Revision,
        """
        SELECT article_id, n, canon_version, text, hash, html, render_version, seen_at
        FROM article_revisions
        WHERE article_id = :article_id AND n = :n
        """,
        article_id=article_id,
        n=n,
    )


def list_revisions(tx: Tx, article_id: int) -> list[Revision]:
    """Every text the article had, oldest first."""
    return tx.all(
        Revision,
        """
        SELECT article_id, n, canon_version, text, hash, html, render_version, seen_at
        FROM article_revisions
        WHERE article_id = :article_id
        ORDER BY n
        """,
        article_id=article_id,
    )


def insert_revision(tx: Tx, article_id: int, n: int, body: Body, seen_at: datetime) -> None:
    tx.run(
        """
        INSERT INTO article_revisions (article_id, n, canon_version, text, hash, html, render_version, seen_at)
        VALUES (:article_id, :n, :canon_version, :text, :hash, :html, :render_version, :seen_at)
        """,
        article_id=article_id,
        n=n,
        canon_version=body.canon_version,
        text=body.text,
        hash=body.hash,
        html=body.html,
        render_version=body.render_version,
        seen_at=seen_at,
    )


def set_html(tx: Tx, article_id: int, n: int, html: str, render_version: int) -> None:
    """The same text drawn again."""
    tx.run(
        """
        UPDATE article_revisions SET html = :html, render_version = :render_version
        WHERE article_id = :article_id AND n = :n
        """,
        article_id=article_id,
        n=n,
        html=html,
        render_version=render_version,
    )


def insert_alias(tx: Tx, site_id: int, url: str, article_id: int) -> int:
    """How many rows were new; an address that already leads somewhere stays."""
    return tx.run(
        """
        INSERT INTO article_aliases (site_id, url, article_id) VALUES (:site_id, :url, :article_id)
        ON CONFLICT (site_id, url) DO NOTHING
        """,
        site_id=site_id,
        url=url,
        article_id=article_id,
    )


def delete_alias(tx: Tx, site_id: int, url: str) -> None:
    tx.run("DELETE FROM article_aliases WHERE site_id = :site_id AND url = :url", site_id=site_id, url=url)


def _drafted(draft: ArticleDraft) -> dict[str, Any]:
    """The columns that a draft gives, by name."""
    return {
        "url": draft.url,
        "slug": draft.slug,
        "state": draft.state,
        "source": draft.source,
        "source_path": draft.source_path,
        "title": draft.title,
        "language": draft.language,
        "section": draft.section,
        "lead": draft.lead,
        "byline": draft.byline,
        "origin": draft.origin,
        "image": draft.image,
        "published_at": draft.published_at,
        "updated_at": draft.updated_at,
        "discussion": draft.discussion,
        "close_at": draft.close_at,
    }
