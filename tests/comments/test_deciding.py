"""What staff decide: each verb from each status, one decision kept of each, and what a list of theirs costs."""

import itertools
from dataclasses import dataclass

import pytest

from cast import MINUTE, NELL, NOON, Stage, stranger, work_off
from comments.spy import statements_of
from rejoinder.articles.withdraw import withdraw_article
from rejoinder.comments import jobs
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.models import Status, ThreadState
from rejoinder.comments.moderate import Actor, act, decide, set_thread_state
from rejoinder.comments.own import held_of_thread, manage, own_of_thread, staff_verbs, verbs_in_thread
from rejoinder.comments.queries.deciding import count_waiting, list_with_status, waiting
from rejoinder.comments.queries.writing import get_stored
from rejoinder.comments.states import STAFF_VERBS, WAYS, Verb, move, open_verbs
from rejoinder.db import Tx
from rejoinder.errors import Conflict, Invalid, NotFound
from rejoinder.sites.models import HoldPolicy

WHY = "Off the point."


@dataclass(frozen=True, slots=True)
class Decision:
    """A row that says who decided what."""

    account_id: int | None
    verb: str
    comment_id: int | None
    before: str
    after: str
    why: str | None


def decisions(tx: Tx) -> list[Decision]:
    return tx.all(
        Decision, "SELECT account_id, verb, comment_id, before, after, why FROM decisions ORDER BY at, id"
    )


def bob(stage: Stage) -> Actor:
    return Actor(stage.bob.staff and stage.bob.staff.account_id, WHY)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("verb", Verb)
def test_a_verb_leads_on_from_where_the_table_says_and_from_nowhere_else(verb: Verb, status: Status) -> None:
    if status in WAYS[verb]:
        assert move(verb, status) is WAYS[verb][status]
    else:
        with pytest.raises(Conflict):
            move(verb, status)


def test_nothing_is_published_but_by_staff_or_by_coming_back() -> None:
    ways = {verb for verb in Verb if Status.PUBLISHED in WAYS[verb].values()}
    assert ways == {Verb.APPROVE, Verb.UNDO_DELETE}
    assert move(Verb.UNDO_DELETE, Status.DELETED, was_published=False) is Status.HELD


def test_staff_are_offered_what_they_can_do_and_no_author_verb() -> None:
    for status in Status:
        assert open_verbs(status) == [verb for verb in STAFF_VERBS if status in WAYS[verb]]


def test_what_is_offered_is_taken_and_what_is_not_is_refused_or_changes_nothing(stage: Stage) -> None:
    verbs = ("approve", "reject", "spam", "remove", "pin", "unpin", "close", "reopen")
    for first, verb in itertools.product(("", "remove", "spam", "pin", "close"), verbs):
        comment = stage.post(f"{verb} after {first}").comment_id
        if first:
            stage.write(act, stage.site, comment, first, bob(stage), now=NOON)
        offered = staff_verbs(stage.read(get_stored, stage.site.id, comment), NOON)
        before = stage.thread.version
        try:
            stage.write(act, stage.site, comment, verb, bob(stage), now=NOON)
        except Conflict:
            assert verb not in offered
        else:
            assert verb in offered or stage.thread.version == before
        stage.write(act, stage.site, comment, "unpin", bob(stage), now=NOON)


def test_each_verb_leaves_one_decision_and_what_changes_nothing_leaves_none(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    for verb in ("pin", "pin", "unpin", "unpin", "close", "close", "reopen", "reopen", "remove", "approve"):
        stage.write(act, stage.site, comment, verb, bob(stage), now=NOON)
    for state in (ThreadState.CLOSED, ThreadState.CLOSED, ThreadState.OPEN):
        stage.write(set_thread_state, stage.site, stage.thread_id, state, bob(stage), now=NOON)

    kept = stage.read(decisions)
    assert [(one.verb, one.before, one.after) for one in kept] == [
        ("pin", "published", "published"),
        ("unpin", "published", "published"),
        ("close", "published", "published"),
        ("reopen", "published", "published"),
        ("remove", "published", "removed"),
        ("approve", "removed", "published"),
        ("close-thread", "open", "closed"),
        ("open-thread", "closed", "open"),
    ]
    assert {(one.account_id, one.why) for one in kept} == {(bob(stage).account_id, WHY)}
    assert [one.comment_id for one in kept] == [comment] * 6 + [None] * 2


def test_a_refused_verb_leaves_no_decision(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    for verb, error in (
        ("reject", Conflict),
        ("approve", Conflict),
        ("praise", Invalid),
        ("delete", Invalid),
    ):
        with pytest.raises(error):
            stage.write(act, stage.site, comment, verb, bob(stage), now=NOON)
    with pytest.raises(NotFound):
        stage.write(act, stage.site, 4711, "remove", bob(stage), now=NOON)
    assert stage.read(decisions) == []


def test_only_the_top_level_is_pinned_and_three_of_it(stage: Stage) -> None:
    top = stage.post().comment_id
    reply = stage.post("Because.", reply_to=top).comment_id
    with pytest.raises(Conflict, match="top level"):
        stage.write(act, stage.site, reply, "pin", bob(stage), now=NOON)
    for number in range(3):
        other = stage.post(f"Thought {number}.").comment_id
        stage.write(act, stage.site, other, "pin", bob(stage), now=NOON)
    with pytest.raises(Conflict, match="Three comments"):
        stage.write(act, stage.site, top, "pin", bob(stage), now=NOON)


def test_staff_take_a_comment_away_under_an_article_that_is_gone(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.write(withdraw_article, stage.site.id, stage.article_id)

    assert (
        stage.write(decide, stage.site, comment, Verb.REMOVE, bob(stage), now=NOON).status is Status.REMOVED
    )


def test_caches_in_front_are_told_of_what_went_and_of_nothing_else(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.ALL)
    held = strict.post("Held.").comment_id
    easy = stage.with_rules(hold=HoldPolicy.NONE)
    removed, deleted = easy.post().comment_id, easy.post("Mine.", by=NELL).comment_id
    easy.write(act, easy.site, held, "reject", bob(stage), now=NOON)
    easy.write(act, easy.site, removed, "remove", bob(stage), now=NOON)
    easy.write(delete_comment, easy.site, deleted, NELL, now=NOON)

    assert work_off(easy, NOON).count(jobs.PURGE) == 2


def test_the_list_of_what_waits_is_walked_each_once_oldest_first(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.ALL)
    ids = [strict.post(f"Thought {number}.", now=NOON + number * MINUTE).comment_id for number in range(7)]
    strict.post("Buy!", trap_filled=True)

    seen: list[int] = []
    while page := strict.read(waiting, strict.site.id, after=seen[-1] if seen else 0, most=3):
        seen += [one.id for one in page]
    assert seen == ids
    assert strict.read(count_waiting, strict.site.id) == 7
    assert {one.reason for one in strict.read(waiting, strict.site.id, after=0, most=9)} == {"everyone"}
    assert [one.text for one in strict.read(list_with_status, strict.site.id, Status.SPAM, most=9)] == [
        "Buy!"
    ]


def test_the_lists_of_ones_own_and_of_what_waits_cost_the_same_at_any_length(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.ALL)

    def costs() -> tuple[int, ...]:
        thread = strict.thread
        own = strict.read(statements_of, own_of_thread, strict.site, thread, stage.bob, now=NOON)
        held = strict.read(statements_of, held_of_thread, strict.site, thread, stage.bob, now=NOON)
        verbs = strict.read(statements_of, verbs_in_thread, thread, NOON)
        return len(own), len(held), len(verbs)

    def fill(times: int) -> None:
        for number in range(times):
            strict.post(f"{times}, {number}.", by=stranger())
            mine = strict.post(f"Mine {times}, {number}.", by=stage.bob).comment_id
            strict.write(act, strict.site, mine, "close", bob(stage), now=NOON)

    fill(1)
    few = costs()
    fill(15)
    thread = strict.thread
    assert costs() == few
    assert max(few) <= 5
    assert len(strict.read(held_of_thread, strict.site, thread, stage.bob, now=NOON)) == 16
    assert len(strict.read(own_of_thread, strict.site, thread, stage.bob, now=NOON)) == 16
    assert {"reopen"} <= set.intersection(*strict.read(verbs_in_thread, thread, NOON).values())


def test_an_author_may_do_with_a_comment_what_its_state_allows(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id

    def can(at: int = 0) -> set[str]:
        return set(stage.read(manage, stage.site, comment, NELL, now=NOON + at * MINUTE).can)

    assert can() == {"edit", "delete"}
    assert can(15) == {"delete"}
    stage.write(delete_comment, stage.site, comment, NELL, now=NOON)
    assert can() == {"undo-delete"}
    assert can(1) == set()
