"""Votes come in and go out: the sums and the two scores of a comment move together."""

from rejoinder.comments.queries import counting
from rejoinder.comments.queries.counting import Sums
from rejoinder.comments.ranking import best_score, net_score
from rejoinder.db import Tx


def count_votes(tx: Tx, comment_id: int, *, up: int, down: int) -> Sums:
    """Add to (or take from) the counted votes of a comment; what it has then."""
    sums = counting.add_votes(tx, comment_id, up=up, down=down)
    counting.set_scores(
        tx, comment_id, score=net_score(sums.up, sums.down), best=best_score(sums.up, sums.down)
    )
    return sums
