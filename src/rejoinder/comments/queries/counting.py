"""Counters that pages read instead of counting, kept in the transaction that changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables know of a sender and a text, in one statement."""

    has_published: bool
    waiting: int
    repeats: int
    twin: int | None


def look_up(
    tx: Tx,
    site_id: int,
    *,
    visitor_id: int,
    account_id: int,
    network: bytes,
    near: bytes,
    exact: bytes,
    place_id: int,
    day_ago: datetime,
    twin_since: datetime,
) -> Known:
    return tx.one(
        Known,
        """
        SELECT
            CASE WHEN EXISTS (
                SELECT 1 FROM authors a JOIN comments c ON c.author_id = a.id
                WHERE (a.visitor_id = :visitor_id OR a.account_id = :account_id) AND c.status = 'published'
            ) THEN 1 ELSE 0 END AS has_published,
            (SELECT count(*) FROM authors a JOIN comments c ON c.author_id = a.id
             WHERE (a.visitor_id = :visitor_id OR a.account_id = :account_id) AND c.status = 'held') AS waiting,
            (SELECT count(*) FROM fingerprints f
             WHERE f.site_id = :site_id AND f.fingerprint = :near AND f.at > :day_ago) AS repeats,
            (SELECT max(f.comment_id) FROM fingerprints f JOIN comments c ON c.id = f.comment_id
             WHERE f.site_id = :site_id AND f.fingerprint = :near AND f.text_hash = :exact
               AND f.network = :network AND f.place_id = :place_id AND f.at > :twin_since
               AND c.status <> 'deleted') AS twin
        """,
        site_id=site_id,
        visitor_id=visitor_id,
        account_id=account_id,
        network=network,
        near=near,
        exact=exact,
        place_id=place_id,
        day_ago=day_ago,
        twin_since=twin_since,
    )


def count_reply(tx: Tx, *, parent_id: int, root_id: int, by: int) -> None:
    """One published reply more or less: for its parent, and for the branch it stands in."""
    tx.run(
        """
        UPDATE comments SET
            reply_count = reply_count + CASE WHEN id = :parent_id THEN :by ELSE 0 END,
            branch_count = branch_count + CASE WHEN id = :root_id THEN :by ELSE 0 END
        WHERE id IN (:parent_id, :root_id)
        """,
        parent_id=parent_id,
        root_id=root_id,
        by=by,
    )


@dataclass(frozen=True, slots=True)
class Ancestor:
    """An ancestor whose number of shown children moved, as it stands now."""

    parent_id: int | None
    shown: bool
    shown_children: int
    published: bool


def show_child(tx: Tx, parent_id: int) -> list[Ancestor]:
    """A child is shown from now on: count it, and every ancestor that is drawn only because of it."""
    return tx.all(
        Ancestor,
        """
        WITH RECURSIVE up (id, parent_id, appears) AS (
            SELECT id, parent_id, CASE WHEN shown = 0 THEN 1 ELSE 0 END FROM comments WHERE id = :parent_id
            UNION ALL
            SELECT c.id, c.parent_id, CASE WHEN c.shown = 0 THEN 1 ELSE 0 END
            FROM comments c JOIN up ON c.id = up.parent_id WHERE up.appears = 1
        )
        UPDATE comments SET shown_children = shown_children + 1 WHERE id IN (SELECT id FROM up)
        RETURNING parent_id, shown, shown_children, CASE WHEN status = 'published' THEN 1 ELSE 0 END AS published
        """,
        parent_id=parent_id,
    )


def hide_child(tx: Tx, parent_id: int) -> list[Ancestor]:
    """A child is not shown any more: count it off, and every placeholder that stood only because of it."""
    return tx.all(
        Ancestor,
        """
        WITH RECURSIVE up (id, parent_id, vanishes) AS (
            SELECT id, parent_id, CASE WHEN status <> 'published' AND shown_children = 1 THEN 1 ELSE 0 END
            FROM comments WHERE id = :parent_id
            UNION ALL
            SELECT c.id, c.parent_id, CASE WHEN c.status <> 'published' AND c.shown_children = 1 THEN 1 ELSE 0 END
            FROM comments c JOIN up ON c.id = up.parent_id WHERE up.vanishes = 1
        )
        UPDATE comments SET shown_children = shown_children - 1 WHERE id IN (SELECT id FROM up)
        RETURNING parent_id, shown, shown_children, CASE WHEN status = 'published' THEN 1 ELSE 0 END AS published
        """,
        parent_id=parent_id,
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """Votes for and against a comment, imported ones included."""

    up: int
    down: int


def add_votes(tx: Tx, comment_id: int, *, up: int, down: int) -> Sums:
    """Count votes in or out, and what the comment has then."""
    return tx.one(
        Sums,
        """
        UPDATE comments SET up = up + :up, down = down + :down WHERE id = :comment_id
        RETURNING up + imported_up + CASE WHEN imported_score > 0 THEN imported_score ELSE 0 END AS up,
                  down + imported_down + CASE WHEN imported_score < 0 THEN -imported_score ELSE 0 END AS down
        """,
        comment_id=comment_id,
        up=up,
        down=down,
    )


def set_scores(tx: Tx, comment_id: int, *, score: int, best: float) -> None:
    tx.run(
        "UPDATE comments SET score = :score, best = :best WHERE id = :comment_id",
        comment_id=comment_id,
        score=score,
        best=best,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """A thread's new version, and whose thread it is."""

    version: int
    article_id: int


def move_thread(tx: Tx, thread_id: int, *, comments: int = 0, tops: int = 0) -> Moved:
    """Count comments in or out; called last in a transaction, so that the row is locked for the shortest time."""
    return tx.one(
        Moved,
        """
        UPDATE threads SET version = version + 1, comment_count = comment_count + :comments,
               top_count = top_count + :tops
        WHERE id = :thread_id RETURNING version, article_id
        """,
        thread_id=thread_id,
        comments=comments,
        tops=tops,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many comments an article has."""

    article_id: int
    comment_count: int


def counts_of(tx: Tx, article_ids: Sequence[int]) -> dict[int, int]:
    """The number of published comments of each article; an article without a thread has none."""
    rows = tx.all(
        Counted,
        "SELECT article_id, comment_count FROM threads WHERE article_id IN :article_ids",
        article_ids=article_ids,
    )
    return dict.fromkeys(article_ids, 0) | {row.article_id: row.comment_count for row in rows}
