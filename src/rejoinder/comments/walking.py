"""A discussion row by row, for programs: reading order, nothing folded away, any number of rows at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments import cursors, editions
from rejoinder.comments.cursors import ByEdition, ByPlace
from rejoinder.comments.models import FOREVER, Comment, Thread
from rejoinder.comments.queries import reading as queries
from rejoinder.comments.queries.reading import Root
from rejoinder.comments.reading import View, edition_to_read, rows_by_root, start_of
from rejoinder.db import Tx
from rejoinder.sites.models import Sort

BEFORE_REPLIES = bytes(16)
"""Where a branch goes on behind its top-level comment, whose own path is empty."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows of a discussion, and the word for those behind them."""

    comments: Sequence[Comment]
    next: str | None


def walk(tx: Tx, thread: Thread, view: View, *, limit: int, now: datetime) -> Stretch:
    """The next `limit` rows, in at most four statements at any size of the thread.

    A pinned comment keeps its place in the list: it is asked for as if every pin were over.
    Raises what `list_comments` raises.
    """
    return (_by_place if view.sort in (Sort.OLDEST, Sort.NEWEST) else _by_edition)(
        tx, thread, view, limit, now
    )


def _by_place(tx: Tx, thread: Thread, view: View, limit: int, now: datetime) -> Stretch:  # noqa: ARG001 - as its twin
    start, find = start_of(view, within=True)
    rows = _rest(tx, thread, start.id, start.path, limit)
    wanted = max(0, limit + 1 - len(rows))
    roots = find(tx, thread.id, after=start.placed_at, after_id=start.id, now=FOREVER, most=wanted)
    rows += _rows(tx, _enough(roots, wanted), limit)
    if len(rows) <= limit:
        return Stretch(rows, None)
    last = rows[limit - 1]
    places = {root.id: root.placed_at for root in roots} | {start.id: start.placed_at}
    following = ByPlace(places[last.root_id], last.root_id, last.path or BEFORE_REPLIES)
    return Stretch(rows[:limit], cursors.write_place(following))


def _by_edition(tx: Tx, thread: Thread, view: View, limit: int, now: datetime) -> Stretch:
    start = cursors.read_edition(view.after, within=True) if view.after else None
    edition = edition_to_read(tx, thread, view.sort, start, now=now)
    position = start.position if start else 0
    ids = editions.ids_of(edition, position, limit + 1)
    rows: list[Comment] = []
    later = ids
    if start and start.path and ids:
        rows, later = _rest(tx, thread, ids[0], start.path, limit), ids[1:]
    wanted = max(0, limit + 1 - len(rows))
    looked_at = later[:wanted]
    found = {root.id: root for root in queries.chosen_roots(tx, thread.id, looked_at, now=FOREVER)}
    rows += _rows(tx, _enough([found[id_] for id_ in looked_at if id_ in found], wanted), limit)
    if len(rows) > limit:
        last = rows[limit - 1]
        following = ByEdition(
            edition.made_at, position + ids.index(last.root_id), last.path or BEFORE_REPLIES
        )
    else:
        following = ByEdition(edition.made_at, position + len(ids) - len(later) + len(looked_at))
        if following.position * 8 >= len(edition.ids):
            return Stretch(rows, None)
    return Stretch(rows[:limit], cursors.write_edition(following))


def _rest(tx: Tx, thread: Thread, root_id: int, after: bytes, limit: int) -> list[Comment]:
    """What of a branch is still to be read; a word made up for another thread's branch leads to nothing."""
    if not after:
        return []
    rows = queries.branch_after(tx, root_id, after, most=limit + 1)
    return [row for row in rows if row.thread_id == thread.id]


def _enough(roots: Sequence[Root], wanted: int) -> Sequence[Root]:
    """The first branches that hold so many rows together, or all of them."""
    rows = 0
    for count, root in enumerate(roots):
        if rows >= wanted:
            return roots[:count]
        rows += 1 + root.branch_count
    return roots


def _rows(tx: Tx, roots: Sequence[Root], limit: int) -> list[Comment]:
    return [row for branch in rows_by_root(tx, roots, replies=limit).values() for row in branch]
