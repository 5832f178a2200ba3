"""What is mine: the comments of one browser or person, with what may be done with each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rejoinder.accounts.know import known_visitor
from rejoinder.accounts.models import Caller
from rejoinder.comments.delete import UNDO_LASTS
from rejoinder.comments.edit import can_edit, is_own
from rejoinder.comments.errors import NoComment
from rejoinder.comments.fresh import Fresh
from rejoinder.comments.models import Comment, Status, Thread, edit_deadline
from rejoinder.comments.queries import own as queries
from rejoinder.comments.queries import reading, writing
from rejoinder.comments.queries.own import Text
from rejoinder.comments.queries.writing import Stored
from rejoinder.comments.states import Mark, Verb, open_verbs
from rejoinder.db import Tx
from rejoinder.errors import N_, Forbidden
from rejoinder.sites.models import Site

SHOWN_FOR = timedelta(days=1)
"""Own comments of the last day come with "mine"; older ones stand in the page."""

MOST_OWN = 100
MOST_HELD = 100
MOST_MARKED = 100

TOP_VERBS = frozenset({Verb.SPAM, Verb.REMOVE, Mark.PIN, Mark.CLOSE})
"""What staff may do with a published top-level comment that has no mark."""

REPLY_VERBS = frozenset({Verb.SPAM, Verb.REMOVE})
"""The same for a reply."""


class NotForYou(Forbidden):
    """The page is for who wrote the comment and for staff; everybody else is asked to sign in."""

    def __init__(self) -> None:
        super().__init__("sign-in-needed", N_("This page is for staff and for who wrote the comment."))


@dataclass(frozen=True, slots=True)
class Managed:
    """One comment as its author or staff see it, and what they may do with it."""

    comment: Comment
    thread: Thread
    status: Status
    revision: Text
    waits: bool
    can: frozenset[str]
    edit_until: datetime | None
    undo_until: datetime | None


def manage(tx: Tx, site: Site, comment_id: int, caller: Caller, *, now: datetime) -> Managed:
    """A comment for its author or for staff. Raises NotForYou or NotFound."""
    stored = writing.get_stored(tx, site.id, comment_id)
    mine = is_own(tx, stored, caller)
    if not mine and not caller.may_see_all:
        raise NotForYou
    thread = reading.get_thread(tx, site.id, stored.thread_id)
    found = _all_managed(tx, site, thread, [stored], caller, mine=mine, now=now)
    if not found:
        raise NoComment
    return found[0]


def manage_fresh(site: Site, fresh: Fresh, caller: Caller, *, now: datetime) -> Managed:
    """The same of a comment that this caller posted just now."""
    return _managed(
        site,
        fresh.stored,
        fresh.comment,
        fresh.thread,
        fresh.text,
        caller=caller,
        mine=True,
        now=now,
    )


def own_of_thread(tx: Tx, site: Site, thread: Thread, caller: Caller, *, now: datetime) -> list[Managed]:
    """Every own comment of the last day in a thread, whatever became of it, oldest first."""
    visitor = known_visitor(tx, site.id, caller)
    ids = queries.own_ids(
        tx,
        thread.id,
        visitor_id=visitor.id if visitor else 0,
        account_id=caller.person.account_id if caller.person else 0,
        since=now - SHOWN_FOR,
        most=MOST_OWN,
    )
    found = writing.list_stored(tx, site.id, ids)
    return _all_managed(tx, site, thread, found, caller, mine=True, now=now)


def held_of_thread(tx: Tx, site: Site, thread: Thread, caller: Caller, *, now: datetime) -> list[Managed]:
    """The comments of a thread that wait for a moderator, for who may see all."""
    ids = queries.held_ids(tx, thread.id, most=MOST_HELD)
    found = writing.list_stored(tx, site.id, ids)
    return _all_managed(tx, site, thread, found, caller, mine=False, now=now)


def verbs_in_thread(tx: Tx, thread: Thread, now: datetime) -> dict[int, set[str]]:
    """What staff may do with the comments that differ from the rest: pinned, closed, with an edit that waits."""
    marked = queries.marked_ids(tx, thread.id, most=MOST_MARKED)
    return {stored.id: staff_verbs(stored, now) for stored in writing.list_stored(tx, thread.site_id, marked)}


def staff_verbs(stored: Stored, now: datetime) -> set[str]:
    """What staff may do with a comment as it stands."""
    verbs: set[str] = set(open_verbs(stored.status))
    if stored.status is not Status.PUBLISHED:
        return verbs
    if stored.revision_pending:
        verbs |= {Verb.APPROVE, Verb.REJECT}
    if stored.parent_id is None:
        verbs.add(Mark.UNPIN if stored.is_pinned(now) else Mark.PIN)
        verbs.add(Mark.REOPEN if stored.closed_at else Mark.CLOSE)
    return verbs


def _all_managed(
    tx: Tx, site: Site, thread: Thread, found: Sequence[Stored], caller: Caller, *, mine: bool, now: datetime
) -> list[Managed]:
    """Each with its newest text; what came without any, as the mark of something lost, is not among them."""
    ids = [stored.id for stored in found]
    comments = {comment.id: comment for comment in queries.as_written(tx, site.id, ids)}
    texts = {text.comment_id: text for text in queries.latest_texts(tx, ids)}
    return [
        _managed(
            site, stored, comments[stored.id], thread, texts[stored.id], caller=caller, mine=mine, now=now
        )
        for stored in sorted(found, key=lambda stored: stored.id)
        if stored.id in texts
    ]


def _managed(
    site: Site,
    stored: Stored,
    comment: Comment,
    thread: Thread,
    text: Text,
    *,
    caller: Caller,
    mine: bool,
    now: datetime,
) -> Managed:
    can = staff_verbs(stored, now) if caller.may_decide else set()
    edit_until = undo_until = None
    if mine and can_edit(site, stored, thread, now) and stored.posted_at:
        can.add("edit")
        edit_until = edit_deadline(stored.posted_at, site.rules.edit_minutes)
    if mine and stored.standing in (Status.PUBLISHED, Status.HELD):
        can.add(Verb.DELETE)
    if mine and stored.status is Status.DELETED and stored.gone_at and now < stored.gone_at + UNDO_LASTS:
        can.add(Verb.UNDO_DELETE)
        undo_until = stored.gone_at + UNDO_LASTS
    return Managed(
        comment=comment,
        thread=thread,
        status=stored.status if caller.may_see_all else stored.status.told,
        revision=text,
        waits=stored.revision_pending is not None,
        can=frozenset(can),
        edit_until=edit_until,
        undo_until=undo_until,
    )
