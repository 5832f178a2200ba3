"""What guests left with an address is found again by who proves it, and by nobody else; the rest loses the address."""

from dataclasses import replace
from datetime import datetime

import pytest

from cast import (
    DAY,
    MINUTE,
    NELL,
    NOON,
    SECOND,
    Stage,
    add_thread,
    all_at_once,
    draft_of,
    nobody,
    post,
    reader,
)
from rejoinder.accounts.models import Account, Browser, Caller, Person, Signature
from rejoinder.accounts.naming import hold_name, rename
from rejoinder.accounts.queries.left import has_left
from rejoinder.accounts.queries.staff import insert_member, set_email
from rejoinder.accounts.sessions import open_session, person_of
from rejoinder.articles.withdraw import withdraw_article
from rejoinder.comments.claim import Answer, Offer, offer_left, take_left
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.draft import write_text
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.errors import NotYours
from rejoinder.comments.models import Comment, Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.own import manage, own_of_thread
from rejoinder.comments.queries.reading import drawn
from rejoinder.comments.queries.writing import get_stored
from rejoinder.comments.states import Verb
from rejoinder.db import Tx, new_id
from rejoinder.text.names import check_name
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.errors import OwnComment
from rejoinder.votes.models import Value

ADDRESS = "nell@mail.example"
STAFF = Actor(None, "a test")
PHONE = reader("Nell's phone")


def leave(
    stage: Stage,
    text: str,
    by: Caller | None = None,
    *,
    email: str | None = ADDRESS,
    name: str = "Nelly",
    now: datetime = NOON,
) -> int:
    """A guest's comment with an address."""
    draft = draft_of(stage.site, text, thread=stage.thread_id, name=name)
    draft = replace(draft, signature=replace(draft.signature, email=email))
    return stage.write(post, stage.site, draft, by, now=now).comment_id


def join(stage: Stage, by: Caller | None = None, email: str = ADDRESS, name: str = "Nell") -> Caller:
    """A new member who proved an address, signed in on that browser."""

    def make(tx: Tx) -> Person:
        signature = Signature(name, name.casefold(), email)
        account = insert_member(tx, new_id(), stage.site.id, signature, email_key=email.lower(), now=NOON)
        assert isinstance(account, Account)
        hold_name(tx, account)
        browser = Browser(visitor=by.token_hash if by else None, network=b"n")
        token = open_session(tx, stage.site.id, account.id, browser, now=NOON)
        person = person_of(tx, stage.site.id, token, now=NOON)
        assert isinstance(person, Person)
        return person

    return replace(by or Caller(None, b"n"), person=stage.write(make))


def offered(stage: Stage, by: Caller) -> Offer:
    return stage.read(offer_left, stage.site.id, by.person)


def take(stage: Stage, by: Caller, *chosen: int, offer: Offer | None = None, older_too: bool = False) -> int:
    seen = offer or offered(stage, by)
    answer = Answer(chosen, seen.oldest, seen.newest, older_too)
    return stage.write(take_left, stage.site.id, by.person, answer, now=NOON + MINUTE)


def look(stage: Stage, *ids: int) -> list[Comment]:
    found = {comment.id: comment for comment in stage.read(drawn, stage.site.id, ids)}
    return [found[id_] for id_ in ids if id_ in found]


def names(stage: Stage, *ids: int) -> list[str | None]:
    return [comment.author_name for comment in look(stage, *ids)]


def addresses(stage: Stage) -> int:
    return stage.read(lambda tx: tx.value("SELECT count(*) FROM authors WHERE email IS NOT NULL"))  # type: ignore[no-any-return]


def test_who_proves_an_address_is_offered_what_was_left_with_it_and_theirs_is_ticked(stage: Stage) -> None:
    here, there = leave(stage, "Here.", NELL), leave(stage, "There.", PHONE, email="Nell@mail.example")
    alone = leave(stage, "Without a cookie.", nobody("cafe"))
    leave(stage, "Another address.", NELL, email="else@mail.example")
    leave(stage, "No address.", NELL, email=None)
    nell = join(stage, NELL)

    offer = offered(stage, nell)
    assert [(left.id, left.is_mine, left.author_name) for left in offer.comments] == [
        (alone, False, "Nelly"),
        (there, False, "Nelly"),
        (here, True, "Nelly"),
    ]
    assert (offer.comments[-1].html, offer.comments[-1].title, offer.comments[-1].url) == (
        "<p>Here.</p>",
        "Lamp",
        "/articles/lamp",
    )
    assert stage.read(has_left, nell.person and nell.person.account_id)


def test_what_is_taken_bears_the_name_and_is_ones_own_and_the_rest_loses_the_address(stage: Stage) -> None:
    mine, also, not_mine = (
        leave(stage, f"Word {n}", by) for n, by in enumerate((NELL, PHONE, reader("Mallory")))
    )
    nell = join(stage, NELL)
    version = stage.thread.version

    assert take(stage, nell, mine, also) == 2
    assert names(stage, mine, also, not_mine) == ["Nell", "Nell", "Nelly"]
    assert stage.thread.version == version + 1
    assert addresses(stage) == 0
    assert offered(stage, nell) == Offer((), 0)
    assert not stage.read(has_left, nell.person and nell.person.account_id)
    on_tablet = replace(nell, token_hash=None)
    assert {
        own.comment.author_name
        for own in stage.read(own_of_thread, stage.site, stage.thread, on_tablet, now=NOON)
    } == {"Nell"}
    with pytest.raises(NotYours):  # the phone is nobody's, and the comment is somebody's now
        stage.write(delete_comment, stage.site, also, PHONE, now=NOON + MINUTE)
    stage.write(delete_comment, stage.site, also, on_tablet, now=NOON + MINUTE)
    with pytest.raises(NotYours):
        stage.write(delete_comment, stage.site, not_mine, nell, now=NOON + MINUTE)


def test_a_reply_says_whom_it_answers_by_the_new_name(stage: Stage) -> None:
    said = leave(stage, "First.", NELL)
    answer = stage.post("No.", reply_to=said).comment_id
    nell = join(stage, NELL)
    take(stage, nell, said)
    assert look(stage, answer)[0].parent_name == "Nell"


def test_of_one_signature_some_may_be_ones_own_and_some_not(stage: Stage) -> None:
    one, two = leave(stage, "One.", NELL), leave(stage, "Two.", NELL)
    nell = join(stage, NELL)
    take(stage, nell, two)
    assert names(stage, one, two) == ["Nelly", "Nell"]
    assert addresses(stage) == 0


def test_nobody_takes_what_was_not_offered(stage: Stage) -> None:
    others = leave(stage, "Not hers.", email="else@mail.example")
    unsigned = leave(stage, "Nobody's.", email=None)
    mine = leave(stage, "Hers.", NELL)
    nell = join(stage, NELL)
    assert take(stage, nell, others, unsigned, mine) == 1
    assert names(stage, others, unsigned, mine) == ["Nelly", "Nelly", "Nell"]
    assert addresses(stage) == 1


def test_an_address_that_was_not_proved_finds_nothing(stage: Stage) -> None:
    """Staff's address is typed in by the operator."""
    said = leave(stage, "Hers.", NELL)
    assert stage.bob.person
    stage.write(set_email, stage.bob.person.account_id, ADDRESS, ADDRESS)
    assert offered(stage, stage.bob) == Offer((), 0)
    assert not stage.read(has_left, stage.bob.person.account_id)
    answer = Answer([said], said, said)
    assert stage.write(take_left, stage.site.id, stage.bob.person, answer, now=NOON) == 0
    assert addresses(stage) == 1


def test_what_was_written_on_another_members_browser_is_theirs(stage: Stage) -> None:
    """They gave another's address, and that other one finds nothing; the address is erased all the same."""
    said = leave(stage, "Bea's, with Nell's address.", PHONE)
    bea, nell = join(stage, PHONE, "bea@mail.example", "Bea"), join(stage, NELL)
    assert offered(stage, nell).comments == ()
    leave(stage, "Nell's.", NELL)
    assert take(stage, nell, said) == 0
    assert addresses(stage) == 0
    assert [own.comment.id for own in stage.read(own_of_thread, stage.site, stage.thread, bea, now=NOON)] == [
        said
    ]


def test_reading_the_offer_changes_nothing(stage: Stage) -> None:
    leave(stage, "Hers.", NELL)
    nell = join(stage, NELL)
    before = stage.read(_rows)
    for _ in range(2):
        assert offered(stage, nell).comments
    assert stage.read(_rows) == before


def _rows(tx: Tx) -> list[object]:
    return [
        tx._connection.rows(f"SELECT * FROM {table} ORDER BY id", {})[1]
        for table in ("authors", "comments", "threads", "visitors", "accounts")
    ]


def test_saying_it_twice_changes_nothing(stage: Stage) -> None:
    said = leave(stage, "Hers.", NELL)
    nell = join(stage, NELL)
    offer = offered(stage, nell)
    assert take(stage, nell, said, offer=offer) == 1
    before = stage.read(_rows)
    assert take(stage, nell, said, offer=offer) == 0
    assert stage.read(_rows) == before


def test_of_ten_browsers_that_say_it_at_once_one_takes(stage: Stage) -> None:
    said = [leave(stage, f"Word {number}", reader(f"browser {number}")) for number in range(8)]
    nell = join(stage, NELL)
    offer, version = offered(stage, nell), stage.thread.version
    answers = all_at_once(10, lambda _: take(stage, nell, *said, offer=offer))
    assert sorted(answers) == [0] * 9 + [8]  # type: ignore[type-var]
    assert set(names(stage, *said)) == {"Nell"}
    assert stage.thread.version == version + 1


def test_a_guest_who_writes_on_while_it_is_said_keeps_writing(stage: Stage) -> None:
    """With the signature that is taken away at this moment."""
    said = leave(stage, "First.", PHONE)
    nell = join(stage, NELL)
    offer = offered(stage, nell)

    def act_(number: int) -> int:
        if number == 0:
            return take(stage, nell, said, offer=offer)
        return leave(stage, f"Then {number}.", PHONE, now=NOON + number * MINUTE)

    answers = all_at_once(5, act_)
    assert all(isinstance(answer, int) for answer in answers), answers
    assert names(stage, said) == ["Nell"]


def test_what_comes_after_the_offer_is_offered_another_time(stage: Stage) -> None:
    mine = leave(stage, "Hers.", NELL)
    nell = join(stage, NELL)
    offer = offered(stage, nell)
    later = leave(stage, "Somebody's, meanwhile.", PHONE)
    assert take(stage, nell, mine, later, offer=offer) == 1
    assert names(stage, mine, later) == ["Nell", "Nelly"]
    assert [left.id for left in offered(stage, nell).comments] == [later]


def test_all_that_is_older_is_taken_or_left_together(stage: Stage) -> None:
    old = [
        leave(stage, f"Word {number}", reader(f"browser {number}"), now=NOON + number * DAY)
        for number in range(60)
    ]
    nell = join(stage, NELL)
    offer = offered(stage, nell)
    assert (len(offer.comments), offer.older, offer.newest, offer.oldest) == (50, 10, old[-1], old[10])
    assert take(stage, nell, old[20], old[5], older_too=True) == 11
    assert names(stage, *old) == ["Nell"] * 10 + ["Nelly"] * 10 + ["Nell"] + ["Nelly"] * 39
    assert addresses(stage) == 0


def test_what_waits_or_was_kept_back_is_offered_and_stays_where_it_stands(stage: Stage) -> None:
    """As its author sees it, who is told of spam that it waits; what they deleted is not asked about again."""
    links = " ".join(f"https://example.net/{number}" for number in range(5))
    held, spam, removed, deleted = (
        leave(stage, f"{word} {links if word == 'held' else ''}", NELL)
        for word in ("held", "spam", "removed", "deleted")
    )
    stage.write(act, stage.site, spam, Verb.SPAM, STAFF, now=NOON)
    stage.write(act, stage.site, removed, Verb.REMOVE, STAFF, now=NOON)
    stage.write(delete_comment, stage.site, deleted, NELL, now=NOON)
    nell = join(stage, PHONE)
    assert [left.id for left in offered(stage, nell).comments] == [removed, spam, held]
    version = stage.thread.version
    assert take(stage, nell, held, spam, removed) == 3
    assert stage.thread.version == version  # readers see nothing of it
    for comment_id, status in ((held, Status.HELD), (spam, Status.SPAM), (removed, Status.REMOVED)):
        assert stage.read(get_stored, stage.site.id, comment_id).status is status
        managed = stage.read(manage, stage.site, comment_id, replace(nell, token_hash=None), now=NOON)
        assert (managed.status, managed.comment.author_name) == (status.told, "Nell")
    assert addresses(stage) == 0


def test_a_comment_on_an_article_that_is_gone_can_be_taken_without_its_title(stage: Stage) -> None:
    said = leave(stage, "Hers.", NELL)
    nell = join(stage, NELL)
    stage.write(withdraw_article, stage.site.id, stage.article_id)
    (left,) = offered(stage, nell).comments
    assert (left.html, left.title, left.url) == ("<p>Hers.</p>", None, None)
    assert take(stage, nell, said) == 1


def test_a_vote_for_what_turns_out_to_be_ones_own_is_lost(stage: Stage) -> None:
    said = leave(stage, "Vote for this.", PHONE)
    nell = join(stage, NELL)
    stage.write(cast_vote, stage.site, said, Value.UP, nell, now=NOON)
    stage.write(cast_vote, stage.site, said, Value.UP, reader("Ann"), now=NOON)
    assert look(stage, said)[0].up == 2
    take(stage, nell, said)
    assert look(stage, said)[0].up == 1
    with pytest.raises(OwnComment):
        stage.write(cast_vote, stage.site, said, Value.UP, nell, now=NOON + MINUTE)


def test_what_is_taken_can_be_edited_while_its_minutes_last(stage: Stage) -> None:
    said = leave(stage, "Hrs.", PHONE)
    nell = join(stage, NELL)
    take(stage, nell, said)
    written = write_text("Hers.", stage.site.rules)
    stage.write(edit_comment, stage.site, said, written, nell, revision=1, now=NOON + MINUTE)
    assert (look(stage, said)[0].author_name, look(stage, said)[0].html) == ("Nell", "<p>Hers.</p>")


def test_an_earlier_signature_that_signs_nothing_is_forgotten(stage: Stage) -> None:
    """Neither name nor address of it stays behind."""
    said = leave(stage, "Hers.", NELL, name="Her full name")
    leave_alone = leave(stage, "Not hers.", PHONE, name="Somebody")
    nell = join(stage, NELL)
    take(stage, nell, said)
    left = stage.read(
        lambda tx: [row[0] for row in tx._connection.rows("SELECT name FROM authors ORDER BY name", {})[1]]
    )
    assert left == ["Nell", "Somebody"]
    assert names(stage, leave_alone) == ["Somebody"]


def test_a_member_who_changes_their_name_bears_it_everywhere(stage: Stage) -> None:
    said = leave(stage, "As a guest.", PHONE)
    nell = join(stage, NELL)
    take(stage, nell, said)
    other = stage.write(add_thread, stage.site, "other")
    signed = stage.post("Signed.", by=nell, thread=other.id).comment_id
    answer = stage.post("No.", reply_to=said).comment_id
    version, person = stage.thread.version, nell.person
    assert person
    stage.write(rename, stage.site.id, person, check_name("Nora"), network=b"n", now=NOON)
    assert names(stage, said, signed) == ["Nora", "Nora"]
    assert look(stage, answer)[0].parent_name == "Nora"
    assert stage.thread.version == version + 1
    again = stage.post(
        "Again.", by=replace(nell, person=replace(person, name="Nora")), now=NOON + SECOND
    ).comment_id
    assert names(stage, again) == ["Nora"]
