"""May a draft appear? Every reason, which comes first, and what a sender's past says for it."""

from dataclasses import replace

import pytest

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
    set_site,
    stranger,
)
from rejoinder.articles.models import Discussion
from rejoinder.comments.errors import TooManyWaiting
from rejoinder.comments.models import Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.queries.deciding import waiting
from rejoinder.comments.queries.writing import get_revision
from rejoinder.screening.fingerprint import fingerprint
from rejoinder.screening.jobs import forget_fingerprints
from rejoinder.screening.judge import Facts, Outcome, Reason, Verdict, screen
from rejoinder.sites.models import HoldPolicy, Rules

STAFF = Actor(None, "a test")
RULES = Rules()
PLAIN = Facts(
    is_staff=False,
    trap_filled=False,
    typing_time=None,
    links=0,
    repeats=0,
    has_published=False,
    waiting=0,
    article_holds=False,
)
LONG = "It was the best of lamps, it was the worst of lamps, and nobody had lit it."

HELD = [
    (replace(PLAIN, article_holds=True), RULES, Reason.ARTICLE),
    (PLAIN, Rules(hold=HoldPolicy.ALL), Reason.EVERYONE),
    (replace(PLAIN, has_published=True), Rules(hold=HoldPolicy.ALL), Reason.EVERYONE),
    (PLAIN, Rules(hold=HoldPolicy.NEWCOMERS), Reason.NEWCOMER),
    (replace(PLAIN, typing_time=1.999 * SECOND), RULES, Reason.QUICK),
    (replace(PLAIN, typing_time=-SECOND), RULES, Reason.QUICK),
    (replace(PLAIN, links=3), RULES, Reason.LINKS),
    (replace(PLAIN, links=1), Rules(held_links=0), Reason.LINKS),
    (replace(PLAIN, repeats=3), RULES, Reason.REPEATED),
]
FINE = [
    (PLAIN, RULES),
    (replace(PLAIN, has_published=True), Rules(hold=HoldPolicy.NEWCOMERS)),
    (replace(PLAIN, typing_time=2 * SECOND), RULES),
    (replace(PLAIN, typing_time=None), RULES),
    (replace(PLAIN, links=2), RULES),
    (replace(PLAIN, repeats=2), RULES),
    (replace(PLAIN, waiting=2), RULES),
    (replace(PLAIN, waiting=99, has_published=True), RULES),
]


@pytest.mark.parametrize(("facts", "rules", "reason"), HELD)
def test_what_waits_says_why(facts: Facts, rules: Rules, reason: Reason) -> None:
    assert screen(facts, rules) == Verdict(Outcome.HOLD, reason)


@pytest.mark.parametrize(("facts", "rules"), FINE)
def test_what_has_no_reason_to_wait_appears(facts: Facts, rules: Rules) -> None:
    assert screen(facts, rules) == Verdict(Outcome.PUBLISH)


@pytest.mark.parametrize(("facts", "rules", "reason"), HELD)
def test_staff_never_wait_and_the_trap_catches_everybody_else(
    facts: Facts, rules: Rules, reason: Reason
) -> None:
    trapped = replace(facts, trap_filled=True)
    assert screen(trapped, rules) == Verdict(Outcome.SPAM, Reason.TRAP)
    assert screen(replace(trapped, is_staff=True), rules) == Verdict(Outcome.PUBLISH)


def test_a_newcomer_with_three_comments_waiting_waits_too(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.ALL)
    waiting_for = [strict.post(f"Please {number}.", by=NELL).comment_id for number in range(3)]
    with pytest.raises(TooManyWaiting) as refusal:
        strict.post("Please!", by=NELL)
    assert refusal.value.retry_after > 0
    assert strict.post("Me first.", by=stranger())

    strict.write(act, strict.site, waiting_for[0], "approve", STAFF, now=NOON)
    assert strict.post("Now?", by=NELL, now=NOON + MINUTE).status is Status.HELD


def test_newcomers_wait_until_one_of_theirs_was_published(stage: Stage) -> None:
    strict = stage.with_rules(hold=HoldPolicy.NEWCOMERS)
    first = strict.post(by=NELL)
    assert first.status is Status.HELD
    assert strict.post("Still new.", by=NELL, now=NOON + MINUTE).status is Status.HELD

    strict.write(act, strict.site, first.comment_id, "approve", STAFF, now=NOON)
    assert strict.post("Known.", by=NELL, name="Nelly", now=NOON + 2 * MINUTE).status is Status.PUBLISHED
    assert strict.post("Who am I?", by=nobody("Nell"), now=NOON + 2 * MINUTE).status is Status.HELD

    strict.write(act, strict.site, first.comment_id, "remove", STAFF, now=NOON)
    later = strict.post("Known still.", by=NELL, now=NOON + 3 * MINUTE)
    assert later.status is Status.PUBLISHED


def test_an_article_that_holds_comments_holds_them_all_but_those_of_staff(stage: Stage) -> None:

    thread = stage.write(add_thread, stage.site, "delicate", discussion=Discussion.HELD)
    assert stage.post(thread=thread.id).status is Status.HELD
    assert stage.post("Mine.", thread=thread.id, by=stage.bob).status is Status.PUBLISHED


def test_the_same_text_for_the_fourth_time_in_a_day_waits_whoever_sends_it(stage: Stage) -> None:
    variants = [LONG, LONG.upper(), LONG.replace(",", " -"), LONG + " 100 %!", LONG]
    now = [NOON + number * HOUR for number in range(4)]
    statuses = [
        stage.post(text, by=stranger(), now=at).status for text, at in zip(variants, now, strict=False)
    ]
    assert statuses == [Status.PUBLISHED] * 3 + [Status.HELD]

    listed = stage.read(waiting, stage.site.id, after=0, most=9)
    assert [one.reason for one in listed] == ["repeated"]
    assert stage.post(LONG, by=stranger(), now=NOON + DAY + 4 * HOUR).status is Status.PUBLISHED


def test_everybody_may_say_thank_you(stage: Stage) -> None:
    assert {stage.post("Thank you!", by=stranger()).status for _ in range(6)} == {Status.PUBLISHED}


def test_what_was_written_in_another_script_is_known_again_too() -> None:
    arabic = "كانت أفضل المصابيح وكانت أسوأ المصابيح ولم يشعلها أحد في تلك الليلة الطويلة"
    assert fingerprint(arabic).is_long
    assert fingerprint(arabic).near == fingerprint(arabic.replace(" ", "، ")).near
    assert fingerprint("😀 🎉").near != fingerprint("😀 🎊").near
    assert fingerprint("A.").exact != fingerprint("a.").exact


def test_what_a_moderator_reads_is_the_reason_of_the_verdict(stage: Stage) -> None:
    trapped = stage.post("Buy!", by=MALLORY, trap_filled=True).comment_id
    quick = stage.post("First!", by=MALLORY, typing_time=SECOND).comment_id
    fine = stage.post("Slowly.", by=MALLORY, typing_time=MINUTE).comment_id

    reasons = [stage.read(get_revision, id_, 1).reason for id_ in (trapped, quick, fine)]
    assert reasons == ["trap", "quick", None]


def test_fingerprints_are_forgotten_after_a_day(stage: Stage) -> None:
    now = stage.read(lambda tx: tx.now)
    stage.post("Old.", now=now - DAY - MINUTE)
    stage.post("Young.", now=now - DAY + MINUTE)
    assert stage.write(forget_fingerprints) == 1


def test_rules_of_a_site_take_effect_with_the_next_comment(stage: Stage) -> None:
    assert stage.post(by=reader("one")).status is Status.PUBLISHED
    changed = replace(stage, site=stage.write(set_site, hold="all"))
    assert changed.post(by=reader("two")).status is Status.HELD
