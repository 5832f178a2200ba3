"""What votes add to a drawn comment: its score and two buttons."""

from collections.abc import Mapping, Sequence

from rejoinder.db import Tx

FRAGMENT = "votes/_votes.html"


def for_comments(tx: Tx, ids: Sequence[int]) -> Mapping[int, object]:  # noqa: ARG001
    """Every comment that is drawn can be voted on; the sums are the comment's own columns."""
    return dict.fromkeys(ids, True)
