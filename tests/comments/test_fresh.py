"""What a post is answered with from memory is what the tables hold."""

from datetime import timedelta

from cast import NELL, NOON, SECOND, Stage, reader
from rejoinder.accounts.models import Caller
from rejoinder.comments.own import manage, manage_fresh
from rejoinder.comments.post import Posted
from rejoinder.comments.queries.writing import get_stored
from rejoinder.sites.models import HoldPolicy

LATER = NOON + timedelta(seconds=1, microseconds=123_456)  # a clock is finer than the tables


def assert_as_stored(stage: Stage, posted: Posted, caller: Caller) -> None:
    """The records made from memory are those that are read."""
    fresh = posted.fresh
    assert fresh is not None
    assert fresh.stored == stage.read(get_stored, stage.site.id, posted.comment_id)
    again = stage.read(manage, stage.site, posted.comment_id, caller, now=LATER)
    anew = manage_fresh(stage.site, fresh, caller, now=LATER)
    assert (anew.comment, anew.revision) == (again.comment, again.revision)
    assert (anew.status, anew.waits, anew.can) == (again.status, again.waits, again.can)
    assert (anew.edit_until, anew.undo_until) == (again.edit_until, again.undo_until)


def test_a_new_comment_is_as_it_is_stored(stage: Stage) -> None:
    posted = stage.post("Who *wrote* this?", by=NELL, now=LATER)

    assert_as_stored(stage, posted, NELL)


def test_so_is_a_reply_at_any_depth(stage: Stage) -> None:
    above = stage.post("Who wrote this?", by=NELL, now=LATER)
    for number in range(8):
        omar = reader(f"Omar {number}")
        reply = stage.post(
            f"I did {'so' * number}.", by=omar, name="Omar", reply_to=above.comment_id, now=LATER
        )
        assert_as_stored(stage, reply, omar)
        above = reply


def test_so_is_one_by_staff(stage: Stage) -> None:
    assert_as_stored(stage, stage.post("Calm, please.", by=stage.bob, name="Bob", now=LATER), stage.bob)


def test_so_is_one_that_waits_or_is_kept_back(stage: Stage) -> None:
    trapped = stage.post("Buy!", by=reader("Mallory"), trap_filled=True, now=LATER)
    assert_as_stored(stage, trapped, reader("Mallory"))

    held = stage.with_rules(hold=HoldPolicy.ALL)
    assert_as_stored(held, held.post("Hello?", by=NELL, now=LATER + SECOND), NELL)


def test_what_was_posted_before_is_not_made_anew(stage: Stage) -> None:
    stage.post("Twice.", by=NELL, now=LATER)

    assert stage.post("Twice.", by=NELL, now=LATER + SECOND).fresh is None
