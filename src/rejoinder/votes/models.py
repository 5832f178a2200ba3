"""A vote, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from rejoinder.screening.limits import Left


class Value(IntEnum):
    """For a comment, against it, or neither (taken back)."""

    UP = 1
    DOWN = -1
    NONE = 0


@dataclass(frozen=True, slots=True)
class Vote:
    """How somebody votes on a comment; it counts from `counts_from` on, or waits."""

    comment_id: int
    thread_id: int
    voter: int
    value: int
    counts_from: datetime | None


@dataclass(frozen=True, slots=True)
class Cast:
    """The comment's figures after a vote, one's own vote, whether it counts yet, and the version of its thread."""

    comment_id: int
    thread_id: int
    up: int
    down: int
    mine: int
    counted: bool
    version: int
    left: Left
