"""Moving a comment to another status, with every counter and the thread's version."""

from datetime import datetime

from rejoinder.comments.models import Status
from rejoinder.comments.queries import reading, writing
from rejoinder.comments.queries.writing import Stored
from rejoinder.comments.visibility import appear, move_version, vanish
from rejoinder.db import Tx

_GONE = (Status.REMOVED, Status.DELETED, Status.SPAM, Status.REJECTED)


def set_status(tx: Tx, stored: Stored, after: Status, *, now: datetime) -> int:
    """Let a comment stand at `after` from now on; the thread's version that shows it."""
    published, pending = stored.revision_published, stored.revision_pending
    if after is Status.PUBLISHED and published is None:
        published, pending = pending, None
    writing.lock_thread(tx, stored.thread_id)
    shown_children = writing.set_status(
        tx, stored, after, published=published, pending=pending, gone_at=now if after in _GONE else None
    )
    if after is Status.PUBLISHED:
        return appear(
            tx,
            stored.thread_id,
            parent_id=stored.parent_id,
            root_id=stored.root_id,
            was_shown=shown_children > 0,
        )
    if stored.status is Status.PUBLISHED:
        return vanish(
            tx, stored.thread_id, parent_id=stored.parent_id, root_id=stored.root_id, stays=shown_children > 0
        )
    return (
        move_version(tx, stored.thread_id) if shown_children else reading.thread_version(tx, stored.thread_id)
    )
