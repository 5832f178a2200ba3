"""Statements on what people signed: their comments as a page shows them, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.models import Status
from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Signed:
    """A name on one browser, with how many comments and from when to when; `here` where the browser is the one that asks."""

    id: int
    name: str
    comments: int
    first: datetime
    last: datetime
    here: bool


def signed_at(tx: Tx, site_id: int, email_key: str, *, visitor_hash: bytes, most: int) -> list[Signed]:
    """What guests signed with an address; the newest first."""
    return tx.all(
        Signed,
        """
        SELECT a.id, a.name, count(*) AS comments, min(c.placed_at) AS first, max(c.placed_at) AS last,
               max(CASE WHEN v.token_hash = :visitor_hash THEN 1 ELSE 0 END) AS here
        FROM authors a
        JOIN comments c ON c.author_id = a.id
        LEFT JOIN visitors v ON v.id = a.visitor_id
        WHERE a.site_id = :site_id AND lower(a.email) = :email_key AND a.email IS NOT NULL
          AND a.account_id IS NULL AND v.account_id IS NULL
        GROUP BY a.id, a.name ORDER BY last DESC, a.id DESC LIMIT :most
        """,
        site_id=site_id,
        email_key=email_key,
        visitor_hash=visitor_hash,
        most=most,
    )


@dataclass(frozen=True, slots=True)
class Own:
    """One's own comment in a list: where it stands, what it says now, and what became of it."""

    id: int
    author_id: int
    thread_id: int
    title: str
    status: Status
    posted_at: datetime | None
    placed_at: datetime
    html: str
    waits: bool


def newest_of(tx: Tx, author_id: int, most: int) -> list[Own]:
    """The newest comments that were signed so."""
    return tx.all(
        Own,
        """
        SELECT c.id, c.author_id, c.thread_id, a.title, c.status, c.posted_at, c.placed_at, r.html,
               CASE WHEN c.revision_pending IS NOT NULL THEN 1 ELSE 0 END AS waits
        FROM comments c
        JOIN comment_revisions r
            ON r.comment_id = c.id AND r.n = coalesce(c.revision_pending, c.revision_published)
        JOIN threads t ON t.id = c.thread_id
        JOIN articles a ON a.id = t.article_id
        WHERE c.author_id = :author_id ORDER BY c.id DESC LIMIT :most
        """,
        author_id=author_id,
        most=most,
    )


def own_before(tx: Tx, author_ids: Sequence[int], *, before: int, most: int) -> list[Own]:
    """The next comments that were signed with any of these; the newest first."""
    return tx.all(
        Own,
        """
        SELECT c.id, c.author_id, c.thread_id, a.title, c.status, c.posted_at, c.placed_at, r.html,
               CASE WHEN c.revision_pending IS NOT NULL THEN 1 ELSE 0 END AS waits
        FROM (
            SELECT id FROM comments WHERE author_id IN :author_ids AND id < :before ORDER BY id DESC LIMIT :most
        ) mine
        JOIN comments c ON c.id = mine.id
        LEFT JOIN comment_revisions r
            ON r.comment_id = c.id AND r.n = coalesce(c.revision_pending, c.revision_published)
        JOIN threads t ON t.id = c.thread_id
        JOIN articles a ON a.id = t.article_id
        ORDER BY c.id DESC
        """,
        author_ids=author_ids,
        before=before,
        most=most,
    )


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote of one's own: on whose comment, below which article."""

    comment_id: int
    title: str
    value: int
    at: datetime
    status: Status
    author_name: str


def votes_before(tx: Tx, site_id: int, voter: int, *, before: int, most: int) -> list[Voted]:
    """The next votes of somebody, on the newest comments first."""
    return tx.all(
        Voted,
        """
        SELECT v.comment_id, a.title, v.value, v.at, c.status,
               CASE WHEN c.status = 'published' THEN w.name ELSE '' END AS author_name
        FROM votes v
        JOIN comments c ON c.id = v.comment_id
        JOIN authors w ON w.id = c.author_id
        JOIN threads t ON t.id = v.thread_id
        JOIN articles a ON a.id = t.article_id
        WHERE v.voter = :voter AND v.site_id = :site_id AND v.comment_id < :before
        ORDER BY v.comment_id DESC LIMIT :most
        """,
        site_id=site_id,
        voter=voter,
        before=before,
        most=most,
    )
