"""What pages and answers are made from. A page costs the same few statements at any size of thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.models import Comment, Thread
from rejoinder.comments.places import END
from rejoinder.db import Tx
from rejoinder.errors import N_, NotFound


@dataclass(frozen=True, slots=True)
class Root:
    """A top-level comment of a list, and how many replies its branch holds."""

    id: int
    placed_at: datetime
    branch_count: int


@dataclass(frozen=True, slots=True)
class Ping:
    """A page elsewhere that mentions the article."""

    name: str
    url: str | None
    posted_at: datetime | None


def find_thread(tx: Tx, site_id: int, thread_id: int) -> Thread | None:
    return tx.maybe(
        Thread,
        """
        SELECT t.id, t.site_id, t.article_id, a.url, a.title, a.language, t.state, a.discussion, a.close_at,
               t.version, t.comment_count, t.top_count
        FROM threads t JOIN articles a ON a.id = t.article_id
        WHERE t.site_id = :site_id AND t.id = :thread_id AND a.state = 'public'
        """,
        site_id=site_id,
        thread_id=thread_id,
    )


def get_thread(tx: Tx, site_id: int, thread_id: int) -> Thread:
    thread = find_thread(tx, site_id, thread_id)
    if thread is None:
        raise NotFound("thread-not-found", N_("There is no discussion here."))
    return thread


def find_thread_of(tx: Tx, site_id: int, article_id: int) -> Thread | None:
    return tx.maybe(
        Thread,
        """
        SELECT t.id, t.site_id, t.article_id, a.url, a.title, a.language, t.state, a.discussion, a.close_at,
               t.version, t.comment_count, t.top_count
        FROM threads t JOIN articles a ON a.id = t.article_id
        WHERE t.site_id = :site_id AND t.article_id = :article_id
        """,
        site_id=site_id,
        article_id=article_id,
    )


def thread_version(tx: Tx, thread_id: int) -> int:
    version: int = tx.value("SELECT version FROM threads WHERE id = :thread_id", thread_id=thread_id)
    return version


def oldest_roots(
    tx: Tx, thread_id: int, *, after: datetime, after_id: int, now: datetime, most: int
) -> list[Root]:
    return tx.all(
        Root,
        """
        SELECT id, placed_at, branch_count FROM comments
        WHERE thread_id = :thread_id AND parent_id IS NULL AND shown = 1 AND (placed_at, id) > (:after, :after_id)
          AND (pinned_until IS NULL OR pinned_until <= :now)
        ORDER BY placed_at, id LIMIT :most
        """,
        thread_id=thread_id,
        after=after,
        after_id=after_id,
        now=now,
        most=most,
    )


def newest_roots(
    tx: Tx, thread_id: int, *, after: datetime, after_id: int, now: datetime, most: int
) -> list[Root]:
    return tx.all(
        Root,
        """
        SELECT id, placed_at, branch_count FROM comments
        WHERE thread_id = :thread_id AND parent_id IS NULL AND shown = 1 AND (placed_at, id) < (:after, :after_id)
          AND (pinned_until IS NULL OR pinned_until <= :now)
        ORDER BY placed_at DESC, id DESC LIMIT :most
        """,
        thread_id=thread_id,
        after=after,
        after_id=after_id,
        now=now,
        most=most,
    )


def chosen_roots(tx: Tx, thread_id: int, ids: Sequence[int], *, now: datetime) -> list[Root]:
    return tx.all(
        Root,
        """
        SELECT id, placed_at, branch_count FROM comments
        WHERE thread_id = :thread_id AND parent_id IS NULL AND shown = 1 AND id IN :ids
          AND (pinned_until IS NULL OR pinned_until <= :now)
        """,
        thread_id=thread_id,
        ids=ids,
        now=now,
    )


def pinned_roots(tx: Tx, thread_id: int, *, now: datetime) -> list[Root]:
    return tx.all(
        Root,
        """
        SELECT id, placed_at, branch_count FROM comments
        WHERE thread_id = :thread_id AND shown = 1 AND parent_id IS NULL AND pinned_until > :now
        ORDER BY placed_at, id LIMIT 3
        """,
        thread_id=thread_id,
        now=now,
    )


def branches(tx: Tx, root_ids: Sequence[int], *, replies: int) -> list[Comment]:
    """The top-level comments and the first replies of each, in reading order within each branch.

    Where each stretch ends is found first and once: PostgreSQL would look for it again at every reply.
    """
    return tx.all(
        Comment,
        """
        WITH heads AS MATERIALIZED (
            SELECT r.id, coalesce(
                (SELECT b.path FROM comments b WHERE b.root_id = r.id AND b.shown = 1
                 ORDER BY b.path LIMIT 1 OFFSET :rows),
                :behind) AS edge
            FROM comments r WHERE r.id IN :root_ids
        )
        SELECT d.id, d.thread_id, d.parent_id, d.root_id, d.depth, d.path, d.status, d.label, d.language, d.posted_at,
               d.placed_at, d.edited_at, d.changed, d.up, d.down, d.reply_count, d.branch_count, d.pinned_until,
               d.closed_at, d.author_name, d.author_website, d.parent_name, d.html
        FROM heads JOIN drawn_comments d ON d.root_id = heads.id AND d.shown = 1 AND d.path < heads.edge
        ORDER BY d.root_id, d.path
        """,
        root_ids=root_ids,
        rows=replies + 1,
        behind=END,
    )


def branch_after(tx: Tx, root_id: int, after: bytes, *, most: int) -> list[Comment]:
    return tx.all(
        Comment,
        """
        SELECT id, thread_id, parent_id, root_id, depth, path, status, label, language, posted_at, placed_at,
               edited_at, changed, up, down, reply_count, branch_count, pinned_until, closed_at, author_name,
               author_website, parent_name, html
        FROM drawn_comments WHERE root_id = :root_id AND shown = 1 AND path > :after
        ORDER BY path LIMIT :most
        """,
        root_id=root_id,
        after=after,
        most=most,
    )


def branch_before(tx: Tx, root_id: int, before: bytes, *, most: int) -> list[Comment]:
    """The replies that stand just above a place, nearest first."""
    return tx.all(
        Comment,
        """
        SELECT id, thread_id, parent_id, root_id, depth, path, status, label, language, posted_at, placed_at,
               edited_at, changed, up, down, reply_count, branch_count, pinned_until, closed_at, author_name,
               author_website, parent_name, html
        FROM drawn_comments WHERE root_id = :root_id AND shown = 1 AND path < :before
        ORDER BY path DESC LIMIT :most
        """,
        root_id=root_id,
        before=before,
        most=most,
    )


def drawn(tx: Tx, site_id: int, ids: Sequence[int]) -> list[Comment]:
    """Comments and placeholders that everybody may see, in no order."""
    return tx.all(
        Comment,
        """
        SELECT id, thread_id, parent_id, root_id, depth, path, status, label, language, posted_at, placed_at,
               edited_at, changed, up, down, reply_count, branch_count, pinned_until, closed_at, author_name,
               author_website, parent_name, html
        FROM drawn_comments WHERE site_id = :site_id AND id IN :ids AND shown = 1
        """,
        site_id=site_id,
        ids=ids,
    )


def published_text(tx: Tx, comment_id: int) -> str:
    """What was written, as it is published; empty when it is not."""
    text: str | None = tx.value(
        """
        SELECT r.text FROM comments c
        JOIN comment_revisions r ON r.comment_id = c.id AND r.n = c.revision_published
        WHERE c.id = :comment_id AND c.status = 'published'
        """,
        comment_id=comment_id,
    )
    return text or ""


@dataclass(frozen=True, slots=True)
class PublishedText:
    """What was written, as it is published."""

    comment_id: int
    text: str


def published_texts(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """The texts of those of these comments that are published."""
    rows = tx.all(
        PublishedText,
        """
        SELECT c.id AS comment_id, r.text FROM comments c
        JOIN comment_revisions r ON r.comment_id = c.id AND r.n = c.revision_published
        WHERE c.id IN :ids AND c.status = 'published'
        """,
        ids=ids,
    )
    return {row.comment_id: row.text for row in rows}


def pings(tx: Tx, thread_id: int, *, most: int) -> list[Ping]:
    return tx.all(
        Ping,
        """
        SELECT a.name, coalesce(c.origin_url, a.website) AS url, c.posted_at
        FROM comments c JOIN authors a ON a.id = c.author_id
        WHERE c.thread_id = :thread_id AND c.parent_id IS NULL AND c.kind = 'ping' AND c.status = 'published'
        ORDER BY c.placed_at, c.id LIMIT :most
        """,
        thread_id=thread_id,
        most=most,
    )
