"""Deleting one's own comment: it is gone at once, may come back for a minute, and is then erased."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rejoinder.accounts.models import Caller
from rejoinder.comments.edit import check_own
from rejoinder.comments.errors import UndoOver
from rejoinder.comments.events import CommentMoved
from rejoinder.comments.models import Status
from rejoinder.comments.queries import writing
from rejoinder.comments.queries.writing import Stored
from rejoinder.comments.states import Verb, move
from rejoinder.comments.status import set_status
from rejoinder.db import Tx, whole_milliseconds
from rejoinder.sites.models import Site

UNDO_LASTS = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Deleted:
    """A comment after delete or undo, and the version of its thread that shows it so."""

    comment_id: int
    thread_id: int
    version: int
    status: Status
    undo_until: datetime | None


def delete_comment(tx: Tx, site: Site, comment_id: int, caller: Caller, *, now: datetime) -> Deleted:
    """Hide the author's own comment at once. Raises NotYours, Conflict or NotFound."""
    stored = _own(tx, site, comment_id, caller)
    after = move(Verb.DELETE, stored.standing)
    version = set_status(tx, stored, after, now=now)
    tx.announce(CommentMoved(site.id, stored.thread_id, stored.id, stored.status, after, now))
    return Deleted(stored.id, stored.thread_id, version, after, whole_milliseconds(now) + UNDO_LASTS)


def undo_delete(tx: Tx, site: Site, comment_id: int, caller: Caller, *, now: datetime) -> Deleted:
    """Bring the author's comment back where it stood. Raises NotYours, UndoOver, Conflict or NotFound."""
    stored = _own(tx, site, comment_id, caller)
    after = move(Verb.UNDO_DELETE, stored.status, was_published=stored.revision_published is not None)
    if stored.gone_at is None or now >= stored.gone_at + UNDO_LASTS:
        raise UndoOver
    version = set_status(tx, stored, after, now=now)
    tx.announce(CommentMoved(site.id, stored.thread_id, stored.id, stored.status, after, now))
    return Deleted(stored.id, stored.thread_id, version, after, None)


def erase_comment(tx: Tx, comment_id: int, deleted_at: datetime) -> None:
    """Erase every text of a comment that was deleted then; one that came back meanwhile keeps its own."""
    writing.erase_texts(tx, comment_id, deleted_at)


def _own(tx: Tx, site: Site, comment_id: int, caller: Caller) -> Stored:
    stored = writing.get_stored(tx, site.id, comment_id)
    check_own(tx, stored, caller)
    return stored
