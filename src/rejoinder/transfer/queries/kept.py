"""Statements on what was done here to comments that an import brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Act:
    """The last time that somebody did this to a comment: a verb of staff, `edit` or `delete`."""

    comment_id: int
    verb: str
    at: datetime


def acts_on(tx: Tx, comment_ids: Sequence[int]) -> list[Act]:
    """What staff decided of these comments, and what their authors did with them here, the oldest first."""
    return tx.all(
        Act,
        """
        SELECT comment_id, verb, max(at) AS at FROM decisions WHERE comment_id IN :comment_ids
        GROUP BY comment_id, verb
        UNION ALL
        SELECT comment_id, 'edit' AS verb, max(at) AS at FROM comment_revisions
        WHERE comment_id IN :comment_ids AND by <> 'import' GROUP BY comment_id
        UNION ALL
        SELECT id AS comment_id, 'delete' AS verb, gone_at AS at FROM comments
        WHERE id IN :comment_ids AND status = 'deleted' AND gone_at IS NOT NULL
        ORDER BY at
        """,
        comment_ids=comment_ids,
    )
