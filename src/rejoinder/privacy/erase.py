"""Taking a person out of what they wrote: their comments go, or lose their name; the discussion keeps its shape.

What they signed with is emptied at once, in one statement. Their comments follow some at a time, each lot in a transaction
that also notes how far it came, so whatever is cut off goes on where it stopped.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rejoinder.comments.jobs import PURGE
from rejoinder.comments.models import Status
from rejoinder.comments.queries import reading, writing
from rejoinder.comments.states import Verb, move
from rejoinder.comments.status import set_status
from rejoinder.comments.visibility import move_version
from rejoinder.db import Tx, new_id, show_id
from rejoinder.jobs.outbox import enqueue
from rejoinder.jobs.scrub import scrub_soon
from rejoinder.privacy.models import Erasure, Wish
from rejoinder.privacy.queries import erasing as queries
from rejoinder.sites.models import Site

GO_ON = "erase-person"
AT_ONCE = 25
"""Comments in one transaction: readers and writers of their threads wait for it."""

TOLD_FOR = timedelta(days=1)


def erase_own(tx: Tx, site: Site, account_id: int, wish: Wish, *, now: datetime) -> int:
    """Remove what somebody wrote so far, or take their name off it; they stay, and may write on."""
    authors = queries.authors_of_account(tx, site.id, account_id)
    return erase_signed(tx, site, authors, wish, account_id=account_id, now=now)


def erase_signed(
    tx: Tx, site: Site, authors: Sequence[int], wish: Wish, *, account_id: int | None = None, now: datetime
) -> int:
    """Do so with all that was signed with these; the erasure, whose first comments are done already."""
    erasure_id = new_id()
    comments = queries.count_comments(tx, authors)
    queries.insert_erasure(tx, erasure_id, site.id, wish, account_id=account_id, comments=comments, now=now)
    queries.insert_erasing(tx, erasure_id, authors)
    queries.empty_sources(tx, authors)
    queries.unname_authors(tx, authors)
    go_on(tx, erasure_id)
    return erasure_id


def go_on(tx: Tx, erasure_id: int) -> bool:
    """Do the next comments of an erasure; whether more are left, for which there is a job then."""
    erasure = queries.find_erasure(tx, erasure_id)
    if erasure is None or erasure.finished_at:
        return False
    places = queries.next_comments(tx, erasure.id, AT_ONCE)
    if places:
        _do(tx, erasure, places)
    if len(places) == AT_ONCE:
        enqueue(tx, GO_ON, {"erasure": erasure.id}, run_at=tx.now, dedupe_key=f"{erasure.id}")
        return True
    queries.delete_authors(tx, erasure.id)
    queries.delete_erasing(tx, erasure.id)
    queries.finish(tx, erasure.id, tx.now)
    scrub_soon(tx)
    return False


def forget_finished(tx: Tx) -> int:
    """Who asked for what is told for a day after it was done."""
    return queries.delete_finished(tx, tx.now - TOLD_FOR)


def _do(tx: Tx, erasure: Erasure, places: Sequence[queries.Place]) -> None:
    ids = [place.id for place in places]
    threads = sorted({place.thread_id for place in places})
    for thread_id in threads:
        writing.lock_thread(tx, thread_id)
    queries.insert_nobody(tx, erasure.site_id)
    if erasure.wish is Wish.REMOVE:
        _remove(tx, erasure.site_id, ids)
    else:
        queries.unsign_texts(tx, ids)
    queries.disown(tx, erasure.site_id, ids)
    queries.empty_sources(tx, ids)
    queries.count_done(tx, erasure.id, len(ids))
    for thread_id in threads:
        move_version(tx, thread_id)
    _purge(tx, erasure.site_id, places)


def _remove(tx: Tx, site_id: int, ids: Sequence[int]) -> None:
    """What staff had taken away stays so; everything else goes as if its author deleted it, without a way back."""
    for stored in writing.list_stored(tx, site_id, ids):
        if stored.standing in (Status.PUBLISHED, Status.HELD):
            set_status(tx, stored, move(Verb.DELETE, stored.standing), now=tx.now)
    queries.leave_places(tx, ids)
    queries.delete_texts(tx, ids)
    queries.empty_reasons(tx, ids)
    queries.delete_fingerprints(tx, site_id, ids)


def _purge(tx: Tx, site_id: int, places: Sequence[queries.Place]) -> None:
    """Caches in front drop the pages that showed them."""
    paths = [f"/comments/{show_id(place.id)}" for place in places]
    for thread_id in sorted({place.thread_id for place in places}):
        thread = reading.find_thread(tx, site_id, thread_id)
        paths += [thread.url, f"/threads/{show_id(thread_id)}"] if thread else []
    enqueue(
        tx,
        PURGE,
        {"site": site_id, "paths": paths},
        run_at=tx.now,
        dedupe_key=f"erased-{places[0].id}",
    )
