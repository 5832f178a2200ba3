"""Whoever signs in votes once, and never for themselves: what their browsers voted and wrote is theirs."""

from collections.abc import Sequence
from datetime import datetime

from rejoinder.accounts.events import BrowserJoined
from rejoinder.comments.events import CommentsTaken
from rejoinder.comments.score import count_votes
from rejoinder.db import Tx
from rejoinder.votes import queries
from rejoinder.votes.events import ScoreMoved
from rejoinder.votes.models import Value, Vote


def join_votes(tx: Tx, event: BrowserJoined) -> None:
    """Make a browser's votes those of its person; where both voted, or the person wrote the comment, one is lost."""
    twice = queries.votes_given_twice(tx, event.visitor_id, event.account_id)
    _withdraw(tx, event.site_id, twice, event.at)
    queries.hand_over(tx, event.visitor_id, event.account_id)
    _withdraw(tx, event.site_id, queries.votes_for_oneself(tx, event.account_id), event.at)


def withdraw_own(tx: Tx, event: CommentsTaken) -> None:
    """Take back what somebody voted on comments that turn out to be theirs."""
    _withdraw(tx, event.site_id, queries.votes_for_oneself(tx, event.account_id), event.at)


def _withdraw(tx: Tx, site_id: int, votes: Sequence[Vote], at: datetime) -> None:
    counted = [vote for vote in votes if vote.counts_from]
    for thread_id in dict.fromkeys(vote.thread_id for vote in counted):
        tx.announce(ScoreMoved(site_id, thread_id, at))
    for vote in votes:
        queries.delete_vote(tx, vote.comment_id, vote.voter)
    for vote in counted:
        count_votes(tx, vote.comment_id, up=-int(vote.value == Value.UP), down=-int(vote.value == Value.DOWN))
