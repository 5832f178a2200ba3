"""Comments as their authors and staff see them: with the latest text, whatever became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.models import Comment
from rejoinder.db import Tx


def as_written(tx: Tx, site_id: int, ids: Sequence[int]) -> list[Comment]:
    """Comments with their latest text, as they would stand if they were published."""
    return tx.all(
        Comment,
        """
        SELECT c.id, c.thread_id, c.parent_id, c.root_id, c.depth, c.path, 'published' AS status, c.label, c.language,
               c.posted_at, c.placed_at, CASE WHEN r.n > 1 THEN r.at END AS edited_at, c.changed, c.up, c.down,
               c.reply_count, c.branch_count, c.pinned_until, c.closed_at, a.name AS author_name,
               a.website AS author_website,
               CASE WHEN p.status = 'published' THEN pa.name END AS parent_name, r.html
        FROM comments c
        JOIN authors a ON a.id = c.author_id
        JOIN comment_revisions r
            ON r.comment_id = c.id AND r.n = coalesce(c.revision_pending, c.revision_published)
        LEFT JOIN comments p ON p.id = c.parent_id
        LEFT JOIN authors pa ON pa.id = p.author_id
        WHERE c.site_id = :site_id AND c.id IN :ids AND c.kind = 'comment'
        """,
        site_id=site_id,
        ids=ids,
    )


@dataclass(frozen=True, slots=True)
class Text:
    """The newest text of a comment as it was written, and which of its texts that is."""

    comment_id: int
    n: int
    text: str


def latest_texts(tx: Tx, ids: Sequence[int]) -> list[Text]:
    return tx.all(
        Text,
        """
        SELECT c.id AS comment_id, r.n, r.text
        FROM comments c
        JOIN comment_revisions r
            ON r.comment_id = c.id AND r.n = coalesce(c.revision_pending, c.revision_published)
        WHERE c.id IN :ids
        """,
        ids=ids,
    )


def own_ids(
    tx: Tx, thread_id: int, *, visitor_id: int, account_id: int, since: datetime, most: int
) -> list[int]:
    return tx.values(
        """
        SELECT c.id FROM comments c
        WHERE c.author_id IN (
            SELECT a.id FROM authors a WHERE a.visitor_id = :visitor_id OR a.account_id = :account_id
            UNION SELECT a.id FROM visitors v JOIN authors a ON a.visitor_id = v.id WHERE v.account_id = :account_id
        ) AND c.thread_id = :thread_id AND c.placed_at > :since
        ORDER BY c.id LIMIT :most
        """,
        thread_id=thread_id,
        visitor_id=visitor_id,
        account_id=account_id,
        since=since,
        most=most,
    )


def marked_ids(tx: Tx, thread_id: int, *, most: int) -> list[int]:
    return tx.values(
        """
        SELECT id FROM comments
        WHERE thread_id = :thread_id AND status = 'published'
          AND (pinned_until IS NOT NULL OR closed_at IS NOT NULL OR revision_pending IS NOT NULL)
        ORDER BY id LIMIT :most
        """,
        thread_id=thread_id,
        most=most,
    )


def held_ids(tx: Tx, thread_id: int, *, most: int) -> list[int]:
    return tx.values(
        """
        SELECT id FROM comments
        WHERE thread_id = :thread_id AND status = 'held' ORDER BY id LIMIT :most
        """,
        thread_id=thread_id,
        most=most,
    )


def threads_of(tx: Tx, account_id: int) -> list[int]:
    """The threads in which readers see something that somebody signed."""
    return tx.values(
        """
        SELECT DISTINCT c.thread_id AS id FROM authors a JOIN comments c ON c.author_id = a.id
        WHERE a.account_id = :account_id AND c.status = 'published' ORDER BY c.thread_id
        """,
        account_id=account_id,
    )
