"""Statements that store many rows at once: each takes binds by the names of the columns."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rejoinder.db import Bind, Tx

Row = dict[str, Bind]
Rows = Sequence[Mapping[str, Bind]]


def insert_authors(tx: Tx, rows: Rows) -> None:
    tx.run_many(
        """
        INSERT INTO authors (id, site_id, kind, name, name_key, email, website)
        VALUES (:id, :site_id, 'imported', :name, :name_key, :email, :website) ON CONFLICT (id) DO NOTHING
        """,
        rows,
    )


def insert_comments(tx: Tx, rows: Rows) -> None:
    tx.run_many(
        """
        INSERT INTO comments (
            id, site_id, thread_id, parent_id, root_id, depth, path, author_id, label, kind, origin_url, language,
            status, posted_at, placed_at, revision_published, revision_pending, up, down, imported_up, imported_down,
            imported_score, score, best, reply_count, branch_count, shown_children, pinned_until, closed_at
        ) VALUES (
            :id, :site_id, :thread_id, :parent_id, :root_id, :depth, :path, :author_id, :label, :kind, :origin_url,
            :language, :status, :posted_at, :placed_at, :revision_published, :revision_pending, :up, :down,
            :imported_up, :imported_down, :imported_score, :score, :best, :reply_count, :branch_count,
            :shown_children, :pinned_until, :closed_at
        )
        """,
        rows,
    )


def insert_revisions(tx: Tx, rows: Rows) -> None:
    tx.run_many(
        """
        INSERT INTO comment_revisions (comment_id, n, text, format, html, render_version, author_name, website, at, by,
                                       reason)
        VALUES (:comment_id, :n, :text, :format, :html, :render_version, :author_name, :website, :at, 'import',
                :reason)
        """,
        rows,
    )


def insert_votes(tx: Tx, rows: Rows) -> int:
    """How many were new."""
    return tx.run_many(
        """
        INSERT INTO votes (comment_id, voter, site_id, thread_id, value, at, counts_from)
        VALUES (:comment_id, :voter, :site_id, :thread_id, :value, :at, :counts_from)
        ON CONFLICT (comment_id, voter) DO NOTHING
        """,
        rows,
    )


def add_replies(tx: Tx, rows: Rows) -> None:
    """Count published replies in: for the comments they answer, and for the branches they stand in."""
    tx.run_many(
        """
        UPDATE comments SET reply_count = reply_count + :replies, branch_count = branch_count + :branch
        WHERE id = :id
        """,
        rows,
    )


def keep_three_pinned(tx: Tx, thread_id: int, *, now: datetime) -> None:
    """Of more pinned comments the first three stay pinned."""
    tx.run(
        """
        UPDATE comments SET pinned_until = NULL
        WHERE thread_id = :thread_id AND pinned_until > :now AND id NOT IN (
            SELECT id FROM comments WHERE thread_id = :thread_id AND pinned_until > :now
            ORDER BY placed_at, id LIMIT 3
        )
        """,
        thread_id=thread_id,
        now=now,
    )


def set_thread_closed(tx: Tx, thread_id: int) -> None:
    tx.run("UPDATE threads SET state = 'closed' WHERE id = :id", id=thread_id)


def set_imported_votes(
    tx: Tx, comment_id: int, *, imported_up: int, imported_down: int, imported_score: int | None
) -> None:
    tx.run(
        """
        UPDATE comments SET imported_up = :imported_up, imported_down = :imported_down,
               imported_score = :imported_score
        WHERE id = :id
        """,
        id=comment_id,
        imported_up=imported_up,
        imported_down=imported_down,
        imported_score=imported_score,
    )


def set_signed(tx: Tx, comment_id: int, *, author_id: int, label: str | None) -> None:
    """Let a comment be signed as its source says; not where a member has said since that it is theirs."""
    tx.run(
        """
        UPDATE comments SET author_id = :author_id, label = :label, changed = changed + 1
        WHERE id = :id
          AND NOT EXISTS (SELECT 1 FROM authors a WHERE a.id = comments.author_id AND a.account_id IS NOT NULL)
        """,
        id=comment_id,
        author_id=author_id,
        label=label,
    )


def open_article(tx: Tx, article_id: int, state: str) -> None:
    """Give an article that waited for its comments the state it is to have."""
    tx.run(
        "UPDATE articles SET state = :state, version = version + 1 WHERE id = :id AND state = 'private'",
        id=article_id,
        state=state,
    )
