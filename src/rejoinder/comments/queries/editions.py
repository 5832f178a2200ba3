"""Stored orders of top-level comments, by which Most voted and Best are paged."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Edition:
    """A stored order of top-level comments: their ids, 8 bytes each, big-endian."""

    made_at: datetime
    version: int
    ids: bytes


def latest_edition(tx: Tx, thread_id: int, sort: str) -> Edition | None:
    return tx.maybe(
        Edition,
        """
        SELECT made_at, version, ids FROM editions WHERE thread_id = :thread_id AND sort = :sort
        ORDER BY made_at DESC LIMIT 1
        """,
        thread_id=thread_id,
        sort=sort,
    )


def find_edition(tx: Tx, thread_id: int, sort: str, made_at: datetime) -> Edition | None:
    return tx.maybe(
        Edition,
        """
        SELECT made_at, version, ids FROM editions
        WHERE thread_id = :thread_id AND sort = :sort AND made_at = :made_at
        """,
        thread_id=thread_id,
        sort=sort,
        made_at=made_at,
    )


def most_voted_ids(tx: Tx, thread_id: int) -> list[int]:
    return tx.values(
        """
        SELECT id FROM comments WHERE thread_id = :thread_id AND parent_id IS NULL AND shown = 1
        ORDER BY score DESC, placed_at DESC, id DESC
        """,
        thread_id=thread_id,
    )


def best_ids(tx: Tx, thread_id: int) -> list[int]:
    return tx.values(
        """
        SELECT id FROM comments WHERE thread_id = :thread_id AND parent_id IS NULL AND shown = 1
        ORDER BY best DESC, placed_at DESC, id DESC
        """,
        thread_id=thread_id,
    )


def insert_edition(tx: Tx, thread_id: int, sort: str, edition: Edition) -> None:
    tx.run(
        """
        INSERT INTO editions (thread_id, sort, made_at, version, ids)
        VALUES (:thread_id, :sort, :made_at, :version, :ids) ON CONFLICT DO NOTHING
        """,
        thread_id=thread_id,
        sort=sort,
        made_at=edition.made_at,
        version=edition.version,
        ids=edition.ids,
    )


def forget_editions(tx: Tx, before: datetime) -> int:
    return tx.run("DELETE FROM editions WHERE made_at < :before", before=before)
