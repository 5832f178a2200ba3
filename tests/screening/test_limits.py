"""Limits are a table, and they hold exactly: never more than the table says in any stretch of time."""

import secrets
from collections import defaultdict
from datetime import datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from cast import DAY, HOUR, MINUTE, NOON, SECOND, Stage, all_at_once, network_hash, stranger
from rejoinder.db import Tx, new_id, open_database
from rejoinder.errors import TooMany, Unavailable
from rejoinder.screening.jobs import forget_limits
from rejoinder.screening.limits import LIMITS, Act, Addressee, Limit, Per, Sender, spend
from rejoinder.subscribers import FOLLOWERS

steps = st.sampled_from(
    [
        timedelta(),
        timedelta(milliseconds=1),
        SECOND,
        timedelta(seconds=9.999),
        10 * SECOND,
        13 * SECOND,
        59.999 * SECOND,
    ]
)


def do(
    tx: Tx, stage: Stage, act: Act, sender: Sender | Addressee, now: datetime, *, fail: bool = False
) -> None:
    """One act, as every verb counts it."""
    spend(tx, stage.site.id, act, sender, now=now)
    if fail:
        raise LookupError


def tries(stage: Stage, act: Act, sender: Sender | Addressee, now: datetime) -> bool:
    try:
        stage.write(do, stage, act, sender, now)
    except TooMany:
        return False
    return True


def somebody(network: str | None = None) -> Sender:
    return Sender(new_id(), network_hash(network) if network else stranger().network)


def whose(act: Act, network: bytes, *, by_owner: bool = False) -> Sender | Addressee:
    """Another one of this network, who acts or is written to."""
    if act in (Act.SIGN_IN, Act.MAIL_LINK):
        return Addressee(secrets.token_bytes(16), network, by_owner)
    return Sender(new_id(), network)


def test_the_table_says_what_the_demands_say() -> None:
    """D22: 5 comments a minute and 30 an hour, 10 votes in 10 seconds, for one voter key."""
    table = {(limit.act, limit.per, limit.window): limit.most for limit in LIMITS}
    assert table[Act.COMMENT, Per.VISITOR, MINUTE] == 5
    assert table[Act.COMMENT, Per.VISITOR, HOUR] == 30
    assert table[Act.VOTE, Per.VISITOR, 10 * SECOND] == 10
    assert table[Act.SIGN_IN, Per.MAILBOX, DAY] == 3
    assert table[Act.SIGN_IN, Per.MAILBOX, 30 * DAY] == 6
    assert table[Act.SIGN_IN, Per.OWNER, HOUR] == 5
    both = {(act, per) for act in Act for per in (Per.VISITOR, Per.NETWORK)}
    nobodys = {(act, Per.VISITOR) for act in (Act.SIGN_IN, Act.SIGN_IN_ELSEWHERE, Act.MAIL_LINK)}
    mailed = {(Act.SIGN_IN, Per.MAILBOX), (Act.SIGN_IN, Per.OWNER), (Act.MAIL_LINK, Per.MAILBOX)}
    assert {(limit.act, limit.per) for limit in LIMITS} == both - nobodys | mailed


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit.act}-{limit.per}-{limit.window}")
def test_each_limit_is_reached_exactly_and_let_go_exactly(stage: Stage, limit: Limit) -> None:
    """As many as the table says, spread as the shorter limits want; one more when the first is out of sight."""
    by_owner = limit.per is Per.OWNER
    one = whose(limit.act, stranger().network, by_owner=by_owner)
    pace = max(
        (
            other.window / other.most
            for other in LIMITS
            if other.act is limit.act
            and other.per in (limit.per, Per.NETWORK)
            and other.window < limit.window
        ),
        default=timedelta(),
    )
    senders = [one] * limit.most
    if limit.per is Per.NETWORK:
        senders = [whose(limit.act, one.network) for _ in range(limit.most)]
    last = NOON + limit.window - timedelta(milliseconds=1)
    times = [min(NOON + number * pace, last) for number in range(limit.most)]
    assert all(tries(stage, limit.act, sender, at) for sender, at in zip(senders, times, strict=True))

    newcomer = whose(limit.act, one.network) if limit.per is Per.NETWORK else one
    with pytest.raises(TooMany) as refusal:
        stage.write(do, stage, limit.act, newcomer, last)
    assert refusal.value.retry_after == 1
    assert tries(stage, limit.act, newcomer, NOON + limit.window)


@given(acts=st.lists(st.tuples(st.integers(0, 2), steps), max_size=60))
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_stretch_of_time_ever_holds_more_than_the_table_says(
    stage: Stage, acts: list[tuple[int, timedelta]]
) -> None:
    network = stranger().network
    visitors = [Sender(new_id(), network) for _ in range(3)]
    taken: dict[tuple[Per, int], list[datetime]] = defaultdict(list)
    at = NOON
    for number, pause in acts:
        at += pause
        if tries(stage, Act.COMMENT, visitors[number], at):
            taken[Per.VISITOR, number].append(at)
            taken[Per.NETWORK, 0].append(at)

    for limit in LIMITS:
        for (per, _), times in taken.items():
            if limit.act is Act.COMMENT and limit.per is per:
                for begin in times:
                    assert sum(begin <= time < begin + limit.window for time in times) <= limit.most


def test_a_refused_act_costs_nothing(stage: Stage) -> None:
    one = somebody()
    for _ in range(4):
        assert tries(stage, Act.COMMENT, one, NOON)
    for _ in range(20):
        with pytest.raises(LookupError):
            stage.write(do, stage, Act.COMMENT, one, NOON, fail=True)
    assert tries(stage, Act.COMMENT, one, NOON)
    for _ in range(20):
        assert not tries(stage, Act.COMMENT, one, NOON + 30 * SECOND)
    assert tries(stage, Act.COMMENT, one, NOON + MINUTE)


@pytest.mark.parametrize(("later", "may"), [(SECOND, False), (2 * MINUTE, True)])
def test_of_acts_counted_in_the_wrong_order_those_within_the_window_count(
    stage: Stage, later: timedelta, may: bool
) -> None:
    """Requests that come at once reach the count in any order."""
    one = somebody()
    assert all(tries(stage, Act.COMMENT, one, NOON + later) for _ in range(5))
    assert tries(stage, Act.COMMENT, one, NOON) is may


def test_one_act_is_not_another_and_one_site_is_not_another(stage: Stage) -> None:
    one = somebody()
    for act, most in ((Act.COMMENT, 5), (Act.EDIT, 10), (Act.VOTE, 10)):
        assert [tries(stage, act, one, NOON) for _ in range(most + 1)] == [True] * most + [False]

    def elsewhere(tx: Tx) -> None:
        spend(tx, stage.site.id + 1, Act.COMMENT, one, now=NOON)

    stage.write(elsewhere)


def test_those_without_a_browser_to_know_them_by_share_the_allowance_of_one(stage: Stage) -> None:
    unknown = Sender(None, network_hash("cafe"))
    assert [tries(stage, Act.COMMENT, unknown, NOON) for _ in range(6)] == [True] * 5 + [False]
    assert tries(stage, Act.COMMENT, somebody("cafe"), NOON)
    assert tries(stage, Act.COMMENT, Sender(None, network_hash("library")), NOON)


def test_a_hundred_at_once_are_let_in_as_often_as_the_table_says(stage: Stage, database_url: str) -> None:
    """From two databases, as two processes have them, by twenty visitors of one network."""
    other = open_database(database_url, followers=FOLLOWERS)
    visitors = [somebody("farm") for _ in range(25)]
    try:

        def run(number: int) -> None:
            db = other if number % 2 else stage.db
            db.write_now(do, stage, Act.COMMENT, visitors[number % 25], NOON)

        answers = all_at_once(100, run)
    finally:
        other.close()
    errors = [answer for answer in answers if answer is not None]
    assert {type(error) for error in errors} <= {TooMany, Unavailable}
    assert answers.count(None) == 20


def test_who_did_nothing_for_an_hour_is_forgotten_and_nobody_before(stage: Stage) -> None:
    now = stage.read(lambda tx: tx.now)
    for minutes in (-2, -1, 1, 2):
        stage.write(do, stage, Act.COMMENT, somebody(), now - HOUR + minutes * MINUTE)
    assert stage.write(forget_limits) == 4  # two visitors, each with a network

    recent = somebody()
    for _ in range(5):
        assert tries(stage, Act.COMMENT, recent, now - 30 * SECOND)
    stage.write(forget_limits)
    assert not tries(stage, Act.COMMENT, recent, now)
    assert tries(stage, Act.COMMENT, recent, now + DAY)
