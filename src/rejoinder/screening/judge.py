"""May this draft appear? A pure judgement over facts; it never asks the database."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rejoinder.sites.models import HoldPolicy, Rules

HUMAN_TYPING = timedelta(seconds=2)
"""Between the first touch of the form and its sending; programs are quicker."""

REPEATS = 3
"""The same text so often within a day, from anybody, waits for a moderator."""

MOST_WAITING = 3
"""A newcomer with so many comments waiting is asked to wait as well."""


class Outcome(StrEnum):
    """What becomes of a draft."""

    PUBLISH = "publish"
    HOLD = "hold"
    SPAM = "spam"
    REFUSE = "refuse"


class Reason(StrEnum):
    """Why a draft was not published at once; shown to moderators."""

    TRAP = "trap"
    QUICK = "quick"
    LINKS = "links"
    REPEATED = "repeated"
    NEWCOMER = "newcomer"
    EVERYONE = "everyone"
    ARTICLE = "article"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a draft and its sender when it is judged."""

    is_staff: bool
    trap_filled: bool
    typing_time: timedelta | None
    links: int
    repeats: int
    has_published: bool
    waiting: int
    article_holds: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the draft, and why."""

    outcome: Outcome
    reason: Reason | None = None


def screen(facts: Facts, rules: Rules) -> Verdict:
    """Judge a draft by the first rule that applies, the strictest first."""
    if facts.is_staff:
        return Verdict(Outcome.PUBLISH)
    if facts.trap_filled:
        return Verdict(Outcome.SPAM, Reason.TRAP)
    if not facts.has_published and facts.waiting >= MOST_WAITING:
        return Verdict(Outcome.REFUSE, Reason.WAITING)
    reason = _reason_to_hold(facts, rules)
    return Verdict(Outcome.HOLD, reason) if reason else Verdict(Outcome.PUBLISH)


def _reason_to_hold(facts: Facts, rules: Rules) -> Reason | None:
    if facts.article_holds:
        return Reason.ARTICLE
    if rules.hold is HoldPolicy.ALL:
        return Reason.EVERYONE
    if rules.hold is HoldPolicy.NEWCOMERS and not facts.has_published:
        return Reason.NEWCOMER
    if facts.typing_time is not None and facts.typing_time < HUMAN_TYPING:
        return Reason.QUICK
    if facts.links > rules.held_links:
        return Reason.LINKS
    if facts.repeats >= REPEATS:
        return Reason.REPEATED
    return None
