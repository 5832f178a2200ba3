"""Statements on imports as a list shows them, and on taking back what one of them made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rejoinder.comments.ranking import best_score
from rejoinder.db import Json, Tx


@dataclass(frozen=True, slots=True)
class Import:
    """A run of an import. `report` is its progress until `finished_at`; `undo`, since somebody asked, what was taken back."""

    id: int
    format: str
    files: Json[list[str]]
    started_at: datetime
    finished_at: datetime | None
    report: Json[dict[str, Any]]
    undo: str | None
    undone_at: datetime | None


def list_imports(tx: Tx, site_id: int) -> list[Import]:
    """The imports of a site, the newest first."""
    return tx.all(
        Import,
        """
        SELECT id, format, files, started_at, finished_at, report, undo, undone_at FROM imports
        WHERE site_id = :site_id ORDER BY started_at DESC, id DESC
        """,
        site_id=site_id,
    )


def find_import(tx: Tx, site_id: int, run_id: int) -> Import | None:
    return tx.maybe(
        Import,
        """
        SELECT id, format, files, started_at, finished_at, report, undo, undone_at FROM imports
        WHERE site_id = :site_id AND id = :run_id
        """,
        site_id=site_id,
        run_id=run_id,
    )


def undoing_runs(tx: Tx, site_id: int) -> list[int]:
    """Imports that are being taken back and not done."""
    return tx.values(
        "SELECT id FROM imports WHERE site_id = :site_id AND undo IS NOT NULL AND undone_at IS NULL ORDER BY id",
        site_id=site_id,
    )


def set_undo(tx: Tx, run_id: int, undo: str, undone_at: datetime | None = None) -> None:
    tx.run(
        "UPDATE imports SET undo = :undo, undone_at = :undone_at WHERE id = :run_id",
        run_id=run_id,
        undo=undo,
        undone_at=undone_at,
    )


def comments_to_hide(tx: Tx, run_id: int, after: int, most: int) -> list[int]:
    """The next comments that a run made and that are still as it made them."""
    return tx.values(
        """
        SELECT local_id AS id FROM source_ids
        WHERE import_id = :run_id AND kind = 'comment' AND made = 1 AND seen_as <> 'undone' AND local_id > :after
        ORDER BY local_id LIMIT :most
        """,
        run_id=run_id,
        after=after,
        most=most,
    )


def childless_comments(tx: Tx, run_id: int, before: int, most: int) -> list[int]:
    """The next comments that a run made and that nobody answers, the last first: replies mostly have higher ids."""
    return tx.values(
        """
        SELECT s.local_id AS id FROM source_ids s
        WHERE s.import_id = :run_id AND s.kind = 'comment' AND s.made = 1 AND s.local_id < :before
          AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.parent_id = s.local_id)
        ORDER BY s.local_id DESC LIMIT :most
        """,
        run_id=run_id,
        before=before,
        most=most,
    )


def still_childless(tx: Tx, ids: Sequence[int]) -> list[int]:
    return tx.values(
        """
        SELECT id FROM comments p
        WHERE id IN :ids AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.parent_id = p.id) ORDER BY id
        """,
        ids=ids,
    )


def threads_of(tx: Tx, comment_ids: Sequence[int]) -> list[int]:
    """The threads of these comments, in the order in which they are locked."""
    return tx.values(
        "SELECT DISTINCT thread_id AS id FROM comments WHERE id IN :comment_ids ORDER BY id",
        comment_ids=comment_ids,
    )


def authors_of(tx: Tx, comment_ids: Sequence[int]) -> list[int]:
    return tx.values(
        "SELECT DISTINCT author_id AS id FROM comments WHERE id IN :comment_ids ORDER BY id",
        comment_ids=comment_ids,
    )


def reject_hidden(tx: Tx, comment_ids: Sequence[int]) -> None:
    """Let comments that readers did not see wait for nobody any more."""
    tx.run("UPDATE comments SET status = 'rejected' WHERE id IN :comment_ids", comment_ids=comment_ids)


def empty_comments(tx: Tx, comment_ids: Sequence[int], *, author_id: int) -> None:
    """Leave of comments no more than their places."""
    tx.run(
        """
        UPDATE comments SET author_id = :author_id, label = NULL, origin_url = NULL, language = NULL,
               revision_published = NULL, revision_pending = NULL, pinned_until = NULL, up = 0, down = 0,
               imported_up = 0, imported_down = 0, imported_score = NULL, score = 0, best = :best,
               changed = changed + 1
        WHERE id IN :comment_ids
        """,
        comment_ids=comment_ids,
        author_id=author_id,
        best=best_score(0, 0),
    )


def delete_votes(tx: Tx, comment_ids: Sequence[int]) -> int:
    return tx.run("DELETE FROM votes WHERE comment_id IN :comment_ids", comment_ids=comment_ids)


def delete_revisions(tx: Tx, comment_ids: Sequence[int]) -> None:
    tx.run("DELETE FROM comment_revisions WHERE comment_id IN :comment_ids", comment_ids=comment_ids)


def delete_decisions(tx: Tx, comment_ids: Sequence[int]) -> int:
    return tx.run("DELETE FROM decisions WHERE comment_id IN :comment_ids", comment_ids=comment_ids)


def delete_comments(tx: Tx, comment_ids: Sequence[int]) -> int:
    return tx.run("DELETE FROM comments WHERE id IN :comment_ids", comment_ids=comment_ids)


def delete_unused_authors(tx: Tx, author_ids: Sequence[int]) -> int:
    """Forget authors that came with an import and sign nothing any more."""
    return tx.run(
        """
        DELETE FROM authors WHERE id IN :author_ids AND kind = 'imported'
          AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.author_id = authors.id)
        """,
        author_ids=author_ids,
    )


def forget_sources(tx: Tx, kind: str, local_ids: Sequence[int]) -> None:
    """Forget every name of what is not here any more."""
    tx.run(
        "DELETE FROM source_ids WHERE kind = :kind AND local_id IN :local_ids", kind=kind, local_ids=local_ids
    )


def mark_undone(tx: Tx, run_id: int, comment_ids: Sequence[int]) -> None:
    """Keep of the names of comments no more than that an import of the same source finds their places again."""
    tx.run(
        """
        UPDATE source_ids SET extras = NULL, seen_hash = :nothing, seen_as = 'undone'
        WHERE import_id = :run_id AND kind = 'comment' AND made = 1 AND local_id IN :comment_ids
        """,
        run_id=run_id,
        comment_ids=comment_ids,
        nothing=b"",
    )


def placeholders_left(tx: Tx, run_id: int, most: int) -> list[int]:
    """Comments that a run made and whose places stay."""
    return tx.values(
        """
        SELECT local_id AS id FROM source_ids WHERE import_id = :run_id AND kind = 'comment' AND made = 1
        ORDER BY local_id LIMIT :most
        """,
        run_id=run_id,
        most=most,
    )


def disown(tx: Tx, run_id: int, comment_ids: Sequence[int]) -> None:
    """Let placeholders belong to no import."""
    tx.run(
        """
        UPDATE source_ids SET import_id = NULL, made = 0
        WHERE import_id = :run_id AND kind = 'comment' AND made = 1 AND local_id IN :comment_ids
        """,
        run_id=run_id,
        comment_ids=comment_ids,
    )


@dataclass(frozen=True, slots=True)
class Named:
    """An article that a run named; `made` when it brought it."""

    id: int
    made: bool


def next_article(tx: Tx, run_id: int) -> Named | None:
    found = tx.all(
        Named,
        """
        SELECT local_id AS id, max(made) AS made FROM source_ids WHERE import_id = :run_id AND kind = 'article'
        GROUP BY local_id ORDER BY local_id LIMIT 1
        """,
        run_id=run_id,
    )
    return found[0] if found else None


def close_doors(tx: Tx, article_id: int) -> int:
    """Let nobody write below an article that goes, unless it is the folder's by now."""
    return tx.run(
        "UPDATE articles SET state = 'private', version = version + 1 WHERE id = :id AND source <> 'folder'",
        id=article_id,
    )


def has_comments(tx: Tx, thread_id: int) -> bool:
    return tx.value("SELECT 1 FROM comments WHERE thread_id = :id LIMIT 1", id=thread_id) is not None


def has_decisions(tx: Tx, thread_id: int) -> bool:
    return tx.value("SELECT 1 FROM decisions WHERE thread_id = :id LIMIT 1", id=thread_id) is not None


def delete_thread(tx: Tx, thread_id: int) -> None:
    """Delete a thread without comments, with what was decided of it."""
    tx.run("DELETE FROM editions WHERE thread_id = :id", id=thread_id)
    tx.run("DELETE FROM decisions WHERE thread_id = :id", id=thread_id)
    tx.run("DELETE FROM threads WHERE id = :id", id=thread_id)


def delete_article(tx: Tx, article_id: int) -> None:
    """Delete an article without a thread: its addresses, its texts, itself."""
    tx.run("DELETE FROM article_aliases WHERE article_id = :id", id=article_id)
    tx.run("DELETE FROM article_revisions WHERE article_id = :id", id=article_id)
    tx.run("DELETE FROM articles WHERE id = :id", id=article_id)


def forget_named(tx: Tx, run_id: int, article_id: int) -> None:
    """Forget the names that a run gave to an article that stays."""
    tx.run(
        "DELETE FROM source_ids WHERE import_id = :run_id AND kind = 'article' AND local_id = :article_id",
        run_id=run_id,
        article_id=article_id,
    )
