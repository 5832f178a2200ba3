"""Comments that guests left with an address, for who proved it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.models import Status
from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Left:
    """A comment as who may have written it knows it again; `is_mine` where it was written on a browser of theirs.

    `title` and `url` are those of the article, while that is public.
    """

    id: int
    status: Status
    posted_at: datetime | None
    author_name: str
    html: str
    title: str | None
    url: str | None
    is_mine: bool


def list_left(
    tx: Tx, site_id: int, account_id: int, *, email_key: str, oldest: int, newest: int, most: int
) -> list[Left]:
    """The newest first; what was written on the browser of another member is none of theirs."""
    return tx.all(
        Left,
        """
        SELECT l.id, l.status, l.posted_at, l.author_name, r.html,
               CASE WHEN a.state = 'public' THEN a.title END AS title,
               CASE WHEN a.state = 'public' THEN a.url END AS url,
               CASE WHEN l.account_id = :account_id THEN 1 ELSE 0 END AS is_mine
        FROM left_comments l
        JOIN comment_revisions r ON r.comment_id = l.id AND r.n = l.revision
        JOIN threads t ON t.id = l.thread_id
        JOIN articles a ON a.id = t.article_id
        WHERE l.site_id = :site_id AND l.email_key = :email_key
          AND (l.account_id IS NULL OR l.account_id = :account_id) AND l.id BETWEEN :oldest AND :newest
        ORDER BY l.id DESC LIMIT :most
        """,
        site_id=site_id,
        account_id=account_id,
        email_key=email_key,
        oldest=oldest,
        newest=newest,
        most=most,
    )


def count_left(tx: Tx, site_id: int, account_id: int, *, email_key: str, before: int) -> int:
    """How many there are that are older."""
    count: int = tx.value(
        """
        SELECT count(*) FROM left_comments
        WHERE site_id = :site_id AND email_key = :email_key AND (account_id IS NULL OR account_id = :account_id)
          AND id < :before
        """,
        site_id=site_id,
        account_id=account_id,
        email_key=email_key,
        before=before,
    )
    return count


@dataclass(frozen=True, slots=True)
class Taken:
    """A comment that has its author now, and whether readers see it."""

    thread_id: int
    status: Status


def take(
    tx: Tx,
    site_id: int,
    account_id: int,
    *,
    email_key: str,
    chosen: Sequence[int],
    before: int,
    author_id: int,
) -> list[Taken]:
    """Let an author sign the chosen ones, and all that are older than `before`, as far as they are theirs to take."""
    return tx.all(
        Taken,
        """
        UPDATE comments SET author_id = :author_id, changed = changed + 1
        WHERE id IN (
            SELECT id FROM left_comments
            WHERE site_id = :site_id AND email_key = :email_key
              AND (account_id IS NULL OR account_id = :account_id) AND (id IN :chosen OR id < :before)
        )
        RETURNING thread_id, status
        """,
        site_id=site_id,
        account_id=account_id,
        email_key=email_key,
        chosen=chosen,
        before=before,
        author_id=author_id,
    )


def authors_since(tx: Tx, site_id: int, email_key: str, newest: int) -> list[int]:
    """Who signed something with the address that is newer."""
    return tx.values(
        """
        SELECT DISTINCT author_id AS id FROM left_comments
        WHERE site_id = :site_id AND email_key = :email_key AND id > :newest
        """,
        site_id=site_id,
        email_key=email_key,
        newest=newest,
    )


def without_comments(tx: Tx, author_ids: Sequence[int]) -> list[int]:
    """Those of these authors who sign nothing any more."""
    return tx.values(
        """
        SELECT a.id FROM authors a
        WHERE a.id IN :author_ids AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.author_id = a.id)
        """,
        author_ids=author_ids,
    )
