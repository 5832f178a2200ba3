"""What the demo stores that no verb of a reader could: mentions elsewhere, and a comment whose date nobody knows."""

from datetime import datetime

from rejoinder.db import Tx


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
