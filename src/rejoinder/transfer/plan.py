"""Where the comments of one discussion stand: parents found, cycles broken, every place computed. Pure, no recursion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rejoinder.comments.places import Place, place_below, top_place
from rejoinder.transfer.report import Tally

PING = "ping"
"""What a ping's `stands` says; a comment's is its status."""

_STEP = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Outline:
    """As much of an arriving comment as its place depends on."""

    place: int
    source_id: str
    local_id: int
    parent: str | None
    at: datetime | None
    stands: str


@dataclass(frozen=True, slots=True)
class Known:
    """A comment of the same thread that is in the database already."""

    id: int
    place: Place


@dataclass(frozen=True, slots=True)
class Node:
    """An arriving comment in its place; `answers` one of the same file. `known` when it is in the database already."""

    outline: Outline
    id: int
    parent_id: int | None
    place: Place
    known: bool
    answers: bool


def arrange(
    outlines: Sequence[Outline], known: Mapping[str, Known], *, start: datetime, tally: Tally
) -> list[Node]:
    """Every comment in its place, each behind its parent; what had to be put right is told to the tally.

    `outlines` come in the order of the source; `known` holds those of them, and of their parents, that are here
    already, by source id. An unknown date is the one before it in that order, and `start` for the first.
    """
    here = {outline.source_id for outline in outlines}
    outside = {source_id: comment for source_id, comment in known.items() if source_id not in here}
    parents = _parents(outlines, outside, tally)
    _break_cycles(outlines, parents, tally)
    dates = _dates(outlines, start)
    children: list[list[int]] = [[] for _ in outlines]
    stack = []
    for index, parent in enumerate(parents):
        if parent is None:
            stack.append(index)
        else:
            children[parent].append(index)
    stack.reverse()

    nodes: list[Node | None] = [None] * len(outlines)
    order: list[Node] = []
    while stack:
        index = stack.pop()
        parent = parents[index]
        above = nodes[parent] if parent is not None else None
        node = _node(outlines[index], dates[index], above=above, outside=outside, known=known)
        nodes[index] = node
        order.append(node)
        stack.extend(reversed(children[index]))
    return order


def _parents(outlines: Sequence[Outline], outside: Mapping[str, Known], tally: Tally) -> list[int | None]:
    """The position of each comment's parent; None for the top level and for parents outside of the file."""
    positions = {outline.source_id: index for index, outline in enumerate(outlines)}
    parents: list[int | None] = []
    for outline in outlines:
        parent = positions.get(outline.parent) if outline.parent else None
        if outline.parent and (outline.stands == PING or _is_ping(outlines, parent)):
            tally.repair(
                "ping", f"{outline.source_id}: pings have no replies, so it stands at the top level."
            )
            parent = None
        elif outline.parent and parent is None and outline.parent not in outside:
            tally.repair(
                "parent",
                f"{outline.source_id}: its parent {outline.parent} is not there, so it stands at the top level.",
            )
        parents.append(parent)
    return parents


def _is_ping(outlines: Sequence[Outline], index: int | None) -> bool:
    return index is not None and outlines[index].stands == PING


def _break_cycles(outlines: Sequence[Outline], parents: list[int | None], tally: Tally) -> None:
    """Of comments that answer each other in a ring the first one becomes a top-level comment."""
    seen = [0] * len(parents)
    for start in range(len(parents)):
        path: list[int] = []
        index: int | None = start
        while index is not None and not seen[index]:
            seen[index] = start + 1
            path.append(index)
            index = parents[index]
        if index is not None and seen[index] == start + 1:
            first = min(path[path.index(index) :])
            parents[first] = None
            tally.repair(
                "cycle",
                f"{outlines[first].source_id}: it was among its own ancestors, so it stands at the top level.",
            )


def _dates(outlines: Sequence[Outline], start: datetime) -> list[datetime]:
    dates = []
    before = start
    for outline in outlines:
        before = outline.at or before + _STEP
        dates.append(before)
    return dates


def _node(
    outline: Outline,
    at: datetime,
    *,
    above: Node | None,
    outside: Mapping[str, Known],
    known: Mapping[str, Known],
) -> Node:
    is_reply = outline.parent is not None and outline.stands != PING
    parent: Node | Known | None = above or (outside.get(outline.parent or "") if is_reply else None)
    here = known.get(outline.source_id)
    id_ = here.id if here else outline.local_id
    if here:
        place = here.place
    else:
        place = place_below(parent.place, id_, at) if parent else top_place(id_, at)
    return Node(outline, id_, parent.id if parent else None, place, here is not None, above is not None)
