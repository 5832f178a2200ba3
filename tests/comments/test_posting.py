"""Posting: what is taken, what is refused, and that a refusal leaves nothing behind."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cast import (
    DAY,
    MINUTE,
    NELL,
    NOON,
    SECOND,
    Stage,
    add_article,
    add_thread,
    attempt_of,
    draft_of,
    hire,
    nobody,
    post,
    reader,
    stranger,
)
from rejoinder.accounts.models import Caller, Role
from rejoinder.articles.models import ArticleState, Author, Byline, Discussion
from rejoinder.articles.withdraw import withdraw_article
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.draft import write_text
from rejoinder.comments.errors import BranchClosed, ParentGone, ThreadClosed
from rejoinder.comments.models import Comment, Label, Status, ThreadState
from rejoinder.comments.moderate import Actor, act, set_thread_state
from rejoinder.comments.post import Posted
from rejoinder.comments.queries.reading import drawn
from rejoinder.comments.queries.writing import get_stored
from rejoinder.db import Tx
from rejoinder.errors import Invalid, NotFound, TooMany
from rejoinder.sites.models import HoldPolicy, Rules

ALICE = Actor(None, "a test")
RULES = Rules()


def look(stage: Stage, comment_id: int) -> Comment:
    return stage.read(drawn, stage.site.id, [comment_id])[0]


def count_rows(tx: Tx) -> tuple[int, ...]:
    """What a refused comment might leave behind, wherever."""
    return tuple(
        tx.value(f"SELECT count(*) FROM {table}")
        for table in "comments comment_revisions authors visitors fingerprints limits idempotency outbox".split()
    )


def assert_refused(stage: Stage, error: type[Exception], **values: object) -> None:
    """The refusal comes, and nothing is stored."""
    before = stage.read(count_rows), stage.thread.version
    with pytest.raises(error):
        stage.post(by=stranger(), **values)
    assert (stage.read(count_rows), stage.thread.version) == before


def test_a_comment_stands_at_once_and_is_counted(stage: Stage) -> None:
    posted = stage.post("Who *wrote* this?", by=NELL)

    assert posted.status is Status.PUBLISHED
    comment = look(stage, posted.comment_id)
    assert (comment.author_name, comment.html) == ("Nell", "<p>Who <em>wrote</em> this?</p>")
    assert (stage.thread.comment_count, stage.thread.top_count) == (1, 1)
    assert stage.thread.version == posted.version == 2


def test_a_reply_stands_below_what_it_answers(stage: Stage) -> None:
    top = stage.post()
    reply = stage.post("Because.", reply_to=top.comment_id, now=NOON + MINUTE)

    comment = look(stage, reply.comment_id)
    assert (comment.parent_id, comment.root_id, comment.depth) == (top.comment_id, top.comment_id, 1)
    assert comment.parent_name == "Nell"
    above = look(stage, top.comment_id)
    assert (above.reply_count, above.branch_count) == (1, 1)
    assert (stage.thread.comment_count, stage.thread.top_count) == (2, 1)


def test_a_closed_thread_takes_no_comment(stage: Stage) -> None:
    top = stage.post()
    stage.write(set_thread_state, stage.site, stage.thread_id, ThreadState.CLOSED, ALICE, now=NOON)

    assert_refused(stage, ThreadClosed)
    assert_refused(stage, ThreadClosed, reply_to=top.comment_id)


@pytest.mark.parametrize("discussion", [Discussion.CLOSED, Discussion.NONE])
def test_an_article_that_takes_no_comments_takes_none(stage: Stage, discussion: Discussion) -> None:
    stage.write(add_thread, stage.site, "quiet", discussion=discussion)

    assert_refused(stage, ThreadClosed, thread=None, url="/articles/quiet")


def test_a_discussion_closes_at_its_hour_and_not_before(stage: Stage) -> None:
    thread = stage.write(add_thread, stage.site, "brief", close_at=NOON + MINUTE)

    assert stage.post(thread=thread.id, now=NOON + MINUTE - timedelta(milliseconds=1))
    assert_refused(stage, ThreadClosed, thread=thread.id, now=NOON + MINUTE)


def test_a_closed_branch_takes_no_reply_at_any_depth_and_its_neighbour_does(stage: Stage) -> None:
    top, neighbour = stage.post(), stage.post("Another.")
    deep = stage.post("Because.", reply_to=top.comment_id)
    stage.write(act, stage.site, deep.comment_id, "close", ALICE, now=NOON)

    assert_refused(stage, BranchClosed, reply_to=top.comment_id)
    assert_refused(stage, BranchClosed, reply_to=deep.comment_id)
    assert stage.post("Yes.", reply_to=neighbour.comment_id)

    stage.write(act, stage.site, top.comment_id, "reopen", ALICE, now=NOON)
    assert stage.post("At last.", reply_to=deep.comment_id)


@pytest.mark.parametrize("verb", ["remove", "spam"])
def test_what_staff_took_away_cannot_be_answered(stage: Stage, verb: str) -> None:
    top = stage.post()
    stage.write(act, stage.site, top.comment_id, verb, ALICE, now=NOON)

    assert_refused(stage, ParentGone, reply_to=top.comment_id)


def test_what_its_author_deleted_cannot_be_answered(stage: Stage) -> None:
    top = stage.post(by=NELL)
    stage.write(delete_comment, stage.site, top.comment_id, NELL, now=NOON)

    assert_refused(stage, ParentGone, reply_to=top.comment_id)


def test_what_waits_cannot_be_answered(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.ALL)
    held = strict.post()
    assert held.status is Status.HELD

    assert_refused(strict, ParentGone, reply_to=held.comment_id)


def test_a_placeholder_cannot_be_answered(stage: Stage) -> None:
    top = stage.post()
    stage.post("Because.", reply_to=top.comment_id)
    stage.write(act, stage.site, top.comment_id, "remove", ALICE, now=NOON)

    assert look(stage, top.comment_id).is_placeholder
    assert_refused(stage, ParentGone, reply_to=top.comment_id)


def test_a_comment_of_another_thread_cannot_be_answered_here(stage: Stage) -> None:
    elsewhere = stage.write(add_thread, stage.site, "vase")
    there = stage.post(thread=elsewhere.id)

    assert_refused(stage, ParentGone, reply_to=there.comment_id)


def test_nobody_answers_what_never_was(stage: Stage) -> None:
    assert_refused(stage, ParentGone, reply_to=4711)  # as where it waits or was taken away


def test_an_unknown_thread_takes_nothing(stage: Stage) -> None:
    assert_refused(stage, NotFound, thread=4711)
    assert_refused(stage, NotFound, thread=None, url="/articles/nowhere")
    assert_refused(stage, Invalid, thread=None, url=None)


def test_a_private_article_has_no_discussion_for_anybody(stage: Stage) -> None:
    stage.write(add_article, stage.site, "draft", state=ArticleState.PRIVATE)

    assert_refused(stage, NotFound, thread=None, url="/articles/draft")


def test_a_withdrawn_article_keeps_its_discussion_to_itself(stage: Stage) -> None:
    top = stage.post()
    stage.write(withdraw_article, stage.site.id, stage.article_id)

    with pytest.raises(NotFound):
        stage.post("More?")
    with pytest.raises(NotFound):
        stage.post("More?", thread=None, url="/articles/lamp")
    with pytest.raises(NotFound):
        stage.post("More?", reply_to=top.comment_id)


def test_the_first_comment_makes_the_thread(stage: Stage) -> None:
    stage.write(add_article, stage.site, "new")
    first = stage.post(thread=None, url="/articles/new")
    second = stage.post("Me too.", thread=None, url="http://127.0.0.1:8080/articles/new#discussion")

    assert first.thread_id == second.thread_id != stage.thread_id


@pytest.mark.parametrize("text", ["", " ", "\n\n\t \n", "\u00a0\u2003", "&nbsp;", "> ", "\u200b"])
def test_a_text_of_which_nothing_is_seen_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        write_text(text, RULES)
    assert refusal.value.field == "text"


def test_a_text_may_be_as_long_as_the_rules_say_and_no_longer() -> None:
    assert write_text("a" * RULES.most_characters, RULES)
    with pytest.raises(Invalid, match="10001 characters"):
        write_text("a" * (RULES.most_characters + 1), RULES)


def test_the_same_text_without_a_key_is_the_same_comment_for_ten_minutes(stage: Stage) -> None:
    first = stage.post(by=nobody("cafe"))
    again = stage.post(by=nobody("cafe"), now=NOON + timedelta(minutes=10) - SECOND)
    later = stage.post(by=nobody("cafe"), now=NOON + timedelta(minutes=11))

    assert again == Posted(first.comment_id, stage.thread_id, first.version, Status.PUBLISHED, again=True)
    assert later.comment_id != first.comment_id
    assert stage.thread.comment_count == 2


def test_sending_the_same_text_again_costs_nothing_of_what_one_may_post(stage: Stage) -> None:
    one = reader("Ann")
    posted = [stage.post("Once, and again and again.", by=one, now=NOON) for _ in range(20)]
    assert len({each.comment_id for each in posted}) == 1

    for number in range(4):
        stage.post(f"Another thing, number {number}.", by=one, now=NOON)
    with pytest.raises(TooMany):
        stage.post("One too many.", by=one, now=NOON)


def test_what_staff_say_is_not_counted_for_the_readers_of_their_network(stage: Stage) -> None:
    for number in range(30):
        stage.post(f"Calm, please, for the {number}th time.", by=stage.bob, name="Bob", now=NOON)

    stage.post("May I?", by=replace(reader("Ann"), network=stage.bob.network), now=NOON)


def test_the_same_text_from_another_network_or_to_another_comment_is_another(stage: Stage) -> None:
    first = stage.post(by=nobody("cafe"))
    others = [
        stage.post(by=nobody("library")),
        stage.post(by=nobody("cafe"), reply_to=first.comment_id),
        stage.post("I wonder!", by=nobody("cafe")),
    ]

    assert not any(other.again for other in others)


def test_two_readers_of_one_office_may_say_the_same(stage: Stage) -> None:
    """Their scripts send keys: what tells them apart is known, so nothing has to be guessed."""

    def say(person: str) -> Posted:
        caller = reader(person, "office")
        attempt = attempt_of(stage.site, caller, f"key of {person}", "Thank you!")
        draft = draft_of(stage.site, "Thank you!", thread=stage.thread_id)
        return stage.write(post, stage.site, draft, caller, attempt=attempt)

    assert say("Ann").comment_id != say("Ben").comment_id
    assert say("Ann").again


def test_a_text_can_be_posted_again_after_it_was_deleted(stage: Stage) -> None:
    first = stage.post(by=NELL)
    stage.write(delete_comment, stage.site, first.comment_id, NELL, now=NOON + SECOND)

    second = stage.post(by=NELL, now=NOON + MINUTE)

    assert not second.again
    assert second.status is Status.PUBLISHED


def test_a_key_leads_to_the_first_answer_for_a_day(stage: Stage) -> None:
    def send(text: str, at: timedelta) -> Posted:
        draft = draft_of(stage.site, text, thread=stage.thread_id)
        attempt = attempt_of(stage.site, NELL, "k", text)
        return stage.write(post, stage.site, draft, NELL, attempt=attempt, now=NOON + at)

    first = send("Hello.", timedelta())
    assert send("Hello.", DAY - SECOND) == Posted(
        first.comment_id, first.thread_id, first.version, first.status, again=True
    )
    with pytest.raises(Invalid, match="another request"):
        send("Goodbye.", MINUTE)
    assert send("Hello.", DAY).comment_id != first.comment_id


def test_a_key_is_its_senders_own(stage: Stage) -> None:
    draft = draft_of(stage.site, thread=stage.thread_id)
    one, other = (
        stage.write(post, stage.site, draft, caller, attempt=attempt_of(stage.site, caller, "k"))
        for caller in (NELL, reader("Mallory", "Nell"))
    )
    assert one.comment_id != other.comment_id


def test_a_refused_attempt_leaves_its_key_free(stage: Stage) -> None:
    draft = draft_of(stage.site, thread=stage.thread_id)
    attempt = attempt_of(stage.site, NELL, "k")
    stage.write(set_thread_state, stage.site, stage.thread_id, ThreadState.CLOSED, ALICE, now=NOON)
    with pytest.raises(ThreadClosed):
        stage.write(post, stage.site, draft, NELL, attempt=attempt)

    stage.write(set_thread_state, stage.site, stage.thread_id, ThreadState.OPEN, ALICE, now=NOON)
    assert not stage.write(post, stage.site, draft, NELL, attempt=attempt).again


def test_who_wrote_the_article_is_marked_as_its_author_and_staff_as_staff(stage: Stage) -> None:
    byline = Byline(authors=(Author(name="Bob"),))
    theirs = stage.write(add_thread, stage.site, "bobs", byline=byline)

    def label(thread_id: int, by: object) -> Label | None:
        return look(stage, stage.post(f"I am {by}.", thread=thread_id, by=by).comment_id).label  # type: ignore[arg-type]

    assert label(theirs.id, stage.bob) is Label.AUTHOR
    assert label(theirs.id, stage.alice) is Label.STAFF
    assert label(stage.thread_id, stage.bob) is Label.STAFF
    assert label(stage.thread_id, NELL) is None


def test_an_author_is_marked_below_what_they_wrote_and_nowhere_else(stage: Stage) -> None:
    byline = Byline(authors=(Author(name="Carol"), Author(name="Dora")))
    theirs = stage.write(add_thread, stage.site, "carols", byline=byline)
    carol = stage.write(hire, stage.site, "carol", Role.AUTHOR)
    dora = stage.write(hire, stage.site, "Dora")  # took the name, and nobody gave her a role

    def label(thread_id: int, by: Caller) -> Label | None:
        return look(stage, stage.post(f"I am {by}.", thread=thread_id, by=by).comment_id).label

    assert label(theirs.id, carol) is Label.AUTHOR
    assert label(stage.thread_id, carol) is None
    assert label(theirs.id, dora) is None
    assert label(theirs.id, stage.alice) is Label.STAFF


def test_who_writes_for_the_site_is_no_newcomer_in_it(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.NEWCOMERS)
    carol = strict.write(hire, strict.site, "Carol", Role.AUTHOR)

    posted = strict.post(by=carol)

    assert posted.status is Status.PUBLISHED


def test_staff_sign_once_and_for_all(stage: Stage) -> None:
    one, two = stage.post(by=stage.bob), stage.post("Again.", by=stage.bob)

    def author_of(tx: Tx, comment_id: int) -> int:
        return tx.value("SELECT author_id FROM comments WHERE id = :id", id=comment_id)  # type: ignore[no-any-return]

    assert stage.read(author_of, one.comment_id) == stage.read(author_of, two.comment_id)
    stored = stage.read(get_stored, stage.site.id, one.comment_id)
    assert (stored.account_id, stored.visitor_id) == (stage.bob.staff and stage.bob.staff.account_id, None)


def test_what_was_posted_before_it_is_heard_of_by_nobody(stage: Stage) -> None:
    """A held comment moves nothing that a reader could see."""
    strict = stage.with_rules(hold=HoldPolicy.ALL)
    before = strict.thread
    posted = strict.post()

    assert posted.version == before.version
    assert strict.thread == before
    assert strict.read(drawn, strict.site.id, [posted.comment_id]) == []
