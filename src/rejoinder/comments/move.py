"""Moving a branch of a discussion: below another comment or to the top level, and back."""

from collections.abc import Sequence
from datetime import datetime

from rejoinder.comments.errors import CannotMove
from rejoinder.comments.events import ThreadChanged
from rejoinder.comments.moderate import Actor, Decided, record
from rejoinder.comments.places import Place, place_below, top_place
from rejoinder.comments.queries import counting, moving, reading, writing
from rejoinder.comments.queries.moving import Twig
from rejoinder.comments.queries.writing import Stored
from rejoinder.comments.visibility import hide_below, move_version, show_below
from rejoinder.db import Tx, read_id, show_id
from rejoinder.errors import N_
from rejoinder.sites.models import Site

TOP = "top"
"""What a decision says of a comment that answers none."""


def move_branch(
    tx: Tx, site: Site, comment_id: int, *, under: int | None, by: Actor, now: datetime
) -> Decided:
    """Let a comment, with all below it, answer another one of its discussion; with None it stands at the top level.

    Raises CannotMove or NotFound.
    """
    return _move(tx, site, comment_id, "move", under=under, by=by, now=now)


def undo_move(tx: Tx, site: Site, comment_id: int, by: Actor, *, now: datetime) -> Decided:
    """Take a branch back to where it stood before it was last moved. Raises CannotMove or NotFound."""
    writing.lock_thread(tx, writing.get_stored(tx, site.id, comment_id).thread_id)
    earlier: list[str] = []
    for done in moving.moves_of(tx, comment_id):
        if done.verb == "move":
            earlier.append(done.before)
        else:
            earlier.pop()
    if not earlier:
        raise CannotMove(N_("This comment stands where it was written."))
    under = None if earlier[-1] == TOP else read_id(earlier[-1])
    return _move(tx, site, comment_id, "undo-move", under=under, by=by, now=now)


def _move(
    tx: Tx, site: Site, comment_id: int, verb: str, *, under: int | None, by: Actor, now: datetime
) -> Decided:
    writing.lock_thread(tx, writing.get_stored(tx, site.id, comment_id).thread_id)
    stored = writing.get_stored(tx, site.id, comment_id)
    if stored.parent_id == under:
        return Decided(stored.thread_id, reading.thread_version(tx, stored.thread_id), stored.status)
    parent = writing.get_stored(tx, site.id, under) if under is not None else None
    branch = moving.branch_of(tx, comment_id)
    _check(stored, parent, branch, now)

    tops = _take_off(tx, stored, branch)
    _place(tx, stored, parent, branch)
    tops += _put_on(tx, stored, parent, branch)
    before, after = _shown(stored.parent_id), _shown(under)
    record(tx, site, stored, verb, by, now=now, before=before, after=after)
    tx.announce(ThreadChanged(site.id, stored.thread_id, now))
    return Decided(stored.thread_id, move_version(tx, stored.thread_id, tops=tops), stored.status)


def _shown(parent_id: int | None) -> str:
    return TOP if parent_id is None else show_id(parent_id)


def _check(stored: Stored, parent: Stored | None, branch: Sequence[Twig], now: datetime) -> None:
    if stored.is_pinned(now) or stored.closed_at:
        raise CannotMove(N_("This comment is pinned or closed. Unpin or reopen it first, then move it."))
    if parent is None:
        return
    if parent.thread_id != stored.thread_id:
        raise CannotMove(N_("A comment can only be moved within its discussion."))
    if any(twig.id == parent.id for twig in branch):
        raise CannotMove(N_("A comment can't stand below itself or below its own replies."))


def _take_off(tx: Tx, stored: Stored, branch: Sequence[Twig]) -> int:
    """Count a branch off where it stands; by how much the shown top-level comments change."""
    if stored.parent_id is None:
        return -int(stored.shown)
    _count(tx, parent_id=stored.parent_id, root_id=stored.root_id, branch=branch, by=-1)
    return hide_below(tx, stored.parent_id) if stored.shown else 0


def _put_on(tx: Tx, stored: Stored, parent: Stored | None, branch: Sequence[Twig]) -> int:
    """Count it in where it stands from now on."""
    if parent is None:
        return int(stored.shown)
    _count(tx, parent_id=parent.id, root_id=parent.root_id, branch=branch, by=1)
    return show_below(tx, parent.id) if stored.shown else 0


def _count(tx: Tx, *, parent_id: int, root_id: int, branch: Sequence[Twig], by: int) -> None:
    """Published replies more or less: its first for the parent, all of them for the branch."""
    if branch[0].published:
        counting.count_reply(tx, parent_id=parent_id, root_id=root_id, by=by)
    moving.add_to_branch(tx, root_id, by * sum(twig.published for twig in branch[1:]))


def _place(tx: Tx, stored: Stored, parent: Stored | None, branch: Sequence[Twig]) -> None:
    """Make every place anew, from the day on which each was written: so moving back gives the places there were."""
    places: dict[int, Place] = {}
    for twig in branch:
        at = twig.posted_at or twig.placed_at
        if twig.id != stored.id:
            places[twig.id] = place_below(places[twig.parent_id or 0], twig.id, at)
        else:
            places[twig.id] = place_below(parent.place, twig.id, at) if parent else top_place(twig.id, at)
    moving.set_places(
        tx,
        [
            {"id": id_, "root_id": p.root_id, "depth": p.depth, "path": p.path, "placed_at": p.placed_at}
            for id_, p in places.items()
        ],
    )
    replies = sum(twig.published for twig in branch[1:]) if parent is None else 0
    moving.set_parent(tx, stored.id, parent.id if parent else None, branch_count=replies)
