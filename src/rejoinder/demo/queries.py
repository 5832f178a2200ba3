"""What no verb of a reader stores: mentions elsewhere, a comment whose date nobody knows, and load data row by row."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from rejoinder.db import Bind, Tx

Rows: TypeAlias = Iterable[Mapping[str, Bind]]


def has_threads(tx: Tx, site_id: int) -> bool:
    return tx.value("SELECT 1 FROM threads WHERE site_id = :site_id LIMIT 1", site_id=site_id) is not None


def forget_date(tx: Tx, comment_id: int) -> None:
    tx.run("UPDATE comments SET posted_at = NULL WHERE id = :comment_id", comment_id=comment_id)


def insert_ping(
    tx: Tx,
    ping_id: int,
    author_id: int,
    *,
    site_id: int,
    thread_id: int,
    title: str,
    url: str,
    at: datetime,
) -> None:
    """A page elsewhere that mentions the article, as an import brings it."""
    tx.run(
        """
        INSERT INTO authors (id, site_id, kind, name, name_key, website)
        VALUES (:id, :site_id, 'imported', :title, :title, :url)
        """,
        id=author_id,
        site_id=site_id,
        title=title,
        url=url,
    )
    tx.run(
        """
        INSERT INTO comments (id, site_id, thread_id, root_id, depth, path, author_id, kind, origin_url, status,
                              posted_at, placed_at)
        VALUES (:id, :site_id, :thread_id, :id, 0, :path, :author_id, 'ping', :url, 'published', :at, :at)
        """,
        id=ping_id,
        site_id=site_id,
        thread_id=thread_id,
        path=b"",
        author_id=author_id,
        url=url,
        at=at,
    )


def insert_visitors(tx: Tx, rows: Rows) -> None:
    tx.run_many(
        """
        INSERT INTO visitors (id, site_id, token_hash, first_seen, last_seen)
        VALUES (:id, :site_id, :token_hash, :seen, :seen)
        """,
        rows,
    )


def insert_authors(tx: Tx, rows: Rows) -> None:
    tx.run_many(
        """
        INSERT INTO authors (id, site_id, kind, name, name_key, visitor_id)
        VALUES (:id, :site_id, 'guest', :name, :name_key, :visitor_id)
        """,
        rows,
    )


def insert_thread(tx: Tx, thread_id: int, site_id: int, article_id: int, *, comments: int, tops: int) -> None:
    """A thread that so many comments were posted in, one after the other."""
    tx.run(
        """
        INSERT INTO threads (id, site_id, article_id, state, version, comment_count, top_count)
        VALUES (:id, :site_id, :article_id, 'open', 1 + :comments, :comments, :tops)
        """,
        id=thread_id,
        site_id=site_id,
        article_id=article_id,
        comments=comments,
        tops=tops,
    )


def insert_comments(tx: Tx, rows: Rows) -> None:
    """Published comments, every reply behind its parent."""
    tx.run_many(
        """
        INSERT INTO comments (id, site_id, thread_id, parent_id, root_id, depth, path, author_id, kind, status, posted_at,
                              placed_at, revision_published, up, down, score, best, reply_count, branch_count,
                              shown_children)
        VALUES (:id, :site_id, :thread_id, :parent_id, :root_id, :depth, :path, :author_id, 'comment', 'published', :at,
                :at, 1, :up, :down, :score, :best, :replies, :branch, :replies)
        """,
        rows,
    )


def insert_texts(tx: Tx, rows: Rows) -> None:
    """The first and only text of each comment."""
    tx.run_many(
        """
        INSERT INTO comment_revisions (comment_id, n, text, format, html, render_version, author_name, at, by)
        VALUES (:comment_id, 1, :text, 'markdown', :html, :render_version, :author_name, :at, 'author')
        """,
        rows,
    )


def insert_votes(tx: Tx, rows: Rows) -> None:
    """Votes that counted at once; the network they came from is forgotten already."""
    tx.run_many(
        """
        INSERT INTO votes (comment_id, voter, site_id, thread_id, value, at, counts_from)
        VALUES (:comment_id, :voter, :site_id, :thread_id, :value, :at, :at)
        """,
        rows,
    )
