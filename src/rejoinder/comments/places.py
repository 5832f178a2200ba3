"""Where a comment stands: the stored key by which a branch is read in order at any depth and width."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rejoinder.comments.models import DRAWN_LEVELS
from rejoinder.db import to_ms

_PAIR = 16
END = b"\xff" * _PAIR
"""Behind every path: times and ids are positive, so their first bit is never set."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a comment's place is made of."""

    root_id: int
    depth: int
    path: bytes
    placed_at: datetime


def top_place(comment_id: int, at: datetime) -> Place:
    """The place of a top-level comment; its path is empty, so it leads its branch."""
    return Place(comment_id, 0, b"", at)


def place_below(parent: Place, comment_id: int, at: datetime) -> Place:
    """The place of a reply: behind its parent, and never earlier than it, whatever its date says.

    The path holds the (placed_at, id) pairs of the ancestors below the root down to level 5, then the comment's own:
    at most six pairs. What is deeper stands in the order of time at the last indent.
    """
    placed_at = max(at, parent.placed_at + timedelta(milliseconds=1))
    above = parent.path[: DRAWN_LEVELS * _PAIR]
    return Place(parent.root_id, parent.depth + 1, above + _pair(placed_at, comment_id), placed_at)


def _pair(at: datetime, comment_id: int) -> bytes:
    return to_ms(at).to_bytes(8, "big") + comment_id.to_bytes(8, "big")
