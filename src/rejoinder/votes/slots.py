"""What votes add to a drawn comment: its score and two buttons."""

from collections.abc import Mapping, Sequence

from rejoinder.accounts.models import Caller
from rejoinder.accounts.queries.visitors import find_visitor
from rejoinder.db import Tx
from rejoinder.votes.queries import votes_in_thread

FRAGMENT = "votes/_votes.html"


def for_comments(tx: Tx, ids: Sequence[int]) -> Mapping[int, object]:  # noqa: ARG001
    """Every comment that is drawn can be voted on; the sums are the comment's own columns."""
    return dict.fromkeys(ids, True)


def of_caller(tx: Tx, site_id: int, thread_id: int, caller: Caller) -> Mapping[int, int]:
    """How this reader voted in a thread, by comment."""
    voter = caller.person.account_id if caller.person else None
    if voter is None and caller.token_hash:
        visitor = find_visitor(tx, site_id, caller.token_hash)
        voter = (visitor.account_id or visitor.id) if visitor else None
    if voter is None:
        return {}
    return {vote.comment_id: vote.value for vote in votes_in_thread(tx, thread_id, voter)}
