"""Votes: one a voter and comment, changed and taken back at will, and crowds that count slowly."""

from datetime import timedelta
from math import sqrt

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from cast import (
    DAY,
    HOUR,
    MALLORY,
    MINUTE,
    NELL,
    NOON,
    SECOND,
    Stage,
    add_thread,
    nobody,
    reader,
    stranger,
    work_off,
)
from comments.recount import assert_counters_are_right
from rejoinder.accounts.models import Caller
from rejoinder.articles.withdraw import withdraw_article
from rejoinder.comments.models import Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.queries.reading import drawn, get_thread
from rejoinder.comments.ranking import best_score, net_score
from rejoinder.db import Tx
from rejoinder.errors import NotFound, TooMany
from rejoinder.sites.models import HoldPolicy
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.errors import NotVotable, OwnComment, VoterUnknown
from rejoinder.votes.models import Cast, Value
from rejoinder.votes.queries import Tally, tallies
from rejoinder.votes.slots import of_caller

STAFF = Actor(None, "a test")
UP, DOWN, NONE = Value.UP, Value.DOWN, Value.NONE


def vote(
    stage: Stage,
    comment: int,
    value: Value = UP,
    *,
    by: Caller = MALLORY,
    toggle: bool = False,
    at: timedelta = SECOND,
) -> Cast:
    return stage.write(cast_vote, stage.site, comment, value, by, toggle=toggle, now=NOON + at)


def figures(cast: Cast) -> tuple[int, int, int]:
    return cast.up, cast.down, cast.mine


def test_a_vote_is_changed_and_taken_back_at_will(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id

    assert figures(vote(stage, comment, UP)) == (1, 0, 1)
    assert figures(vote(stage, comment, UP)) == (1, 0, 1)
    assert figures(vote(stage, comment, DOWN)) == (0, 1, -1)
    assert figures(vote(stage, comment, NONE)) == (0, 0, 0)
    assert figures(vote(stage, comment, NONE)) == (0, 0, 0)
    stage.read(assert_counters_are_right, stage.thread_id)


def test_the_button_pressed_again_takes_the_vote_back(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id

    assert figures(vote(stage, comment, UP, toggle=True)) == (1, 0, 1)
    assert figures(vote(stage, comment, UP, toggle=True)) == (0, 0, 0)
    assert figures(vote(stage, comment, DOWN, toggle=True)) == (0, 1, -1)
    assert figures(vote(stage, comment, UP, toggle=True)) == (1, 0, 1)


def test_votes_belong_to_browsers_and_people_not_to_addresses(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    vote(stage, comment, by=reader("Ann", "office"))
    vote(stage, comment, by=reader("Ben", "office"))
    assert figures(vote(stage, comment, by=stage.bob)) == (3, 0, 1)

    assert figures(vote(stage, comment, NONE, by=reader("Ann", "train"))) == (2, 0, 0)


def test_ones_own_comment_is_not_voted_on(stage: Stage) -> None:
    for author in (NELL, stage.bob):
        comment = stage.post(f"By {author.network.hex()}.", by=author).comment_id
        with pytest.raises(OwnComment):
            vote(stage, comment, by=author)


def test_a_voter_must_be_known_again(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    with pytest.raises(VoterUnknown):
        vote(stage, comment, by=nobody("cafe"))


@pytest.mark.parametrize("verb", ["remove", "spam"])
def test_what_is_not_published_is_not_voted_on(stage: Stage, verb: str) -> None:
    comment = stage.post(by=NELL).comment_id
    vote(stage, comment)
    stage.write(act, stage.site, comment, verb, STAFF, now=NOON)

    for value in Value:
        with pytest.raises(NotFound):
            vote(stage, comment, value)
        with pytest.raises(NotVotable):  # staff know that it is there
            vote(stage, comment, value, by=stage.alice)
    stage.write(act, stage.site, comment, "approve", STAFF, now=NOON)
    assert figures(vote(stage, comment, NONE)) == (0, 0, 0)


def test_what_waits_is_not_voted_on(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.ALL)
    held = strict.post(by=NELL)
    assert held.status is Status.HELD
    with pytest.raises(NotFound):
        vote(strict, held.comment_id)
    with pytest.raises(NotVotable):  # its author knows that it is there
        vote(strict, held.comment_id, by=NELL)


def test_the_place_of_what_is_gone_is_not_voted_on(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.post("An answer.", reply_to=comment)
    stage.write(act, stage.site, comment, "remove", STAFF, now=NOON)
    with pytest.raises(NotVotable):
        vote(stage, comment)


def test_where_a_site_has_no_votes_there_are_none(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    with pytest.raises(NotVotable):
        vote(stage.with_rules(votes=False), comment)


def test_a_comment_of_an_article_that_is_gone_is_as_unknown_as_one_that_never_was(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.write(withdraw_article, stage.site.id, stage.article_id)

    for unseen in (comment, 4711):
        with pytest.raises(NotFound):
            vote(stage, unseen)


def test_five_new_voters_of_a_network_count_in_a_thread_within_an_hour(stage: Stage) -> None:
    one, two = stage.post(by=NELL).comment_id, stage.post("Two.", by=NELL).comment_id
    farm = [reader(f"hired {number}", "farm") for number in range(7)]

    assert [vote(stage, one, by=voter).counted for voter in farm] == [True] * 5 + [False] * 2
    # Who counts goes on counting in the thread, who waits goes on waiting.
    assert [vote(stage, two, by=voter).counted for voter in farm] == [True] * 5 + [False] * 2
    assert vote(stage, one, by=stranger()).counted
    assert vote(stage, one, by=reader("hired later", "farm"), at=HOUR + 2 * SECOND).counted
    stage.read(assert_counters_are_right, stage.thread_id)


def test_twenty_new_voters_of_a_network_count_on_a_site_within_an_hour(stage: Stage) -> None:
    threads = [stage.write(add_thread, stage.site, f"article-{number}").id for number in range(5)]
    comments = [
        stage.post(thread=thread, by=NELL, now=NOON + n * MINUTE).comment_id
        for n, thread in enumerate(threads)
    ]
    counted = [
        vote(stage, comments[number // 5], by=reader(f"hired {number}", "farm")).counted
        for number in range(22)
    ]
    assert counted == [True] * 20 + [False] * 2


def test_a_vote_that_was_taken_back_makes_room_for_another(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    farm = [reader(f"hired {number}", "farm") for number in range(6)]
    for voter in farm[:5]:
        vote(stage, comment, by=voter)
    vote(stage, comment, NONE, by=farm[0])

    assert vote(stage, comment, by=farm[5]).counted
    assert not vote(stage, comment, by=farm[0]).counted
    stage.read(assert_counters_are_right, stage.thread_id)


def test_those_who_come_back_another_day_count_with_all_they_voted_for(stage: Stage) -> None:
    one = stage.post(by=NELL).comment_id
    elsewhere = stage.write(add_thread, stage.site, "elsewhere")
    there = stage.post("There.", thread=elsewhere.id, by=NELL).comment_id
    farm = [reader(f"hired {number}", "farm") for number in range(6)]
    for voter in farm:
        vote(stage, one, by=voter)
        vote(stage, there, by=voter)
    work_off(stage, NOON + MINUTE)
    versions = stage.thread.version, stage.read(get_thread, stage.site.id, elsewhere.id).version

    again = vote(stage, one, UP, by=farm[5], at=DAY + 2 * SECOND)

    assert (again.up, again.counted) == (6, True)
    for thread in (stage.thread_id, elsewhere.id):
        stage.read(assert_counters_are_right, thread)
    # And both pages will show it.
    work_off(stage, NOON + DAY + MINUTE)
    after = stage.thread.version, stage.read(get_thread, stage.site.id, elsewhere.id).version
    assert after == (versions[0] + 1, versions[1] + 1)


def test_who_has_a_published_comment_is_none_of_a_crowd_and_takes_nobodys_place(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    regulars = [reader(f"regular {number}", "office") for number in range(8)]
    for number, regular in enumerate(regulars):
        stage.post(f"I am number {number}.", by=regular)

    assert all(vote(stage, comment, by=regular).counted for regular in regulars)
    assert vote(stage, comment, by=reader("new here", "office")).counted


def test_a_waiting_vote_is_changed_and_taken_back_like_any_other(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    farm = [reader(f"hired {number}", "farm") for number in range(6)]
    for voter in farm:
        vote(stage, comment, by=voter)

    assert figures(vote(stage, comment, DOWN, by=farm[5])) == (5, 0, -1)
    assert figures(vote(stage, comment, NONE, by=farm[5])) == (5, 0, 0)
    stage.read(assert_counters_are_right, stage.thread_id)


def test_a_vote_shows_in_the_page_at_most_every_five_seconds(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    version = stage.thread.version
    for number in range(8):
        vote(stage, comment, by=stranger(), at=number * SECOND / 2)
    assert stage.thread.version == version

    work_off(stage, NOON + 5 * SECOND - timedelta(milliseconds=1))
    assert stage.thread.version == version
    work_off(stage, NOON + 5 * SECOND)
    work_off(stage, NOON + 9 * SECOND)
    assert stage.thread.version == version + 1

    vote(stage, comment, by=stranger(), at=6 * SECOND)
    work_off(stage, NOON + 11 * SECOND)
    assert stage.thread.version == version + 2


def test_a_vote_that_changes_nothing_shows_nothing_new(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    vote(stage, comment)
    work_off(stage, NOON + MINUTE)
    version = stage.thread.version

    vote(stage, comment)
    vote(stage, comment, NONE, by=stranger())
    work_off(stage, NOON + 2 * MINUTE)
    assert stage.thread.version == version


def test_ten_votes_in_ten_seconds_are_enough(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    for number in range(10):
        vote(stage, comment, UP if number % 2 else DOWN)
    with pytest.raises(TooMany) as refusal:
        vote(stage, comment)
    assert refusal.value.retry_after == 10
    assert vote(stage, comment, at=11 * SECOND)


def test_a_reader_is_told_ones_own_votes_and_nobody_elses(stage: Stage) -> None:
    one, two = stage.post(by=NELL).comment_id, stage.post("Two.", by=NELL).comment_id
    vote(stage, one)
    vote(stage, two, DOWN)
    vote(stage, two, UP, by=stage.bob)

    assert stage.read(of_caller, stage.site.id, stage.thread_id, MALLORY) == {one: 1, two: -1}
    assert stage.read(of_caller, stage.site.id, stage.thread_id, stage.bob) == {two: 1}
    assert stage.read(of_caller, stage.site.id, stage.thread_id, nobody("cafe")) == {}
    assert stage.read(of_caller, stage.site.id, stage.thread_id, stranger()) == {}


def test_imported_votes_are_shown_and_ranked_with_our_own(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id

    def import_votes(tx: Tx) -> None:
        tx.run(
            "UPDATE comments SET imported_up = 3, imported_down = 1, imported_score = -2 WHERE id = :id",
            id=comment,
        )

    stage.write(import_votes)
    assert figures(vote(stage, comment)) == (4, 3, 1)
    shown = stage.read(drawn, stage.site.id, [comment])[0]
    assert (shown.up, shown.down) == (4, 3)
    assert stage.read(tallies, [comment]) == [Tally(comment, 1, 0)]


votes_cast = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.integers(0, 2),
        st.sampled_from(Value),
        st.booleans(),
        st.sampled_from([1, 400, 90_000]),
    ),
    max_size=25,
)


@given(acts=votes_cast)
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_figure_can_be_made_again_from_the_votes(
    stage: Stage, acts: list[tuple[int, int, Value, bool, int]]
) -> None:
    """Seven voters of one network, three comments, any votes at any pace: the columns are what `votes` says."""
    network = f"network {stranger().network.hex()}"
    voters = [reader(f"{network} {number}", network) for number in range(7)]
    thread = stage.write(add_thread, stage.site, f"votes-{stranger().network.hex()}")
    comments = [stage.post(f"Thought {n}.", thread=thread.id).comment_id for n in range(3)]
    at = timedelta()
    for voter, comment, value, toggle, seconds in acts:
        at += seconds * SECOND
        vote(stage, comments[comment], value, by=voters[voter], toggle=toggle, at=at)

    stage.read(assert_counters_are_right, thread.id)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_vote_for_never_ranks_lower_and_a_vote_against_never_higher(up: int, down: int) -> None:
    assert 0 < best_score(up, down) < 1
    assert best_score(up + 1, down) > best_score(up, down) > best_score(up, down + 1)
    assert net_score(up, down) == up - down


@pytest.mark.parametrize(("up", "down"), [(0, 0), (3, 1), (0, 7), (90, 12)])
def test_best_is_the_lowest_share_that_the_votes_leave_likely(up: int, down: int) -> None:
    """By Wilson's definition: the share seen lies z standard deviations of that share above it."""
    n, seen, share = up + 1 + down, (up + 1) / (up + 1 + down), best_score(up, down)

    assert seen - share == pytest.approx(1.2816 * sqrt(share * (1 - share) / n))
