"""Storing a stretch of a discussion: its rows, the counters, and what changed of comments that are here already."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from rejoinder.comments.models import FOREVER, Status
from rejoinder.comments.places import Place
from rejoinder.comments.queries import writing
from rejoinder.comments.score import count_votes
from rejoinder.comments.status import set_status
from rejoinder.comments.visibility import move_version, show_below
from rejoinder.db import Tx
from rejoinder.sites.models import Site
from rejoinder.transfer.articles import thread_at
from rejoinder.transfer.batch import Batch, Update
from rejoinder.transfer.errors import AnotherImport
from rejoinder.transfer.kept import Part, acts_here, kept_parts
from rejoinder.transfer.queries import identity, rows
from rejoinder.transfer.queries.rows import Row


def store_batches(tx: Tx, site: Site, batches: Sequence[Batch], *, now: datetime) -> None:
    """Let comments appear as if they had been posted one after the other; nobody is told by mail or event.

    Raises AnotherImport where somebody began the same discussion, or moved what is answered, at the same moment.
    """
    for batch in batches:
        if thread_at(tx, site, batch.article_id, batch.thread_id) != batch.thread_id:
            raise AnotherImport
        if batch.updates or batch.leans_on:
            writing.lock_thread(tx, batch.thread_id)
            _check_places(tx, batch.leans_on)
    _insert(tx, batches)
    for batch in batches:
        _settle(tx, site, batch, now=now)


def _check_places(tx: Tx, leans_on: Mapping[int, Place]) -> None:
    """What is answered must stand where it stood when the places below it were made."""
    here = identity.standing(tx, sorted(leans_on)) if leans_on else {}
    if any(id_ not in here or here[id_].where != place for id_, place in leans_on.items()):
        raise AnotherImport


def _insert(tx: Tx, batches: Sequence[Batch]) -> None:
    """The rows of all batches, table by table: a statement a table, not one a discussion."""
    rows.insert_authors(tx, [row for batch in batches for row in batch.authors])
    rows.insert_comments(tx, [row for batch in batches for row in batch.comments])
    rows.insert_revisions(tx, [row for batch in batches for row in batch.revisions])
    identity.insert_source_ids(tx, [row for batch in batches for row in batch.names])
    identity.add_names(tx, [row for batch in batches for row in batch.further_names])
    identity.set_seen(tx, [row for batch in batches for row in batch.seen])
    rows.insert_votes(tx, [row for batch in batches for row in batch.votes])


def _settle(tx: Tx, site: Site, batch: Batch, *, now: datetime) -> None:
    """Move what a batch moves of what was here before, and tell readers."""
    acts = acts_here(tx, {update.seen.local_id: update.seen for update in batch.updates})
    for update in batch.updates:
        _update(tx, site, update, kept_parts(acts[update.seen.local_id]), now=now)
    if any(row["pinned_until"] for row in batch.comments) or any(update.pinned for update in batch.updates):
        rows.keep_three_pinned(tx, batch.thread_id, now=now)
    fresh = {row["id"] for row in batch.comments}
    tops = batch.counts.tops + _count_in(tx, batch, fresh)
    if fresh or batch.updates:
        move_version(tx, batch.thread_id, comments=batch.counts.comments, tops=tops)


def store_lone_votes(tx: Tx, votes: list[Row]) -> None:
    """Count votes on comments that came before, each once however often it comes."""
    for vote in votes:
        if rows.insert_votes(tx, [vote]):
            _count(tx, vote)
    for thread_id in sorted({int(str(vote["thread_id"])) for vote in votes}):
        move_version(tx, thread_id)


def _count_in(tx: Tx, batch: Batch, fresh: AbstractSet[object]) -> int:
    """Move the counters of comments that were here before; how many of them are shown only from now on, at the top."""
    counts = batch.counts
    outside = sorted((counts.replies.keys() | counts.branches.keys()) - fresh)
    rows.add_replies(
        tx, [{"id": id_, "replies": counts.replies[id_], "branch": counts.branches[id_]} for id_ in outside]
    )
    tops = 0
    for parent_id in counts.shown_below:
        tops += show_below(tx, parent_id)
    return tops


def _update(tx: Tx, site: Site, update: Update, kept: AbstractSet[Part], *, now: datetime) -> None:
    """Follow what changed at the source, as far as nobody decided otherwise here."""
    if Part.TEXT not in kept:
        _follow_text(tx, site, update)
    if Part.STATUS not in kept and update.status is not None:
        _follow_status(tx, site, update, update.status, now=now)
    _follow_marks(tx, site, update, kept, now=now)
    _count_again(tx, update)


def _follow_text(tx: Tx, site: Site, update: Update) -> None:
    rows.set_signed(tx, update.seen.local_id, author_id=update.author_id, label=update.label)
    stored = writing.get_stored(tx, site.id, update.seen.local_id)
    stands = stored.revision_published or stored.revision_pending
    if stands and writing.get_revision(tx, stored.id, stands).text == update.text["text"]:
        return
    n = writing.next_revision(tx, stored.id)
    rows.insert_revisions(tx, [{**update.text, "n": n}])
    was_published = stored.revision_published is not None
    writing.set_revisions(
        tx, stored, published=n if was_published else None, pending=None if was_published else n
    )


def _follow_status(tx: Tx, site: Site, update: Update, status: Status, *, now: datetime) -> None:
    stored = writing.get_stored(tx, site.id, update.seen.local_id)
    if status is not stored.status:
        set_status(tx, stored, status, now=now)
    if status is Status.DELETED:
        writing.erase_texts(tx, stored.id, now)


def _follow_marks(tx: Tx, site: Site, update: Update, kept: AbstractSet[Part], *, now: datetime) -> None:
    stored = writing.get_stored(tx, site.id, update.seen.local_id)
    if stored.parent_id is not None:
        return
    is_pinned = update.pinned and stored.status is Status.PUBLISHED
    if Part.PIN not in kept and is_pinned is not stored.is_pinned(now):
        writing.set_pinned(tx, stored.id, FOREVER if is_pinned else None)
    if Part.CLOSING not in kept and update.closed != stored.closed_at:
        writing.set_closed(tx, stored.id, update.closed)


def _count_again(tx: Tx, update: Update) -> None:
    """Votes that are here already stay counted; what the source has as sums is taken as it now is."""
    tally = update.tally
    rows.set_imported_votes(
        tx,
        update.seen.local_id,
        imported_up=tally.imported_up,
        imported_down=tally.imported_down,
        imported_score=tally.imported_score,
    )
    for vote in update.votes:
        if rows.insert_votes(tx, [vote]):
            _count(tx, vote)
    count_votes(tx, update.seen.local_id, up=0, down=0)


def _count(tx: Tx, vote: Row) -> None:
    if vote["counts_from"] is not None:
        count_votes(
            tx, int(str(vote["comment_id"])), up=int(vote["value"] == 1), down=int(vote["value"] == -1)
        )
