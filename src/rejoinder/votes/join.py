"""Whoever signs in votes once: what their browser voted before is theirs."""

from rejoinder.accounts.events import BrowserJoined
from rejoinder.comments.score import count_votes
from rejoinder.db import Tx
from rejoinder.votes import queries
from rejoinder.votes.events import ScoreMoved
from rejoinder.votes.models import Value


def join_votes(tx: Tx, event: BrowserJoined) -> None:
    """Make a browser's votes those of its person; where both voted, or the person wrote the comment, it loses its own."""
    needless = queries.needless_votes(tx, event.visitor_id, event.account_id)
    counted = [vote for vote in needless if vote.counts_from]
    for thread_id in dict.fromkeys(vote.thread_id for vote in counted):
        tx.announce(ScoreMoved(event.site_id, thread_id, event.at))
    for vote in needless:
        queries.delete_vote(tx, vote.comment_id, vote.voter)
    for vote in counted:
        count_votes(tx, vote.comment_id, up=-int(vote.value == Value.UP), down=-int(vote.value == Value.DOWN))
    queries.hand_over(tx, event.visitor_id, event.account_id)
