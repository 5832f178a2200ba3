"""What follows when a comment goes: its text is erased, and caches in front drop the pages that showed it."""

from rejoinder.comments.delete import UNDO_LASTS, erase_comment
from rejoinder.comments.editions import KEPT_FOR
from rejoinder.comments.events import CommentMoved
from rejoinder.comments.models import Status
from rejoinder.comments.queries import editions
from rejoinder.comments.queries.reading import find_thread
from rejoinder.db import Tx, from_ms, show_id, to_ms
from rejoinder.jobs.models import Payload
from rejoinder.jobs.outbox import enqueue
from rejoinder.jobs.scrub import scrub_soon

ERASE = "erase-comment"
PURGE = "purge-pages"


def erase_when_deleted(tx: Tx, event: CommentMoved) -> None:
    """What its author deletes is erased when it can't be brought back any more."""
    if event.after is Status.DELETED:
        enqueue(
            tx,
            ERASE,
            {"comment": event.comment_id, "deleted_at": to_ms(event.at)},
            run_at=event.at + UNDO_LASTS,
            dedupe_key=f"{event.comment_id}-{to_ms(event.at)}",
        )


def erase(tx: Tx, payload: Payload) -> None:
    """Erase the texts of a comment that is still deleted, and was not brought back and deleted again since."""
    erase_comment(tx, payload["comment"], from_ms(payload["deleted_at"]))
    scrub_soon(tx)


def purge_when_gone(tx: Tx, event: CommentMoved) -> None:
    """A page that showed a removed comment must not be answered by a cache for a day."""
    thread = find_thread(tx, event.site_id, event.thread_id)
    if thread is None or event.before is not Status.PUBLISHED:
        return
    comment = show_id(event.comment_id)
    enqueue(
        tx,
        PURGE,
        {
            "site": event.site_id,
            "paths": [thread.url, f"/threads/{show_id(thread.id)}", f"/comments/{comment}"],
        },
        run_at=event.at,
        dedupe_key=f"{event.comment_id}-{to_ms(event.at)}",
    )


def forget_editions(tx: Tx) -> int:
    """Orders that nobody can be walking any more."""
    return editions.forget_editions(tx, tx.now - KEPT_FOR)
