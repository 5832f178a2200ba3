"""Editing one's own comment: for a while, until somebody replied, and never past the moderators."""

from dataclasses import dataclass, replace
from datetime import datetime

from rejoinder.accounts.know import is_theirs
from rejoinder.accounts.models import Caller
from rejoinder.comments.draft import Written
from rejoinder.comments.errors import (
    AnsweredMeanwhile,
    CommentChanged,
    EditWindowOver,
    NoComment,
    NotYours,
    ThreadClosed,
)
from rejoinder.comments.events import CommentEdited
from rejoinder.comments.judging import judge, look_up
from rejoinder.comments.models import Status, Thread, edit_deadline
from rejoinder.comments.queries import reading, writing
from rejoinder.comments.queries.writing import Revision, Stored
from rejoinder.comments.visibility import move_version
from rejoinder.db import Tx
from rejoinder.screening.judge import Outcome
from rejoinder.screening.limits import Act, Left, Sender, spend
from rejoinder.screening.queries import insert_fingerprint
from rejoinder.sites.models import Site
from rejoinder.text.markdown import RENDER_VERSION


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of an edit: `status` is the comment's, `waits` says that the new text is for a moderator first."""

    comment_id: int
    thread_id: int
    version: int
    status: Status
    revision: int
    waits: bool
    left: Left


def is_own(tx: Tx, stored: Stored, caller: Caller) -> bool:
    """Whether the comment was written with this browser, or by the person signed in, on any that is theirs."""
    if caller.person and stored.account_id == caller.person.account_id:
        return True
    return stored.visitor_id is not None and is_theirs(tx, stored.visitor_id, caller)


def check_known(tx: Tx, stored: Stored, caller: Caller) -> None:
    """Raises NoComment where the caller may not know that this comment is there."""
    if not (stored.shown or caller.may_see_all or is_own(tx, stored, caller)):
        raise NoComment


def check_own(tx: Tx, stored: Stored, caller: Caller) -> None:
    """Raises NotYours for somebody else's comment, and NoComment for one that the caller may not know of."""
    if not is_own(tx, stored, caller):
        check_known(tx, stored, caller)
        raise NotYours


def edit_comment(
    tx: Tx, site: Site, comment_id: int, written: Written, caller: Caller, *, revision: int, now: datetime
) -> Edited:
    """Give a comment a new text, judged as a new comment would be.

    `revision` is the one the edit started from. Raises NotYours, EditWindowOver, ThreadClosed, CommentChanged or
    AnsweredMeanwhile (both with the text that stands), TooMany or NotFound.
    """
    stored = writing.get_stored(tx, site.id, comment_id)
    check_own(tx, stored, caller)
    thread = reading.get_thread(tx, site.id, stored.thread_id)
    sender = Sender(stored.visitor_id, caller.network)
    left = spend(tx, site.id, Act.EDIT, sender, now=now)
    _check_editable(tx, site, stored, thread, revision=revision, now=now)

    known = look_up(tx, site, written, sender, caller.person, place_id=stored.parent_id or thread.id, now=now)
    # What stands was let through already, so its author is no newcomer whose comments wait; the new text is judged.
    known = replace(known, has_published=known.has_published or stored.status is Status.PUBLISHED, waiting=0)
    verdict = judge(site, thread, written, caller, known)
    writing.lock_thread(tx, thread.id)
    n = writing.next_revision(tx, comment_id)
    publish = stored.status is Status.PUBLISHED and verdict.outcome is Outcome.PUBLISH
    before = _revision(tx, stored)
    writing.insert_revision(
        tx,
        comment_id,
        Revision(n, written.text, written.html, before.author_name, before.website, now, verdict.reason),
        render_version=RENDER_VERSION,
        by="author",
    )
    insert_fingerprint(
        tx,
        site.id,
        written.fingerprint,
        comment_id=comment_id,
        place_id=stored.parent_id or thread.id,
        network=caller.network,
        now=now,
    )
    writing.set_revisions(
        tx,
        stored,
        published=n if publish else stored.revision_published,
        pending=None if publish else n,
    )
    tx.announce(CommentEdited(site.id, thread.id, comment_id, now))
    version = move_version(tx, thread.id) if publish else thread.version
    return Edited(comment_id, thread.id, version, stored.status, n, waits=not publish, left=left)


def can_edit(site: Site, stored: Stored, thread: Thread, now: datetime) -> bool:
    """Whether the author may still change it."""
    return (
        stored.standing in (Status.PUBLISHED, Status.HELD)
        and stored.reply_count == 0
        and thread.is_open(now)
        and stored.posted_at is not None
        and now < edit_deadline(stored.posted_at, site.rules.edit_minutes)
    )


def _check_editable(
    tx: Tx, site: Site, stored: Stored, thread: Thread, *, revision: int, now: datetime
) -> None:
    if stored.standing not in (Status.PUBLISHED, Status.HELD) or stored.posted_at is None:
        raise EditWindowOver
    if not thread.is_open(now):
        raise ThreadClosed
    if stored.reply_count:
        raise AnsweredMeanwhile(theirs=_revision(tx, stored).text, revision=stored.latest_revision)
    if now >= edit_deadline(stored.posted_at, site.rules.edit_minutes):
        raise EditWindowOver
    if revision != stored.latest_revision:
        raise CommentChanged(theirs=_revision(tx, stored).text, revision=stored.latest_revision)


def _revision(tx: Tx, stored: Stored) -> Revision:
    return writing.get_revision(tx, stored.id, stored.latest_revision)
