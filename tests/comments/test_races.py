"""Everything at the same time, on both engines: one outcome, nothing twice, nothing lost, no error that is ours."""

from collections import Counter

import pytest

from cast import (
    NELL,
    NOON,
    Stage,
    add_article,
    all_at_once,
    attempt_of,
    draft_of,
    nobody,
    post,
    reader,
    stranger,
)
from comments.recount import assert_counters_are_right
from rejoinder.comments import recount as comments_recount
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.errors import ChangedMeanwhile, ParentGone
from rejoinder.comments.models import Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.post import Posted
from rejoinder.comments.queries.reading import drawn
from rejoinder.comments.queries.writing import get_stored
from rejoinder.db import Tx, open_database
from rejoinder.errors import Conflict, Unavailable
from rejoinder.sites.models import HoldPolicy
from rejoinder.subscribers import FOLLOWERS
from rejoinder.votes import recount as votes_recount
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Cast, Value


def only(answers: list[object], kind: type) -> None:
    """Each answer is of this kind; an error would be shown."""
    assert [answer for answer in answers if not isinstance(answer, kind)] == []


def test_two_hundred_identical_submits_with_one_key_are_one_comment(stage: Stage) -> None:
    draft = draft_of(stage.site, thread=stage.thread_id)
    attempt = attempt_of(stage.site, NELL, "k")

    answers = all_at_once(
        200, lambda n: stage.write(post, stage.site, draft, NELL, attempt=attempt, now=NOON)
    )

    only(answers, Posted)
    assert len({answer.comment_id for answer in answers if isinstance(answer, Posted)}) == 1
    assert Counter(answer.again for answer in answers if isinstance(answer, Posted)) == {False: 1, True: 199}
    assert stage.thread.comment_count == 1


def test_two_hundred_identical_submits_without_a_key_are_one_comment(stage: Stage) -> None:
    draft = draft_of(stage.site, thread=stage.thread_id)
    senders = [nobody("cafe"), *(reader(f"guest {number}", "cafe") for number in range(199))]

    answers = all_at_once(200, lambda n: stage.write(post, stage.site, draft, senders[n], now=NOON))

    only(answers, Posted)
    assert len({answer.comment_id for answer in answers if isinstance(answer, Posted)}) == 1
    assert stage.thread.comment_count == 1


def test_two_hundred_first_comments_make_one_thread(stage: Stage) -> None:
    stage.write(add_article, stage.site, "fresh")
    drafts = [draft_of(stage.site, f"I am {number}.", url="/articles/fresh") for number in range(200)]

    answers = all_at_once(200, lambda n: stage.write(post, stage.site, drafts[n], stranger(), now=NOON))

    only(answers, Posted)
    posted = [answer for answer in answers if isinstance(answer, Posted)]
    threads = {answer.thread_id for answer in posted}
    assert len(threads) == 1
    assert sorted(answer.version for answer in posted) == list(range(2, 202))
    stage.read(assert_counters_are_right, threads.pop())


def votes_for(stage: Stage, *ids: int) -> list[int]:
    found = {comment.id: comment.up for comment in stage.read(drawn, stage.site.id, ids)}
    return [found[id_] for id_ in ids]


def test_two_hundred_votes_of_one_voter_are_one_vote(stage: Stage) -> None:
    """Each is by the same browser, so most are too many; those that are taken are the same vote."""
    comment = stage.post().comment_id

    answers = all_at_once(
        200, lambda n: stage.write(cast_vote, stage.site, comment, Value.UP, NELL, now=NOON)
    )

    taken = [answer for answer in answers if isinstance(answer, Cast)]
    refused = [getattr(answer, "code", answer) for answer in answers if not isinstance(answer, Cast)]
    assert (len(taken), set(refused)) == (10, {"too-many"})
    assert {answer.up for answer in taken} == {1}
    assert votes_for(stage, comment) == [1]
    stage.read(assert_counters_are_right, stage.thread_id)


def test_two_hundred_voters_are_two_hundred_votes(stage: Stage) -> None:
    comments = [stage.post(f"Thought {number}.").comment_id for number in range(2)]

    answers = all_at_once(
        200, lambda n: stage.write(cast_vote, stage.site, comments[n % 2], Value.UP, stranger(), now=NOON)
    )

    only(answers, Cast)
    assert votes_for(stage, *comments) == [100, 100]
    stage.read(assert_counters_are_right, stage.thread_id)


def test_two_hundred_new_voters_of_one_network_count_five_times(stage: Stage) -> None:
    comment = stage.post().comment_id
    crowd = [reader(f"hired {number}", "farm") for number in range(100)]

    answers = all_at_once(
        100, lambda n: stage.write(cast_vote, stage.site, comment, Value.UP, crowd[n], now=NOON)
    )

    only(answers, Cast)
    assert sum(answer.counted for answer in answers if isinstance(answer, Cast)) == 5
    assert votes_for(stage, comment) == [5]


@pytest.mark.parametrize("held", [True, False])
def test_fifty_approvals_and_fifty_deletions_end_in_one_state(stage: Stage, held: bool) -> None:
    scene = stage.with_rules(hold=HoldPolicy.ALL) if held else stage
    comment = scene.post(by=NELL).comment_id
    verb, by = ("approve" if held else "remove"), Actor(None, "a race")

    def run(number: int) -> object:
        if number % 2:
            return scene.write(delete_comment, scene.site, comment, NELL, now=NOON)
        return scene.write(act, scene.site, comment, verb, by, now=NOON)

    answers = all_at_once(100, run)

    assert {type(answer) for answer in answers if isinstance(answer, Exception)} <= {
        Conflict,
        ChangedMeanwhile,
    }
    done = [answer for answer in answers if not isinstance(answer, Exception)]
    stored = scene.read(get_stored, scene.site.id, comment)
    # Who approves first may see it deleted after that; nothing else follows anything.
    deleted_after = held and len(done) == 2
    assert len(done) == (2 if deleted_after else 1)
    assert stored.status in (
        (Status.DELETED,) if deleted_after else (Status.DELETED, Status.REMOVED, Status.PUBLISHED)
    )
    assert scene.read(decisions, comment) == sum(getattr(answer, "undo_until", 0) == 0 for answer in done)
    scene.read(assert_counters_are_right, scene.thread_id)


def test_replies_and_removals_of_a_conversation_leave_right_counters(stage: Stage) -> None:
    """Answers arrive on every level while staff take that level away and bring it back."""
    chain = [stage.post("Top.").comment_id]
    for level in range(5):
        chain.append(stage.post(f"Level {level}.", reply_to=chain[-1]).comment_id)
    verbs = ["remove", "approve"]

    def run(number: int) -> object:
        target = chain[number % len(chain)]
        if number % 3 == 0:
            verb = verbs[number // 3 % 2]
            return stage.write(act, stage.site, target, verb, Actor(None), now=NOON)
        return stage.post(f"Answer {number}.", reply_to=target)

    answers = all_at_once(150, run)

    errors = {type(answer) for answer in answers if isinstance(answer, Exception)}
    assert errors <= {Conflict, ParentGone, ChangedMeanwhile}
    stage.read(assert_counters_are_right, stage.thread_id)


def test_only_three_of_ten_pins_at_once_hold(stage: Stage) -> None:
    comments = [stage.post(f"Thought {number}.").comment_id for number in range(10)]

    answers = all_at_once(
        10, lambda n: stage.write(act, stage.site, comments[n], "pin", Actor(None), now=NOON)
    )

    refused = [getattr(answer, "code", answer) for answer in answers if isinstance(answer, Exception)]
    assert refused == ["too-many-pinned"] * 7


def test_counting_again_beside_those_who_post_and_vote_sets_nothing_wrong(stage: Stage) -> None:
    top = stage.post("Top.").comment_id

    def run(number: int) -> object:
        if number % 4 == 0:
            return stage.write(comments_recount.repair_drift, 0)
        if number % 4 == 1:
            return stage.write(votes_recount.repair_drift, 0)
        if number % 4 == 2:
            return stage.write(cast_vote, stage.site, top, Value.UP, stranger(), now=NOON)
        return stage.post(f"Answer {number}.", reply_to=top)

    answers = all_at_once(160, run)

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    stage.read(assert_counters_are_right, stage.thread_id)


def test_two_processes_agree(stage: Stage, database_url: str) -> None:
    """A second database object has connections, queues and locks of its own, as a second process has."""
    other = open_database(database_url, followers=FOLLOWERS)
    try:
        draft = draft_of(stage.site, thread=stage.thread_id)
        attempt = attempt_of(stage.site, NELL, "k")

        def run(number: int) -> Posted:
            db = other if number % 2 else stage.db
            return db.write_now(post, stage.site, draft, NELL, attempt=attempt, now=NOON)

        answers = all_at_once(60, run)
    finally:
        other.close()

    answered = [
        answer for answer in answers if not isinstance(answer, Unavailable)
    ]  # busy is an honest answer
    only(answered, Posted)
    assert len({answer.comment_id for answer in answered if isinstance(answer, Posted)}) == 1


def decisions(tx: Tx, comment_id: int) -> int:
    """How many decisions about a comment are kept."""
    count: int = tx.value("SELECT count(*) FROM decisions WHERE comment_id = :id", id=comment_id)
    return count
