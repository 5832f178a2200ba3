"""How often one browser or one network may do a thing: a table, kept exactly, by every process alike."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain

from rejoinder.db import Tx, to_ms
from rejoinder.errors import N_, TooMany
from rejoinder.screening import queries


class Act(StrEnum):
    """What is counted."""

    COMMENT = "comment"
    EDIT = "edit"
    VOTE = "vote"


class Per(StrEnum):
    """Whose acts are counted together."""

    VISITOR = "visitor"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many acts in any stretch of that length."""

    act: Act
    per: Per
    most: int
    window: timedelta


LIMITS = (
    Limit(Act.COMMENT, Per.VISITOR, 5, timedelta(minutes=1)),
    Limit(Act.COMMENT, Per.VISITOR, 30, timedelta(hours=1)),
    Limit(Act.COMMENT, Per.NETWORK, 20, timedelta(minutes=1)),
    Limit(Act.COMMENT, Per.NETWORK, 120, timedelta(hours=1)),
    Limit(Act.EDIT, Per.VISITOR, 10, timedelta(minutes=1)),
    Limit(Act.EDIT, Per.NETWORK, 60, timedelta(minutes=1)),
    Limit(Act.VOTE, Per.VISITOR, 10, timedelta(seconds=10)),
    Limit(Act.VOTE, Per.VISITOR, 300, timedelta(hours=1)),
    Limit(Act.VOTE, Per.NETWORK, 120, timedelta(minutes=1)),
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose act it is: a visitor where one is known, and always the network, blinded."""

    visitor_id: int | None
    network: bytes


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a sender did of late; its rows are locked until the transaction ends."""

    site_id: int
    act: Act
    visitor: bytes
    network: bytes
    times: dict[Per, tuple[int, ...]]


def look_up(tx: Tx, site_id: int, act: Act, sender: Sender, *, now: datetime) -> Allowance:
    """Read what the sender did of late; acts of one sender wait here for each other."""
    visitor, network = _visitor_subject(sender), b"n" + sender.network
    rows = queries.lock_limits(tx, site_id, act, visitor=visitor, network=network, now=now)
    times = {row.subject: _unpack(row.times) for row in rows}
    return Allowance(
        site_id, act, visitor, network, {Per.VISITOR: times[visitor], Per.NETWORK: times[network]}
    )


def spend(tx: Tx, allowance: Allowance, *, now: datetime) -> None:
    """Count one act; a refused act is rolled back with its transaction, so it costs nothing.

    Raises TooMany with the seconds to wait when a limit is reached.
    """
    moment = to_ms(now)
    for limit in LIMITS:
        if limit.act is allowance.act:
            _check(limit, allowance.times[limit.per], moment)

    queries.set_limits(
        tx,
        allowance.site_id,
        allowance.act,
        visitor=allowance.visitor,
        network=allowance.network,
        visitor_times=_pack(_recent(allowance.act, allowance.times[Per.VISITOR], moment)),
        network_times=_pack(_recent(allowance.act, allowance.times[Per.NETWORK], moment)),
        now=now,
    )


def _visitor_subject(sender: Sender) -> bytes:
    # Senders without a credential share one visitor's allowance per network.
    return b"a" + sender.network if sender.visitor_id is None else b"v" + sender.visitor_id.to_bytes(8, "big")


def _check(limit: Limit, times: Sequence[int], moment: int) -> None:
    length = int(limit.window.total_seconds() * 1000)
    inside = [time for time in times if time > moment - length]
    if len(inside) < limit.most:
        return
    wait_ms = inside[-limit.most] + length - moment
    raise TooMany(
        "too-many",
        N_("That was quick. Please wait a moment and send it again."),
        retry_after=-(-wait_ms // 1000),
    )


def _recent(act: Act, times: Sequence[int], moment: int) -> list[int]:
    longest = max(int(limit.window.total_seconds() * 1000) for limit in LIMITS if limit.act is act)
    return [time for time in chain(times, (moment,)) if time > moment - longest]


def _pack(times: Sequence[int]) -> bytes:
    return struct.pack(f">{len(times)}q", *times)


def _unpack(blob: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(blob) // 8}q", blob)
