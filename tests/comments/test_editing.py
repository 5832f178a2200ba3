"""Editing one's own comment, deleting it and bringing it back; and what becomes of its texts."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cast import DAY, MALLORY, MINUTE, NELL, NOON, SECOND, Stage, nobody, reader, work_off
from rejoinder.accounts.models import Caller
from rejoinder.articles.withdraw import withdraw_article
from rejoinder.comments.delete import delete_comment, undo_delete
from rejoinder.comments.draft import write_text
from rejoinder.comments.edit import Edited, edit_comment
from rejoinder.comments.errors import (
    AnsweredMeanwhile,
    CommentChanged,
    EditWindowOver,
    NoComment,
    NotYours,
    ThreadClosed,
    UndoOver,
)
from rejoinder.comments.models import Comment, Status, ThreadState
from rejoinder.comments.moderate import Actor, act, set_thread_state
from rejoinder.comments.own import NotForYou, manage
from rejoinder.comments.queries.deciding import count_waiting, waiting
from rejoinder.comments.queries.reading import drawn, published_text
from rejoinder.comments.queries.writing import get_stored
from rejoinder.db import Tx
from rejoinder.errors import Conflict, NotFound, Refusal, TooMany
from rejoinder.sites.models import HoldPolicy

STAFF = Actor(None, "a test")
LINKS = "Buy [a](https://a.example) [b](https://b.example) [c](https://c.example)"


def edit(
    stage: Stage,
    comment: int,
    text: str = "I see.",
    *,
    by: Caller = NELL,
    revision: int = 1,
    now: timedelta = SECOND,
) -> Edited:
    return stage.write(
        edit_comment,
        stage.site,
        comment,
        write_text(text, stage.site.rules),
        by,
        revision=revision,
        now=NOON + now,
    )


def look(stage: Stage, comment: int) -> Comment:
    return stage.read(drawn, stage.site.id, [comment])[0]


def said(stage: Stage, comment: int) -> str:
    return stage.read(published_text, comment)


def kept_texts(tx: Tx, comment: int) -> list[object]:
    """Everything that the revisions of a comment hold."""
    return tx._connection.rows(
        "SELECT text, html, author_name, website FROM comment_revisions WHERE comment_id = :id ORDER BY n",
        {"id": comment},
    )[1]


def test_an_edit_stands_at_once_and_says_so(stage: Stage) -> None:
    posted = stage.post(by=NELL)
    edited = edit(stage, posted.comment_id)

    assert (edited.waits, edited.revision, edited.version) == (False, 2, posted.version + 1)
    comment = look(stage, posted.comment_id)
    assert (comment.html, comment.edited_at) == ("<p>I see.</p>", NOON + SECOND)


def test_the_window_is_fifteen_minutes_and_not_a_moment_longer(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id

    edit(stage, comment, now=15 * MINUTE - timedelta(milliseconds=1))
    with pytest.raises(EditWindowOver):
        edit(stage, comment, revision=2, now=15 * MINUTE)


def test_only_its_author_edits_deletes_and_sees_a_comment(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id

    for other in (MALLORY, reader("somebody", "Nell"), nobody("Nell"), stage.alice):
        with pytest.raises(NotYours):
            edit(stage, comment, by=other)
        with pytest.raises(NotYours):
            stage.write(delete_comment, stage.site, comment, other, now=NOON)
    with pytest.raises(NotForYou):
        stage.read(manage, stage.site, comment, MALLORY, now=NOON)
    assert stage.read(manage, stage.site, comment, stage.bob, now=NOON).can >= {"remove", "spam", "pin"}


def test_what_nobody_signed_with_a_browser_is_nobodys(stage: Stage) -> None:
    comment = stage.post(by=nobody("cafe")).comment_id

    with pytest.raises(NotYours):
        edit(stage, comment, by=nobody("cafe"))


def test_staff_edit_their_own(stage: Stage) -> None:
    comment = stage.post(by=stage.bob).comment_id

    assert not edit(stage, comment, by=stage.bob).waits
    with pytest.raises(NotYours):
        edit(stage, comment, by=stage.alice, revision=2)


def test_an_edit_that_began_with_another_text_returns_both(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    edit(stage, comment, "From the phone.")

    with pytest.raises(CommentChanged) as crossed:
        edit(stage, comment, "From the desk.", revision=1)
    assert (crossed.value.theirs, crossed.value.revision) == ("From the phone.", 2)
    assert said(stage, comment) == "From the phone."


def test_what_somebody_answered_stays_as_they_read_it(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.post("Indeed.", reply_to=comment)

    with pytest.raises(AnsweredMeanwhile) as crossed:
        edit(stage, comment)
    assert (crossed.value.theirs, crossed.value.revision) == ("I wonder.", 1)


def test_an_answer_that_waits_or_is_gone_holds_up_no_edit(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    held = stage.post(LINKS, reply_to=comment)
    gone = stage.post("Nonsense.", by=MALLORY, reply_to=comment)
    stage.write(delete_comment, stage.site, gone.comment_id, MALLORY, now=NOON)

    assert held.status is Status.HELD
    assert not edit(stage, comment).waits


def test_in_a_closed_thread_nothing_is_edited_but_may_be_deleted(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.write(set_thread_state, stage.site, stage.thread_id, ThreadState.CLOSED, STAFF, now=NOON)

    with pytest.raises(ThreadClosed):
        edit(stage, comment)
    assert stage.write(delete_comment, stage.site, comment, NELL, now=NOON).status is Status.DELETED


@pytest.mark.parametrize("verb", ["remove", "spam"])
def test_what_staff_took_away_is_neither_edited_nor_deleted(stage: Stage, verb: str) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.write(act, stage.site, comment, verb, STAFF, now=NOON)

    with pytest.raises(EditWindowOver):
        edit(stage, comment)
    with pytest.raises(Conflict):
        stage.write(delete_comment, stage.site, comment, NELL, now=NOON)


def test_a_held_edit_leaves_the_published_text_and_shows_its_author_both(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    before = stage.thread.version
    edited = edit(stage, comment, LINKS)

    assert edited.waits
    assert edited.status is Status.PUBLISHED
    assert (said(stage, comment), stage.thread.version) == ("I wonder.", before)
    managed = stage.read(manage, stage.site, comment, NELL, now=NOON + MINUTE)
    assert (managed.waits, managed.revision.text, managed.revision.n) == (True, LINKS, 2)


def test_staff_find_a_held_edit_and_publish_it_or_not(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    edit(stage, comment, LINKS)
    listed = stage.read(waiting, stage.site.id, after=0, most=10)
    assert [(one.id, one.reason) for one in listed] == [(comment, "links")]
    assert stage.read(get_stored, stage.site.id, comment).revision_pending == 2

    version = stage.thread.version
    rejected = stage.write(act, stage.site, comment, "reject", STAFF, now=NOON)
    assert (rejected.version, said(stage, comment)) == (version, "I wonder.")
    assert stage.read(count_waiting, stage.site.id) == 0

    edit(stage, comment, LINKS + ".", revision=1)
    approved = stage.write(act, stage.site, comment, "approve", STAFF, now=NOON)
    assert (approved.version, said(stage, comment)) == (version + 1, LINKS + ".")


def test_after_a_rejected_edit_the_next_one_has_a_number_of_its_own(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    edit(stage, comment, LINKS)
    stage.write(act, stage.site, comment, "reject", STAFF, now=NOON)

    edited = edit(stage, comment, "I see.", revision=1)

    assert (edited.revision, said(stage, comment)) == (3, "I see.")


def test_a_held_comment_is_edited_and_still_waits(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.ALL)
    comment = strict.post(by=NELL).comment_id
    easy = stage.with_rules(hold=HoldPolicy.NONE)

    edited = edit(easy, comment, "I was wrong.")

    assert (edited.waits, edited.status) == (True, Status.HELD)
    assert easy.read(drawn, easy.site.id, [comment]) == []
    easy.write(act, easy.site, comment, "approve", STAFF, now=NOON)
    assert said(easy, comment) == "I was wrong."


@pytest.mark.parametrize("verb", ["remove", "spam"])
def test_what_comes_back_comes_back_as_it_was_read(stage: Stage, verb: str) -> None:
    """An edit that waited when its comment went still waits when it comes back."""
    comment = stage.post(by=NELL).comment_id
    edit(stage, comment, LINKS)
    stage.write(act, stage.site, comment, verb, STAFF, now=NOON)
    stage.write(act, stage.site, comment, "approve", STAFF, now=NOON)

    assert said(stage, comment) == "I wonder."
    assert stage.read(count_waiting, stage.site.id) == 1


def test_an_edit_is_judged_as_a_new_comment_would_be(stage: Stage) -> None:
    """Four harmless comments become the same advertisement: the fourth waits."""
    advertisement = "Cheap watches, the best there are, every day of the year, at a shop you know."
    waits = []
    for number in range(4):
        by = reader(f"seller {number}")
        comment = stage.post(f"Lovely {number}.", by=by).comment_id
        waits.append(edit(stage, comment, advertisement, by=by).waits)

    assert waits == [False, False, False, True]


def test_edits_have_a_limit_and_a_refused_one_costs_nothing(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    for number in range(10):
        with pytest.raises(CommentChanged):
            edit(stage, comment, "From nowhere.", revision=number)
        edit(stage, comment, f"Version {number}.", revision=number + 1)

    with pytest.raises(TooMany) as refusal:
        edit(stage, comment, "Once more.", revision=11)
    assert 0 < refusal.value.retry_after <= 60


def test_a_deleted_comment_is_gone_at_once_and_comes_back_for_a_minute(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    gone = stage.write(delete_comment, stage.site, comment, NELL, now=NOON)
    assert gone.undo_until == NOON + MINUTE
    assert stage.read(drawn, stage.site.id, [comment]) == []

    back = stage.write(undo_delete, stage.site, comment, NELL, now=NOON + MINUTE - timedelta(milliseconds=1))
    assert (back.status, said(stage, comment)) == (Status.PUBLISHED, "I wonder.")

    stage.write(delete_comment, stage.site, comment, NELL, now=NOON)
    with pytest.raises(UndoOver):
        stage.write(undo_delete, stage.site, comment, NELL, now=NOON + MINUTE)


def test_a_held_comment_that_comes_back_still_waits(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.ALL)
    comment = strict.post(by=NELL).comment_id
    strict.write(delete_comment, strict.site, comment, NELL, now=NOON)

    assert strict.write(undo_delete, strict.site, comment, NELL, now=NOON).status is Status.HELD


@pytest.mark.parametrize(
    ("who", "why"), [(lambda stage: MALLORY, NoComment), (lambda stage: stage.alice, NotYours)]
)
def test_nobody_else_brings_a_comment_back(
    stage: Stage, who: Callable[[Stage], Caller], why: type[Refusal]
) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.write(delete_comment, stage.site, comment, NELL, now=NOON)

    with pytest.raises(why):
        stage.write(undo_delete, stage.site, comment, who(stage), now=NOON)
    with pytest.raises(Conflict):
        stage.write(act, stage.site, comment, "approve", STAFF, now=NOON)


def test_when_the_minute_is_over_every_text_is_erased(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    edit(stage, comment, "Second thoughts.")
    edit(stage, comment, LINKS, revision=2)
    stage.write(delete_comment, stage.site, comment, NELL, now=NOON)

    work_off(stage, NOON + MINUTE - SECOND)
    assert len(set(stage.read(kept_texts, comment))) == 3
    work_off(stage, NOON + MINUTE)
    assert stage.read(kept_texts, comment) == [("", "", "", None)] * 3


def test_what_came_back_is_not_erased(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.write(delete_comment, stage.site, comment, NELL, now=NOON)
    stage.write(undo_delete, stage.site, comment, NELL, now=NOON + SECOND)

    work_off(stage, NOON + DAY)
    assert said(stage, comment) == "I wonder."


def test_what_was_deleted_twice_is_erased_when_the_second_minute_is_over(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.write(delete_comment, stage.site, comment, NELL, now=NOON)
    stage.write(undo_delete, stage.site, comment, NELL, now=NOON + 30 * SECOND)
    stage.write(delete_comment, stage.site, comment, NELL, now=NOON + 40 * SECOND)

    work_off(stage, NOON + MINUTE)
    stage.write(undo_delete, stage.site, comment, NELL, now=NOON + 70 * SECOND)
    assert said(stage, comment) == "I wonder."

    stage.write(delete_comment, stage.site, comment, NELL, now=NOON + 80 * SECOND)
    work_off(stage, NOON + 140 * SECOND)
    assert stage.read(kept_texts, comment) == [("", "", "", None)]


def test_one_may_delete_what_one_wrote_under_an_article_that_is_gone(stage: Stage) -> None:
    comment = stage.post(by=NELL).comment_id
    stage.write(withdraw_article, stage.site.id, stage.article_id)

    assert stage.write(delete_comment, stage.site, comment, NELL, now=NOON).status is Status.DELETED
    with pytest.raises(NotFound):
        edit(stage, comment)


def test_who_was_called_spam_may_do_what_one_may_whose_comment_waits(stage: Stage) -> None:
    held = stage.with_rules(hold=HoldPolicy.ALL)
    waiting_one = held.post("One.", by=NELL)
    caught = stage.post("Two.", by=NELL, trap_filled=True, now=NOON + SECOND)
    can = [
        stage.read(manage, stage.site, each.comment_id, NELL, now=NOON).can for each in (waiting_one, caught)
    ]
    assert can[0] == can[1] == {"edit", "delete"}

    edit(stage, caught.comment_id)
    assert stage.read(get_stored, stage.site.id, caught.comment_id).status is Status.SPAM


def test_what_was_caught_is_not_published_by_deleting_it_and_bringing_it_back(stage: Stage) -> None:
    comment = stage.post(by=NELL, trap_filled=True).comment_id
    stage.write(delete_comment, stage.site, comment, NELL, now=NOON)
    assert stage.write(undo_delete, stage.site, comment, NELL, now=NOON).status is Status.HELD
    assert stage.read(drawn, stage.site.id, [comment]) == []


def test_an_author_is_told_that_spam_waits_and_staff_what_it_is(stage: Stage) -> None:
    comment = stage.post(by=NELL, trap_filled=True)
    assert comment.status is Status.SPAM

    assert stage.read(manage, stage.site, comment.comment_id, NELL, now=NOON).status is Status.HELD
    assert stage.read(manage, stage.site, comment.comment_id, stage.bob, now=NOON).status is Status.SPAM
    assert stage.read(get_stored, stage.site.id, comment.comment_id).status is Status.SPAM
    assert stage.read(waiting, stage.site.id, after=0, most=10) == []
