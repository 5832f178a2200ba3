"""How often one browser, one mailbox or one network may do a thing: a table, kept exactly, by every process alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rejoinder.db import Tx
from rejoinder.errors import N_, TooMany
from rejoinder.screening import queries


class Act(StrEnum):
    """What is counted."""

    COMMENT = "comment"
    EDIT = "edit"
    VOTE = "vote"
    SIGN_IN = "sign-in"


class Per(StrEnum):
    """Whose acts are counted together."""

    VISITOR = "visitor"
    MAILBOX = "mailbox"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many acts in any stretch of that length."""

    act: Act
    per: Per
    most: int
    window: timedelta

    @property
    def seconds(self) -> int:
        """How long the stretch is."""
        return int(self.window.total_seconds())

    @property
    def name(self) -> str:
        """What programs know it by, such as "comment-visitor-60"."""
        return f"{self.act}-{self.per}-{self.seconds}"


@dataclass(frozen=True, slots=True)
class Left:
    """How often an act may still be done before its tightest limit, and after how many seconds one more may be."""

    limit: Limit
    remaining: int
    reset: int


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
    Limit(Act.SIGN_IN, Per.MAILBOX, 5, timedelta(hours=1)),
    Limit(Act.SIGN_IN, Per.MAILBOX, 10, timedelta(days=1)),
    Limit(Act.SIGN_IN, Per.NETWORK, 20, timedelta(hours=1)),
)


_KEPT = {act: max(limit.most for limit in LIMITS if limit.act is act) for act in Act}
"""Of how many acts the moments are kept: a limit can't be passed by more."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose act it is: a visitor where one is known, and always the network, blinded."""

    visitor_id: int | None
    network: bytes

    @property
    def subjects(self) -> dict[Per, bytes]:
        """Whose acts are counted; senders without a credential share one visitor's allowance per network."""
        visitor = self.visitor_id
        one = b"a" + self.network if visitor is None else b"v" + visitor.to_bytes(8, "big")
        return {Per.VISITOR: one, Per.NETWORK: b"n" + self.network}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets a mail, and at whose wish: a mailbox and a network, both blinded."""

    mailbox: bytes
    network: bytes

    @property
    def subjects(self) -> dict[Per, bytes]:
        """Whose acts are counted."""
        return {Per.MAILBOX: b"m" + self.mailbox, Per.NETWORK: b"n" + self.network}


@dataclass(frozen=True, slots=True)
class Acts:
    """What a sender did of late, this act last; its rows are locked until the transaction ends."""

    site_id: int
    act: Act
    subjects: Mapping[Per, bytes]
    times: Mapping[Per, Sequence[int]]

    @property
    def left(self) -> Left:
        """What is left of the limit that is nearest to being reached."""
        return min(
            (_left(limit, self.times[limit.per]) for limit in LIMITS if limit.act is self.act),
            key=lambda left: (left.remaining, -left.reset),
        )

    def check(self) -> None:
        """Raise TooMany, with the seconds to wait, when a limit was reached before this act."""
        for limit in LIMITS:
            if limit.act is self.act:
                _check(limit, self.times[limit.per])


def count_act(tx: Tx, site_id: int, act: Act, sender: Sender | Addressee, *, now: datetime) -> Acts:
    """Count one act; acts of one sender wait here for each other. A refused one is rolled back, so it costs nothing."""
    subjects = sender.subjects
    one, network = subjects.values()
    rows = queries.append_time(tx, site_id, act, one=one, network=network, kept=_KEPT[act], now=now)
    times = {row.subject: row.moments for row in rows}
    return Acts(site_id, act, subjects, {per: times[subject] for per, subject in subjects.items()})


def spend(tx: Tx, site_id: int, act: Act, sender: Sender | Addressee, *, now: datetime) -> Left:
    """Count one act that a limit may refuse; how many are left. Raises TooMany."""
    acts = count_act(tx, site_id, act, sender, now=now)
    acts.check()
    return acts.left


def give_back(tx: Tx, acts: Acts) -> None:
    """Count an act off that turned out to be none."""
    queries.drop_last_time(tx, acts.site_id, acts.act, tuple(acts.subjects.values()))


def _check(limit: Limit, times: Sequence[int]) -> None:
    moment, inside = _inside(limit, times)
    if len(inside) < limit.most:
        return
    wait_ms = inside[-limit.most] + limit.seconds * 1000 - moment
    refusal = TooMany(
        "too-many",
        N_("That was quick. Please wait a moment and send it again."),
        retry_after=-(-wait_ms // 1000),
    )
    refusal.more = {"limit": limit.name, "most": limit.most, "seconds": limit.seconds}
    raise refusal


def _left(limit: Limit, times: Sequence[int]) -> Left:
    moment, inside = _inside(limit, times)
    oldest = min((moment, *inside))
    return Left(limit, limit.most - len(inside) - 1, -(-(oldest + limit.seconds * 1000 - moment) // 1000))


def _inside(limit: Limit, times: Sequence[int]) -> tuple[int, list[int]]:
    """This act's moment, and those of the others that the limit counts with it."""
    *others, moment = times
    # Of requests that came at once the later may be counted first.
    return moment, [time for time in others if abs(moment - time) < limit.seconds * 1000]
