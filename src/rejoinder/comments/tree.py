"""From flat rows in reading order to rows that a template can draw in one pass. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rejoinder.comments.models import Comment


@dataclass(frozen=True, slots=True)
class Row:
    """A comment to draw, and what to open and close around it.

    `level` is where it is drawn; `closes` is how many lists end before it; `more` is how many replies of its branch
    are not on the page behind it, and `ends` how many lists end behind it.
    """

    comment: Comment
    level: int
    opens: bool
    closes: int
    more: int = 0
    ends: int = 0


def arrange(branches: Sequence[Sequence[Comment]]) -> list[Row]:
    """Lay out branches one behind the other; each begins at level 0 of the list.

    A reply is drawn one level below what stands before it at the most, so that the lists nest also where a branch
    begins in the middle (the next replies of a long one, a comment in its context).
    """
    rows: list[Row] = []
    for branch in branches:
        rows += _arrange_branch(branch)
    return rows


def _arrange_branch(branch: Sequence[Comment]) -> list[Row]:
    if not branch:
        return []
    base = min(comment.level for comment in branch)
    levels: list[int] = []
    for comment in branch:
        deepest = levels[-1] + 1 if levels else 0
        levels.append(min(comment.level - base, deepest))
    drawn_replies = sum(1 for comment in branch if comment.depth and not comment.is_placeholder)
    more = branch[0].branch_count - drawn_replies if branch[0].depth == 0 else 0

    rows = []
    for position, (comment, level) in enumerate(zip(branch, levels, strict=True)):
        before = levels[position - 1] if position else 0
        is_last = position == len(branch) - 1
        rows.append(
            Row(
                comment,
                level,
                opens=level > before,
                closes=before - level if level < before else 0,
                more=max(more, 0) if is_last else 0,
                ends=level if is_last else 0,
            )
        )
    return rows
