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
    SIGN_IN_ELSEWHERE = "sign-in-elsewhere"
    PASSKEY = "passkey"
    RENAME = "rename"
    MAIL_LINK = "mail-link"


class Per(StrEnum):
    """Whose acts are counted together."""

    VISITOR = "visitor"
    MAILBOX = "mailbox"
    OWNER = "owner"
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
    Limit(Act.SIGN_IN, Per.MAILBOX, 3, timedelta(days=1)),
    Limit(Act.SIGN_IN, Per.MAILBOX, 6, timedelta(days=30)),
    Limit(Act.SIGN_IN, Per.OWNER, 5, timedelta(hours=1)),
    Limit(Act.SIGN_IN, Per.OWNER, 10, timedelta(days=1)),
    Limit(Act.SIGN_IN, Per.NETWORK, 20, timedelta(hours=1)),
    Limit(Act.SIGN_IN_ELSEWHERE, Per.NETWORK, 60, timedelta(hours=1)),
    Limit(Act.PASSKEY, Per.VISITOR, 30, timedelta(minutes=10)),
    Limit(Act.PASSKEY, Per.NETWORK, 60, timedelta(hours=1)),
    Limit(Act.RENAME, Per.VISITOR, 3, timedelta(days=1)),
    Limit(Act.RENAME, Per.NETWORK, 60, timedelta(days=1)),
    Limit(Act.MAIL_LINK, Per.MAILBOX, 3, timedelta(days=1)),
    Limit(Act.MAIL_LINK, Per.MAILBOX, 6, timedelta(days=30)),
    Limit(Act.MAIL_LINK, Per.NETWORK, 20, timedelta(hours=1)),
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
    """Who gets a mail, and at whose wish: a mailbox and a network, both blinded.

    `by_owner` where the wish comes from a browser whose person proved the mailbox: what strangers have sent there is
    not theirs to wait for.
    """

    mailbox: bytes
    network: bytes
    by_owner: bool = False

    @property
    def one(self) -> bytes:
        """The mailbox, as it is counted for its owner or for everybody else."""
        return (b"o" if self.by_owner else b"m") + self.mailbox

    @property
    def subjects(self) -> dict[Per, bytes]:
        """Whose acts are counted."""
        return {Per.OWNER if self.by_owner else Per.MAILBOX: self.one, Per.NETWORK: b"n" + self.network}


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
            (_left(limit, self.times[limit.per]) for limit in self._limits),
            key=lambda left: (left.remaining, -left.reset),
        )

    def check(self) -> None:
        """Raise TooMany, with the seconds to wait, when a limit was reached before this act."""
        for limit in self._limits:
            _check(limit, self.times[limit.per])

    @property
    def _limits(self) -> list[Limit]:
        return [limit for limit in LIMITS if limit.act is self.act and limit.per in self.times]


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


def count_off(tx: Tx, site_id: int, act: Act, subject: bytes) -> None:
    """Count the last act of one subject off: it was what it said it was, and costs nothing."""
    queries.drop_last_time(tx, site_id, act, (subject,))


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
