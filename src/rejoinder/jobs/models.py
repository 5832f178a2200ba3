"""A piece of work on its way."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from rejoinder.db import Database, Json, Tx

Payload: TypeAlias = dict[str, Any]
Do: TypeAlias = Callable[[Tx, Payload], None]
"""What a job does in the database, in the transaction that also strikes it off: done once."""
Call: TypeAlias = Callable[[Database, Payload], Awaitable[None]]
"""What a job does outside: done at least once, so it must bear to be done twice."""


@dataclass(frozen=True, slots=True)
class Job:
    """A row of the outbox, leased to this worker."""

    id: int
    kind: str
    payload: Json[Payload]
    attempts: int


@dataclass(frozen=True, slots=True)
class Every:
    """A chore: done by every process at that pace; doing it twice does no harm."""

    pace: timedelta
    do: Callable[[Tx], object]


@dataclass(frozen=True, slots=True)
class Duties:
    """All that a worker can do: jobs by kind, and chores."""

    inside: Mapping[str, Do]
    outside: Mapping[str, Call]
    chores: tuple[Every, ...]
