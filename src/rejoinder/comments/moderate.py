"""What staff do with comments and threads; each verb leaves one decision: who, what, when, why."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.accounts.models import Caller
from rejoinder.comments.errors import TooManyPinned
from rejoinder.comments.events import CommentEdited, CommentMoved, ThreadChanged
from rejoinder.comments.models import FOREVER, Status, ThreadState
from rejoinder.comments.queries import deciding, reading, writing
from rejoinder.comments.queries.writing import Stored
from rejoinder.comments.states import STAFF_VERBS, Mark, Verb, move
from rejoinder.comments.status import set_status
from rejoinder.comments.visibility import move_version
from rejoinder.db import Tx, new_id
from rejoinder.errors import N_, Conflict, Invalid, NotFound
from rejoinder.sites.models import Site

MOST_PINNED = 3


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decides: an account, a program by its token, or, where neither is named, the operator at the command line."""

    account_id: int | None
    why: str | None = None
    service_id: int | None = None

    @classmethod
    def of(cls, caller: Caller, why: str | None) -> "Actor":
        """The staff or the program behind a request."""
        return cls(
            caller.staff.account_id if caller.staff else None,
            why,
            caller.service.id if caller.service else None,
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """A comment or thread after a decision, and the version of the thread that shows it so."""

    thread_id: int
    version: int
    status: Status | None = None


def act(tx: Tx, site: Site, comment_id: int, verb: str, by: Actor, *, now: datetime) -> Decided:
    """Do what staff ask for by its word. Raises Invalid for a word that is no verb, else what the verb raises."""
    if verb in STAFF_VERBS:
        return decide(tx, site, comment_id, Verb(verb), by, now=now)
    marks = {Mark.PIN: pin, Mark.UNPIN: unpin, Mark.CLOSE: close_branch, Mark.REOPEN: reopen_branch}
    if verb not in set(Mark):
        raise Invalid("unknown-verb", N_("There is no such thing to do with a comment."), field="verb")
    return marks[Mark(verb)](tx, site, comment_id, by, now=now)


def decide(tx: Tx, site: Site, comment_id: int, verb: Verb, by: Actor, *, now: datetime) -> Decided:
    """Approve, reject, remove a comment or call it spam. Raises Conflict or NotFound.

    Approving a published comment whose edit waits publishes the edit; rejecting it keeps what stands. A place without a
    text, which an import left when it was undone, is no comment.
    """
    stored = writing.get_stored(tx, site.id, comment_id)
    if not stored.latest_revision:
        raise NotFound("comment-not-found", N_("There is no such comment."))
    if stored.status is Status.PUBLISHED and stored.revision_pending and verb in (Verb.APPROVE, Verb.REJECT):
        return _decide_edit(tx, site, stored, verb, by, now=now)

    after = move(verb, stored.status)
    version = set_status(tx, stored, after, now=now)
    record(tx, site, stored, verb, by, now=now, before=stored.status, after=after)
    tx.announce(CommentMoved(site.id, stored.thread_id, stored.id, stored.status, after, now))
    return Decided(stored.thread_id, version, after)


def pin(tx: Tx, site: Site, comment_id: int, by: Actor, *, now: datetime) -> Decided:
    """Draw a top-level comment above the first page of every sort. Raises TooManyPinned or Conflict."""
    stored = writing.get_stored(tx, site.id, comment_id)
    if stored.parent_id is not None or stored.status is not Status.PUBLISHED:
        raise Conflict("cannot-pin", N_("Only a published comment at the top level can be pinned."))
    if stored.is_pinned(now):
        return _as_it_is(tx, stored)
    writing.lock_thread(tx, stored.thread_id)
    if writing.count_pinned(tx, stored.thread_id, now) >= MOST_PINNED:
        raise TooManyPinned
    writing.set_pinned(tx, comment_id, FOREVER)
    return _marked(tx, site, stored, Mark.PIN, by, now=now)


def unpin(tx: Tx, site: Site, comment_id: int, by: Actor, *, now: datetime) -> Decided:
    """Let a comment stand where its sort puts it again."""
    stored = writing.get_stored(tx, site.id, comment_id)
    if not stored.is_pinned(now):
        return _as_it_is(tx, stored)
    writing.lock_thread(tx, stored.thread_id)
    writing.set_pinned(tx, comment_id, None)
    return _marked(tx, site, stored, Mark.UNPIN, by, now=now)


def close_branch(tx: Tx, site: Site, comment_id: int, by: Actor, *, now: datetime) -> Decided:
    """Take no more replies below the top-level comment that this one belongs to."""
    root = writing.get_root(tx, site.id, comment_id)
    if root.closed_at:
        return _as_it_is(tx, root)
    writing.lock_thread(tx, root.thread_id)
    writing.set_closed(tx, root.id, now)
    return _marked(tx, site, root, Mark.CLOSE, by, now=now)


def reopen_branch(tx: Tx, site: Site, comment_id: int, by: Actor, *, now: datetime) -> Decided:
    """Take replies in this conversation again."""
    root = writing.get_root(tx, site.id, comment_id)
    if not root.closed_at:
        return _as_it_is(tx, root)
    writing.lock_thread(tx, root.thread_id)
    writing.set_closed(tx, root.id, None)
    return _marked(tx, site, root, Mark.REOPEN, by, now=now)


def set_thread_state(
    tx: Tx, site: Site, thread_id: int, state: ThreadState, by: Actor, *, now: datetime
) -> Decided:
    """Close a thread, or open it again; what is there stays readable."""
    thread = reading.get_thread(tx, site.id, thread_id)
    if thread.state is state:
        return Decided(thread_id, thread.version)
    writing.set_thread_state(tx, thread_id, state)
    deciding.insert_decision(
        tx,
        new_id(),
        site_id=site.id,
        account_id=by.account_id,
        service_id=by.service_id,
        verb="close-thread" if state is ThreadState.CLOSED else "open-thread",
        thread_id=thread_id,
        comment_id=None,
        before=thread.state,
        after=state,
        why=by.why,
        now=now,
    )
    tx.announce(ThreadChanged(site.id, thread_id, now))
    return Decided(thread_id, move_version(tx, thread_id))


def _decide_edit(tx: Tx, site: Site, stored: Stored, verb: Verb, by: Actor, *, now: datetime) -> Decided:
    published = stored.revision_pending if verb is Verb.APPROVE else stored.revision_published
    writing.lock_thread(tx, stored.thread_id)
    writing.set_revisions(tx, stored, published=published, pending=None)
    record(tx, site, stored, f"{verb}-edit", by, now=now, before=stored.status, after=stored.status)
    tx.announce(CommentEdited(site.id, stored.thread_id, stored.id, now))
    if verb is Verb.REJECT:  # readers never saw it
        return _as_it_is(tx, stored)
    return Decided(stored.thread_id, move_version(tx, stored.thread_id), stored.status)


def _as_it_is(tx: Tx, stored: Stored) -> Decided:
    """Nothing changed that a reader could see."""
    return Decided(stored.thread_id, reading.thread_version(tx, stored.thread_id), stored.status)


def _marked(tx: Tx, site: Site, stored: Stored, verb: str, by: Actor, *, now: datetime) -> Decided:
    record(tx, site, stored, verb, by, now=now, before=stored.status, after=stored.status)
    if not stored.shown:
        return _as_it_is(tx, stored)
    tx.announce(ThreadChanged(site.id, stored.thread_id, now))
    return Decided(stored.thread_id, move_version(tx, stored.thread_id), stored.status)


def record(
    tx: Tx, site: Site, stored: Stored, verb: str, by: Actor, *, now: datetime, before: str, after: str
) -> None:
    """Keep what was decided of a comment, by whom and why."""
    deciding.insert_decision(
        tx,
        new_id(),
        site_id=site.id,
        account_id=by.account_id,
        service_id=by.service_id,
        verb=verb,
        thread_id=stored.thread_id,
        comment_id=stored.id,
        before=before,
        after=after,
        why=by.why,
        now=now,
    )
