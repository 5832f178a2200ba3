"""Statements that give a branch another place, and on what was moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.places import Place
from rejoinder.db import Bind, RunAgain, Tx


@dataclass(frozen=True, slots=True)
class Twig:
    """A comment of a branch that moves: what it answers, when it was written, whether it counts."""

    id: int
    parent_id: int | None
    posted_at: datetime | None
    placed_at: datetime
    published: bool


def branch_of(tx: Tx, comment_id: int) -> list[Twig]:
    """A comment and everything below it, shown or not; each behind what it answers."""
    return tx.all(
        Twig,
        """
        WITH RECURSIVE branch (id) AS (
            SELECT id FROM comments WHERE id = :comment_id
            UNION ALL
            SELECT c.id FROM comments c JOIN branch b ON c.parent_id = b.id
        )
        SELECT c.id, c.parent_id, c.posted_at, c.placed_at,
               CASE WHEN c.status = 'published' THEN 1 ELSE 0 END AS published
        FROM comments c JOIN branch b ON b.id = c.id ORDER BY c.depth, c.id
        """,
        comment_id=comment_id,
    )


def set_places(tx: Tx, places: Iterable[Mapping[str, Bind]]) -> None:
    tx.run_many(
        """
        UPDATE comments SET root_id = :root_id, depth = :depth, path = :path, placed_at = :placed_at,
               changed = changed + 1
        WHERE id = :id
        """,
        places,
    )


def set_parent(tx: Tx, comment_id: int, parent_id: int | None, *, branch_count: int) -> None:
    """Let a comment answer another, or none; only what answers none counts the replies of its branch."""
    tx.run(
        "UPDATE comments SET parent_id = :parent_id, branch_count = :branch_count WHERE id = :comment_id",
        comment_id=comment_id,
        parent_id=parent_id,
        branch_count=branch_count,
    )


def add_to_branch(tx: Tx, root_id: int, replies: int) -> None:
    """So many published replies more or less in a branch."""
    tx.run(
        "UPDATE comments SET branch_count = branch_count + :replies WHERE id = :root_id",
        root_id=root_id,
        replies=replies,
    )


@dataclass(frozen=True, slots=True)
class Move:
    """That a comment was moved, or moved back, and what it answered before."""

    verb: str
    before: str


def moves_of(tx: Tx, comment_id: int) -> list[Move]:
    """Every move of a comment, the first first."""
    return tx.all(
        Move,
        """
        SELECT verb, before FROM decisions WHERE comment_id = :comment_id AND verb IN ('move', 'undo-move')
        ORDER BY id
        """,
        comment_id=comment_id,
    )


def check_unmoved(tx: Tx, comment_id: int, place: Place) -> None:
    """Begin again where a comment was moved since its place was read; called when its thread is locked."""
    is_there = tx.value(
        """
        SELECT 1 FROM comments
        WHERE id = :comment_id AND root_id = :root_id AND path = :path AND placed_at = :placed_at
        """,
        comment_id=comment_id,
        root_id=place.root_id,
        path=place.path,
        placed_at=place.placed_at,
    )
    if is_there is None:
        raise RunAgain
