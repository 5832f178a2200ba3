"""From rows in reading order to rows that a template can draw in one pass. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rejoinder.comments.models import Comment


@dataclass(frozen=True, slots=True)
class Row:
    """A comment to draw, the level it is drawn at, and how many replies of its branch are not on the page behind it."""

    comment: Comment
    level: int
    more: int = 0


def arrange(branch: Sequence[Comment], *, indent: int, elided: int = 0) -> list[Row]:
    """Lay out one branch, or a stretch of one, from level 0.

    A reply is drawn one level below what stands before it at the most: so the lists nest also where a stretch begins
    in the middle of a branch. No level is deeper than `indent`.
    """
    rows: list[Row] = []
    base = min((comment.level for comment in branch), default=0)
    level = -1
    for comment in branch:
        level = min(comment.level - base, level + 1, indent)
        rows.append(Row(comment, level))
    if rows and elided > 0:
        rows[-1] = Row(rows[-1].comment, rows[-1].level, elided)
    return rows


def count_elided(branch: Sequence[Comment]) -> int:
    """How many published replies of a branch that begins with its top-level comment are not among its rows."""
    drawn = sum(1 for comment in branch if comment.depth and not comment.is_placeholder)
    return branch[0].branch_count - drawn
