"""Voting: one vote a voter and comment, changed or taken back at will, counted at once unless a crowd votes."""

from datetime import datetime, timedelta

from rejoinder.accounts.know import ensure_visitor, is_browser_of
from rejoinder.accounts.models import Caller
from rejoinder.comments.edit import check_known, is_own
from rejoinder.comments.models import Status
from rejoinder.comments.queries.reading import get_thread
from rejoinder.comments.queries.writing import Stored, get_stored
from rejoinder.comments.score import count_votes
from rejoinder.db import Tx
from rejoinder.screening.limits import Act, Sender, spend
from rejoinder.sites.models import Site
from rejoinder.votes import queries
from rejoinder.votes.errors import NotVotable, OwnComment, VoterUnknown
from rejoinder.votes.events import ScoreMoved
from rejoinder.votes.models import Cast, Value, Vote

CROWD_IN_THREAD = 5
CROWD_ON_SITE = 20
CROWD_WINDOW = timedelta(hours=1)
"""Of one network so many new voters an hour count at once, in a thread and on the site; the others wait."""

RETURNS_AFTER = timedelta(days=1)
"""Who was first seen so long ago, or has a published comment, is not one of a crowd."""


def cast_vote(
    tx: Tx, site: Site, comment_id: int, value: Value, caller: Caller, *, toggle: bool = False, now: datetime
) -> Cast:
    """Vote for or against a comment, or take the vote back; `toggle` takes back a vote that is cast again.

    Raises VoterUnknown, NotVotable, OwnComment, TooMany or NotFound.
    """
    voter = _voter(tx, site, caller, now)
    sender = Sender(voter, caller.network)
    # Votes of one voter wait for each other here, so that each sees the one before it.
    left = spend(tx, site.id, Act.VOTE, sender, now=now)
    stored = get_stored(tx, site.id, comment_id)
    check_known(tx, stored, caller)
    thread = get_thread(tx, site.id, stored.thread_id)  # whose article is public
    if not site.rules.votes or stored.status is not Status.PUBLISHED:
        raise NotVotable
    if is_own(tx, stored, caller) or _wrote(tx, voter, stored):
        raise OwnComment

    crowd = _crowd(tx, site, stored, voter, caller, now=now)
    if crowd.is_known:
        _count_waiting(tx, site, voter, now)
    before = queries.find_vote(tx, comment_id, voter)
    if toggle and before and before.value == value:
        value = Value.NONE
    after = _vote(before, stored, voter, value, crowd=crowd, now=now)
    _store(tx, site, before=before, after=after, network=None if crowd.is_known else caller.network, now=now)
    up = _counted(after, Value.UP) - _counted(before, Value.UP)
    down = _counted(after, Value.DOWN) - _counted(before, Value.DOWN)
    if up or down:  # before the comment's row is locked: see `enqueue`
        tx.announce(ScoreMoved(site.id, stored.thread_id, now))
    sums = count_votes(tx, comment_id, up=up, down=down)
    counted = after is None or after.counts_from is not None
    return Cast(comment_id, stored.thread_id, sums.up, sums.down, int(value), counted, thread.version, left)


def _voter(tx: Tx, site: Site, caller: Caller, now: datetime) -> int:
    if caller.person:
        return caller.person.account_id
    if caller.token_hash is None:
        raise VoterUnknown
    visitor = ensure_visitor(tx, site.id, caller.token_hash, network=caller.network, now=now)
    return visitor.account_id or visitor.id


def _wrote(tx: Tx, voter: int, stored: Stored) -> bool:
    """Whether the voter wrote it on whichever of their browsers, also where nobody is signed in on this one."""
    return stored.account_id == voter or (
        stored.visitor_id is not None and is_browser_of(tx, stored.visitor_id, voter)
    )


def _crowd(tx: Tx, site: Site, stored: Stored, voter: int, caller: Caller, *, now: datetime) -> queries.Crowd:
    if caller.staff:
        return queries.Crowd(in_thread=0, on_site=0, is_known=True)
    return queries.crowd_of(
        tx,
        site.id,
        stored.thread_id,
        voter=voter,
        network=caller.network,
        since=now - CROWD_WINDOW,
        day_ago=now - RETURNS_AFTER,
    )


def _count_waiting(tx: Tx, site: Site, voter: int, now: datetime) -> None:
    """The votes of a voter who is none of a crowd any more count from now on."""
    waiting = queries.waiting_votes(tx, site.id, voter)
    for thread_id in dict.fromkeys(vote.thread_id for vote in waiting):
        tx.announce(ScoreMoved(site.id, thread_id, now))
    for vote in waiting:
        count_votes(tx, vote.comment_id, up=int(vote.value > 0), down=int(vote.value < 0))
    if waiting:
        queries.count_from(tx, voter, now)


def _vote(
    before: Vote | None, stored: Stored, voter: int, value: Value, *, crowd: queries.Crowd, now: datetime
) -> Vote | None:
    if value is Value.NONE:
        return None
    if before:
        return Vote(stored.id, stored.thread_id, voter, int(value), before.counts_from)
    counts = crowd.is_known or (crowd.in_thread < CROWD_IN_THREAD and crowd.on_site < CROWD_ON_SITE)
    return Vote(stored.id, stored.thread_id, voter, int(value), now if counts else None)


def _store(
    tx: Tx,
    site: Site,
    *,
    before: Vote | None,
    after: Vote | None,
    network: bytes | None,
    now: datetime,
) -> None:
    if after:
        queries.put_vote(tx, after, site_id=site.id, network=network, now=now)
    elif before:
        queries.delete_vote(tx, before.comment_id, before.voter)


def _counted(vote: Vote | None, value: Value) -> int:
    return int(vote is not None and vote.counts_from is not None and vote.value == value)
