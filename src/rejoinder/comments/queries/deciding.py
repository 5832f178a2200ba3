"""What moderators see and what they decided."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.models import Status
from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Waiting:
    """A comment in a moderator's list: under which article, and why it waits."""

    id: int
    thread_id: int
    title: str
    reason: str | None


def waiting(tx: Tx, site_id: int, *, after: int, most: int) -> list[Waiting]:
    """Held comments and held edits of published ones, the oldest first."""
    # Said as a range, so that their own index alone has this order: PostgreSQL now and then walked through all spam.
    return tx.all(
        Waiting,
        """
        SELECT c.id, c.thread_id, a.title, r.reason
        FROM comments c
        JOIN comment_revisions r ON r.comment_id = c.id AND r.n = c.revision_pending
        JOIN threads t ON t.id = c.thread_id
        JOIN articles a ON a.id = t.article_id
        WHERE c.status IN ('held', 'published') AND c.revision_pending IS NOT NULL
          AND (c.site_id, c.id) > (:site_id, :after) AND c.site_id <= :site_id
        ORDER BY c.site_id, c.id LIMIT :most
        """,
        site_id=site_id,
        after=after,
        most=most,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A comment as a list on a terminal shows it."""

    id: int
    url: str
    author_name: str
    text: str


def list_with_status(tx: Tx, site_id: int, status: Status, *, most: int) -> list[Listed]:
    return tx.all(
        Listed,
        """
        SELECT c.id, a.url, w.name AS author_name, r.text
        FROM comments c
        JOIN authors w ON w.id = c.author_id
        JOIN comment_revisions r
            ON r.comment_id = c.id AND r.n = coalesce(c.revision_pending, c.revision_published)
        JOIN threads t ON t.id = c.thread_id
        JOIN articles a ON a.id = t.article_id
        WHERE c.site_id = :site_id AND c.status = :status AND c.kind = 'comment'
        ORDER BY c.placed_at DESC, c.id DESC LIMIT :most
        """,
        site_id=site_id,
        status=status,
        most=most,
    )


def count_waiting(tx: Tx, site_id: int) -> int:
    count: int = tx.value(
        """
        SELECT count(*) FROM comments
        WHERE site_id = :site_id AND status IN ('held', 'published') AND revision_pending IS NOT NULL
        """,
        site_id=site_id,
    )
    return count


def insert_decision(
    tx: Tx,
    decision_id: int,
    *,
    site_id: int,
    account_id: int | None,
    service_id: int | None,
    verb: str,
    thread_id: int,
    comment_id: int | None,
    before: str,
    after: str,
    why: str | None,
    now: datetime,
) -> None:
    tx.run(
        """
        INSERT INTO decisions (
            id, site_id, at, account_id, service_token_id, verb, thread_id, comment_id, before, after, why
        )
        VALUES (
            :id, :site_id, :now, :account_id, :service_id, :verb, :thread_id, :comment_id, :before, :after, :why
        )
        """,
        id=decision_id,
        site_id=site_id,
        now=now,
        account_id=account_id,
        service_id=service_id,
        verb=verb,
        thread_id=thread_id,
        comment_id=comment_id,
        before=before,
        after=after,
        why=why,
    )
