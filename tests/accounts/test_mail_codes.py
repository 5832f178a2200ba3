"""A code by mail signs in once, on the browser that asked for it, and asking tells nobody who is known here."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from secrets import token_bytes

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
    all_at_once,
    network_hash,
    reader,
    stranger,
)
from comments.spy import statements_of
from rejoinder.accounts.errors import CodeSpent, EmailTaken, NameIsReaders, NameTaken
from rejoinder.accounts.jobs import MAIL_CODE, forget_expired, mail_code
from rejoinder.accounts.mail_codes import (
    CODE_LASTS,
    MOST_TRIES,
    MOST_WAITING,
    Entered,
    NameWanted,
    Tried,
    Wanted,
    Wrong,
    become_member,
    read_digits,
    try_code,
    want_code,
)
from rejoinder.accounts.models import Browser, Caller, MailCode, Person, Role, Signature
from rejoinder.accounts.queries.mail_codes import code_of
from rejoinder.accounts.queries.staff import find_account_at
from rejoinder.accounts.roles import grant_role
from rejoinder.accounts.sessions import person_of, sign_out
from rejoinder.accounts.sign_in import admit, sign_in
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.errors import NotYours
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.own import own_of_thread
from rejoinder.comments.queries.reading import drawn
from rejoinder.comments.states import Verb
from rejoinder.db import Tx
from rejoinder.errors import NotFound, TooMany, Unavailable
from rejoinder.jobs.queries import lease_jobs
from rejoinder.settings import load_settings
from rejoinder.text.addresses import mailbox
from rejoinder.text.names import check_name
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.errors import OwnComment
from rejoinder.votes.models import Value
from rejoinder.votes.slots import of_caller

ADDRESS = "Nell@mail.example"
MILLISECOND = SECOND / 1000

_secrets: dict[bytes | None, bytes] = {}
"""What each browser was given when it asked last."""


def browser_of(caller: Caller) -> Browser:
    return Browser(
        visitor=caller.token_hash,
        code=_secrets.get(caller.token_hash),
        network=caller.network,
        kind="Firefox · Linux",
    )


def ask(
    stage: Stage,
    by: Caller = NELL,
    email: str = ADDRESS,
    *,
    now: datetime = NOON,
    network: bytes | None = None,
) -> None:
    browser = replace(browser_of(by), code=token_bytes(32), network=network or by.network)
    stage.write(want_code, stage.site.id, wish(email, browser), now=now)
    _secrets[by.token_hash] = browser.code


def wish(email: str, browser: Browser) -> Wanted:
    return Wanted(email, "en", network_hash(mailbox(email)), browser)


def code_for(stage: Stage, by: Caller = NELL, now: datetime = NOON) -> str:
    code = stage.read(code_of, stage.site.id, browser_of(by).code, now)
    assert isinstance(code, MailCode)
    return code.code


def enter(stage: Stage, digits: str, by: Caller = NELL, *, now: datetime = NOON) -> Tried:
    return stage.write(try_code, stage.site.id, digits, browser_of(by), now=now)


def other(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06}"


def join(
    stage: Stage,
    by: Caller = NELL,
    email: str = ADDRESS,
    name: str = "Nell",
    *,
    now: datetime = NOON,
) -> Caller:
    """Sign in by a code, as somebody new where nobody is known at the address."""
    ask(stage, by, email, now=now)
    tried = enter(stage, code_for(stage, by, now), by, now=now)
    if isinstance(tried, NameWanted):
        checked = check_name(name)
        tried = stage.write(become_member, stage.site.id, checked, browser_of(by), now=now)
    assert isinstance(tried, Entered)
    return replace(by, person=who(stage, tried.token, now))


def who(stage: Stage, token: str, now: datetime = NOON) -> Person:
    person = stage.read(person_of, stage.site.id, token, now=now)
    assert isinstance(person, Person)
    return person


def test_somebody_new_is_asked_for_a_name_and_is_known_the_next_time(stage: Stage) -> None:
    first = join(stage)
    again = join(stage, reader("Nell's phone"), ADDRESS.lower(), now=NOON + HOUR)

    assert first.person and again.person
    assert (first.person.name, first.person.roles) == ("Nell", frozenset())
    assert again.person.account_id == first.person.account_id
    assert not first.may_moderate and first.staff is None


def test_a_code_is_good_once_and_on_its_browser_only(stage: Stage) -> None:
    join(stage)
    ask(stage)
    digits = code_for(stage)
    with pytest.raises(CodeSpent):
        enter(stage, digits, reader("Mallory"))
    assert isinstance(enter(stage, digits), Entered)
    with pytest.raises(CodeSpent):
        enter(stage, digits)


def test_a_code_is_good_on_its_site_only(stage: Stage) -> None:
    ask(stage)
    with pytest.raises(CodeSpent):
        stage.write(try_code, stage.site.id + 1, code_for(stage), browser_of(NELL), now=NOON)


def test_a_code_is_good_for_ten_minutes(stage: Stage) -> None:
    ask(stage)
    digits = code_for(stage)
    with pytest.raises(CodeSpent):
        enter(stage, digits, now=NOON + CODE_LASTS)
    assert isinstance(enter(stage, digits, now=NOON + CODE_LASTS - MILLISECOND), NameWanted)


def test_after_five_wrong_tries_not_even_the_code_opens(stage: Stage) -> None:
    ask(stage)
    digits = code_for(stage)
    assert [enter(stage, other(digits)) for _ in range(MOST_TRIES)] == [Wrong(n) for n in (4, 3, 2, 1, 0)]
    for tried in (digits, other(digits)):
        with pytest.raises(CodeSpent):
            enter(stage, tried)


def test_of_forty_wrong_tries_at_once_five_are_looked_at(stage: Stage) -> None:
    ask(stage)
    wrong = other(code_for(stage))
    answers = all_at_once(40, lambda _: enter(stage, wrong))

    assert sum(isinstance(answer, Wrong) for answer in answers) == MOST_TRIES
    assert sum(isinstance(answer, CodeSpent) for answer in answers) == 40 - MOST_TRIES


def test_of_five_who_enter_one_code_at_once_one_comes_in(stage: Stage) -> None:
    join(stage)
    ask(stage)
    digits = code_for(stage)
    answers = all_at_once(5, lambda _: enter(stage, digits))

    assert sum(isinstance(answer, Entered) for answer in answers) == 1


def test_no_name_is_given_without_the_code(stage: Stage) -> None:
    ask(stage)
    for by in (NELL, reader("Mallory"), Caller(None, b"n" * 16)):
        with pytest.raises(CodeSpent):
            stage.write(become_member, stage.site.id, check_name("Nell"), browser_of(by), now=NOON)


def test_another_code_takes_the_place_of_the_first(stage: Stage) -> None:
    ask(stage)
    first = code_for(stage)
    ask(stage, email="bea@mail.example")
    if code_for(stage) != first:
        assert isinstance(enter(stage, first), Wrong)
    enter(stage, code_for(stage))
    stage.write(become_member, stage.site.id, check_name("Bea"), browser_of(NELL), now=NOON)
    assert stage.read(find_account_at, stage.site.id, "bea@mail.example")
    assert stage.read(find_account_at, stage.site.id, "nell@mail.example") is None


def test_asking_does_the_same_whoever_the_address_belongs_to(stage: Stage) -> None:
    """D27: not one statement more or less, and none that looks for anybody but this browser's own person."""
    join(stage, reader("Ann"), "ann@mail.example", "Ann")
    stage.write(admit, stage.site.id, Signature("Bob", "bob", "bob@mail.example"), Role.MODERATOR, now=NOON)

    def asked(tx: Tx, email: str, by: Caller) -> list[str]:
        wanted = wish(email, replace(browser_of(by), code=token_bytes(32)))
        return [sql for sql, _ in statements_of(tx, want_code, stage.site.id, wanted, now=NOON)]

    addresses = ("ann@mail.example", "bob@mail.example", "nobody@mail.example")
    ways = [stage.write(asked, email, stranger()) for email in addresses]
    assert ways[0] == ways[1] == ways[2]
    assert all("v.token_hash = " in sql for sql in ways[0] if "accounts" in sql)


def refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except TooMany:
        return True
    return False


SPELLINGS = ("nell@gmail.com", "N.E.L.L@gmail.com", "nell+one@gmail.com", "ne.ll+2@GoogleMail.com")


def asks(stage: Stage, start: datetime, times: int, by: Caller | None = None) -> int:
    """How many of so many wishes for one mailbox, a minute apart and each spelled in another way, were granted."""
    return sum(
        not refused(
            lambda n=n: ask(stage, by or stranger(), SPELLINGS[n % 4], now=start + n * MINUTE)  # type: ignore[misc]
        )
        for n in range(times)
    )


def test_strangers_have_three_codes_a_day_sent_to_a_mailbox_and_six_a_month(stage: Stage) -> None:
    """D12: from as many networks and browsers as one likes, with dots and tags."""
    assert [asks(stage, NOON + day * DAY, 20) for day in (0, 0.9, 1.1, 3, 10, 29)] == [3, 0, 3, 0, 0, 0]
    assert asks(stage, NOON + 31.2 * DAY, 20) == 3


def test_a_code_that_was_entered_costs_its_mailbox_nothing(stage: Stage) -> None:
    for hour in range(12):
        join(stage, stranger(), SPELLINGS[0], "Nell", now=NOON + hour * HOUR)
    assert asks(stage, NOON + 12 * HOUR, 20) == 3


def test_who_proved_an_address_is_held_up_by_no_stranger(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither by the codes that were sent to it, nor where so many are asked for that no more are sent."""
    join(stage, NELL, SPELLINGS[0])
    assert asks(stage, NOON, 20) == 3
    now = NOON + 20 * MINUTE
    for n in range(MOST_WAITING):
        ask(stage, stranger(), f"reader{n}@mail.example", now=now)
    for by, email in ((stranger(), SPELLINGS[0]), (NELL, SPELLINGS[1]), (NELL, "bea@mail.example")):
        with pytest.raises((TooMany, Unavailable)):  # other spellings are not what was proved
            ask(stage, by, email, now=now)
    assert "no more are sent" in caplog.text
    ask(stage, NELL, SPELLINGS[0], now=now)
    assert isinstance(enter(stage, code_for(stage, now=now), now=now), Entered)


def test_who_proved_an_address_has_five_codes_an_hour_and_ten_a_day(stage: Stage) -> None:
    join(stage)

    def sent(start: datetime, tries: int) -> int:
        return sum(
            not refused(lambda n=n: ask(stage, now=start + n * SECOND))  # type: ignore[misc]
            for n in range(tries)
        )

    assert [sent(NOON + hours * HOUR, 20) for hours in (0, 1.1, 3, 25)] == [5, 5, 0, 5]


def test_nobody_is_let_off_a_limit_for_an_address_they_have_not_proved(stage: Stage) -> None:
    """Neither the operator's word nor a session of somebody else makes a browser the owner's."""
    link = stage.write(admit, stage.site.id, Signature("Bob", "bob", "bob@mail.example"), None, now=NOON)
    stage.write(sign_in, stage.site.id, link, browser_of(NELL), now=NOON)
    assert sum(not refused(lambda: ask(stage, NELL, "bob@mail.example")) for _ in range(9)) == 3
    join(stage, MALLORY, "mallory@mail.example", "Mallory")
    assert sum(not refused(lambda: ask(stage, MALLORY, "victim@mail.example")) for _ in range(9)) == 3


def test_no_network_asks_for_more_than_twenty_codes_an_hour(stage: Stage) -> None:
    sent = [
        not refused(
            lambda n=n: ask(stage, stranger("cafe"), f"reader{n}@mail.example", now=NOON + n * SECOND)
        )  # type: ignore[misc]
        for n in range(30)
    ]
    assert sum(sent) == 20


def test_when_codes_are_asked_for_and_never_entered_no_more_are_sent(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(MOST_WAITING):
        ask(stage, stranger(), f"reader{n}@mail.example")
    with pytest.raises(Unavailable):
        ask(stage, stranger(), "one.more@mail.example")
    assert "no more are sent" in caplog.text
    ask(stage, stranger(), "one.more@mail.example", now=NOON + CODE_LASTS)


def test_one_browser_that_asks_again_and_again_is_counted_each_time(stage: Stage) -> None:
    """Through another network each time, for another address each time, and with one of its own in between."""
    sent = 0
    for n in range(MOST_WAITING + 20):
        with suppress(Unavailable):
            ask(stage, MALLORY, f"reader{n}@mail.example", network=stranger().network)
            sent += 1
            if n == MOST_WAITING // 2:
                enter(stage, code_for(stage, MALLORY), MALLORY)
    assert sent == MOST_WAITING + 1


def test_the_later_of_two_codes_is_good_and_the_first_is_not(stage: Stage) -> None:
    """Two tabs, one browser: what was asked for last is what may be entered."""
    ask(stage)
    first = code_for(stage)
    ask(stage, now=NOON + SECOND)
    if code_for(stage) != first:
        assert isinstance(enter(stage, first), Wrong)
    assert isinstance(enter(stage, code_for(stage)), NameWanted)


def test_who_used_the_browser_before_enters_nobodys_code_and_takes_nobodys_name(stage: Stage) -> None:
    """Who knows what the browser is known by learns neither the address nor gets in."""
    ask(stage)
    planted = replace(browser_of(NELL), code=None)
    assert stage.read(code_of, stage.site.id, planted.visitor, NOON) is None
    with pytest.raises(CodeSpent):
        stage.write(try_code, stage.site.id, code_for(stage), planted, now=NOON)
    assert isinstance(enter(stage, code_for(stage)), NameWanted)
    with pytest.raises(CodeSpent):
        stage.write(become_member, stage.site.id, check_name("Mallory"), planted, now=NOON)


def test_who_becomes_a_member_on_two_browsers_at_once_is_one_member(stage: Stage) -> None:
    browsers = [stranger() for _ in range(3)]
    for by in browsers:
        ask(stage, by)
        assert isinstance(enter(stage, code_for(stage, by), by), NameWanted)

    def choose(number: int) -> object:
        name = check_name(f"Nell {number}")
        return stage.write(become_member, stage.site.id, name, browser_of(browsers[number]), now=NOON)

    answers = all_at_once(3, choose)
    people = {who(stage, answer.token).account_id for answer in answers if isinstance(answer, Entered)}
    assert len(people) == 1 and all(isinstance(answer, Entered) for answer in answers)


def test_staff_with_an_address_come_in_as_staff(stage: Stage) -> None:
    stage.write(admit, stage.site.id, Signature("Bob", "bob", ADDRESS), Role.AUTHOR, now=NOON)
    bob = join(stage)
    assert bob.person and bob.person.name == "Bob"
    assert bob.person.roles == {Role.MODERATOR, Role.AUTHOR}
    assert bob.may_moderate


@pytest.mark.parametrize("name", ["Nell", "nell", "ＮＥＬＬ", "Bob"])
def test_a_name_that_is_somebodys_is_not_given_again(stage: Stage, name: str) -> None:
    join(stage)
    with pytest.raises(NameTaken):
        join(stage, reader("Mallory"), "mallory@mail.example", name)


def test_of_ten_who_want_one_name_at_once_one_gets_it(stage: Stage) -> None:
    people = [stranger() for _ in range(10)]
    for n, by in enumerate(people):
        ask(stage, by, f"reader{n}@mail.example")
        enter(stage, code_for(stage, by), by)

    def choose(number: int) -> object:
        name = check_name("Zoë")
        return stage.write(become_member, stage.site.id, name, browser_of(people[number]), now=NOON)

    answers = all_at_once(10, choose)
    assert sum(isinstance(answer, Entered) for answer in answers) == 1
    assert sum(isinstance(answer, NameTaken) for answer in answers) == 9


def test_no_role_goes_to_a_reader_who_chose_the_name_first(stage: Stage) -> None:
    join(stage, reader("Mallory"), "mallory@mail.example", "Carol")
    carol = Signature("Carol", "carol")
    for signature in (carol, replace(carol, email="carol@mail.example")):
        with pytest.raises(NameIsReaders):
            stage.write(admit, stage.site.id, signature, Role.OWNER, now=NOON)
    with pytest.raises(NotFound):
        stage.write(admit, stage.site.id, carol, None, now=NOON)
    with pytest.raises(NotFound):
        stage.write(grant_role, stage.site.id, "carol", Role.OWNER, now=NOON)

    meant = replace(carol, email="Mallory@mail.example")
    stage.write(admit, stage.site.id, meant, Role.AUTHOR, now=NOON)
    assert join(stage, reader("Mallory"), "mallory@mail.example").staff


def test_an_address_belongs_to_one_account(stage: Stage) -> None:
    join(stage)
    with pytest.raises(EmailTaken):
        stage.write(admit, stage.site.id, Signature("Bob", "bob", ADDRESS), Role.MODERATOR, now=NOON)


def test_signing_in_again_ends_the_session_the_browser_had(stage: Stage) -> None:
    link = stage.write(admit, stage.site.id, Signature("Bob", "bob"), None, now=NOON)
    first = stage.write(sign_in, stage.site.id, link, browser_of(NELL), now=NOON)
    ask(stage)
    had = replace(browser_of(NELL), session=stage.read(_session_hash, first))
    enter(stage, code_for(stage))
    entered = stage.write(become_member, stage.site.id, check_name("Nell"), had, now=NOON)

    assert stage.read(person_of, stage.site.id, first, now=NOON) is None
    assert who(stage, entered.token).name == "Nell"


def _session_hash(tx: Tx, token: str) -> bytes:
    found: bytes = tx.value("SELECT token_hash FROM sessions")
    return bytes(found)


def test_what_a_browser_wrote_is_its_persons_wherever_they_sign_in(stage: Stage) -> None:
    said = stage.post("As a guest.", by=NELL).comment_id
    nell = join(stage)
    elsewhere = join(stage, reader("Nell's phone"), now=NOON + SECOND)

    for caller in (nell, elsewhere, NELL):
        (own,) = stage.read(own_of_thread, stage.site, stage.thread, caller, now=NOON + SECOND)
        assert own.comment.id == said
    with pytest.raises(NotYours):
        stage.write(
            delete_comment, stage.site, said, join(stage, reader("Bea"), "b@x.example", "Bea"), now=NOON
        )
    stage.write(delete_comment, stage.site, said, elsewhere, now=NOON + SECOND)


def test_a_browser_that_is_somebodys_is_not_taken_by_the_next(stage: Stage) -> None:
    said = stage.post("As a guest.", by=NELL).comment_id
    join(stage)
    join(stage, email="mallory@mail.example", name="Mallory", now=NOON + SECOND)
    mallory = join(stage, reader("Mallory"), "mallory@mail.example", now=NOON + 2 * SECOND)
    with pytest.raises(NotYours):
        stage.write(delete_comment, stage.site, said, mallory, now=NOON + 2 * SECOND)


def test_who_signs_in_on_anothers_browser_has_nothing_of_theirs(stage: Stage) -> None:
    """Nor do they get anything: not their comments, not their votes, not their good name."""
    stage = stage.with_rules(hold="newcomers")
    said = stage.post("As a guest.", by=NELL).comment_id
    stage.write(act, stage.site, said, Verb.APPROVE, Actor(None, "a test"), now=NOON)
    other = stage.post("Vote on this.", by=stage.alice).comment_id
    stage.write(cast_vote, stage.site, other, Value.UP, NELL, now=NOON)
    join(stage)
    guest = join(stage, email="mallory@mail.example", name="Mallory", now=NOON + SECOND)

    assert stage.read(own_of_thread, stage.site, stage.thread, guest, now=NOON + SECOND) == []
    assert stage.read(of_caller, stage.site.id, stage.thread_id, guest) == {}
    with pytest.raises(NotYours):
        stage.write(delete_comment, stage.site, said, guest, now=NOON + SECOND)
    assert stage.post("A first word.", by=guest, now=NOON + SECOND).status == "held"
    assert stage.write(cast_vote, stage.site, said, Value.UP, guest, now=NOON + SECOND).up == 1
    (own,) = stage.read(own_of_thread, stage.site, stage.thread, NELL, now=NOON + SECOND)
    assert own.comment.id == said


def test_a_person_votes_once_on_however_many_browsers(stage: Stage) -> None:
    said = stage.post("Vote on this.", by=reader("Ann")).comment_id
    phone = reader("Nell's phone")

    def vote(by: Caller, value: Value) -> tuple[int, int]:
        cast = stage.write(cast_vote, stage.site, said, value, by, now=NOON)
        return cast.up, cast.down

    assert vote(NELL, Value.UP) == (1, 0)
    assert vote(phone, Value.UP) == (2, 0)
    nell = join(stage)
    assert sums(stage, said) == (2, 0)
    on_phone = join(stage, phone, now=NOON + SECOND)
    assert sums(stage, said) == (1, 0)
    for by in (nell, on_phone, NELL, phone):  # signed out, too: the browsers are still theirs
        assert vote(by, Value.DOWN) == (0, 1)


def test_a_vote_for_ones_own_comment_is_lost_with_the_disguise(stage: Stage) -> None:
    nell = join(stage)
    said = stage.post("Mine.", by=nell).comment_id
    phone = reader("Nell's phone")
    stage.write(cast_vote, stage.site, said, Value.UP, phone, now=NOON)
    join(stage, phone, now=NOON + SECOND)
    assert sums(stage, said) == (0, 0)
    with pytest.raises(OwnComment):
        stage.write(cast_vote, stage.site, said, Value.UP, phone, now=NOON)


@pytest.mark.parametrize("first", ["the browser that wrote", "the browser that voted"])
def test_a_vote_of_one_browser_for_what_another_of_the_same_person_wrote_is_lost(
    stage: Stage, first: str
) -> None:
    phone = reader("Nell's phone")
    said = stage.post("As a guest.", by=NELL).comment_id
    stage.write(cast_vote, stage.site, said, Value.UP, phone, now=NOON)
    assert sums(stage, said) == (1, 0)
    order = [NELL, phone] if first == "the browser that wrote" else [phone, NELL]
    join(stage, order[0])
    assert sums(stage, said) == (1, 0)
    nell = join(stage, order[1], now=NOON + SECOND)
    assert sums(stage, said) == (0, 0)
    for by in (nell, NELL, phone):
        with pytest.raises(OwnComment):
            stage.write(cast_vote, stage.site, said, Value.UP, by, now=NOON + SECOND)


def sums(stage: Stage, comment_id: int) -> tuple[int, int]:
    (comment,) = stage.read(drawn, stage.site.id, [comment_id])
    return comment.up, comment.down


def test_a_member_signs_with_their_name_without_a_mark_and_is_judged_as_any_reader(stage: Stage) -> None:
    stage = stage.with_rules(hold="newcomers")
    nell = join(stage)
    held = stage.post("A first word.", by=nell, name="Somebody else")
    assert held.status == "held"
    author = stage.read(
        lambda tx: tx.value("SELECT kind FROM authors WHERE id = (SELECT max(author_id) FROM comments)")
    )
    assert author == "account"


def test_a_mail_goes_out_while_its_code_is_good_and_not_after(stage: Stage, tmp_path: Path) -> None:
    settings = load_settings({}, {"mail_url": f"file://{tmp_path}", "mail_from": "lamp@mail.example"})
    now = stage.read(lambda tx: tx.now)

    def work(by: Caller, at: datetime) -> list[Path]:
        ask(stage, by, now=at)
        for job in stage.write(lease_jobs, now=now, until=now + MINUTE, most=9):
            assert job.kind == MAIL_CODE
            asyncio.run(mail_code(stage.db, settings, job.payload))
        return sorted(tmp_path.iterdir())

    assert work(NELL, now - CODE_LASTS) == []
    (letter,) = work(reader("Bea"), now)
    assert code_for(stage, reader("Bea"), now) in letter.read_text()


def test_codes_that_are_over_are_forgotten(stage: Stage) -> None:
    now = stage.read(lambda tx: tx.now)
    ask(stage, now=now - CODE_LASTS - SECOND)
    ask(stage, reader("Bea"), "bea@mail.example", now=now)
    stage.write(forget_expired)
    assert stage.read(lambda tx: tx.value("SELECT count(*) FROM mail_codes")) == 1


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("123456", "123456"), (" 123 456 ", "123456"), ("١٢٣٤٥٦", "123456"), ("۱۲۳-۴۵۶", "123456"), ("x", "")],
)
def test_digits_are_read_in_every_script(typed: str, digits: str) -> None:
    assert read_digits(typed) == digits


def test_a_session_ends_for_everybody_at_once(stage: Stage) -> None:
    ask(stage)
    enter(stage, code_for(stage))
    entered = stage.write(become_member, stage.site.id, check_name("Nell"), browser_of(NELL), now=NOON)
    stage.write(sign_out, stage.site.id, entered.token)
    assert stage.read(person_of, stage.site.id, entered.token, now=NOON) is None
    assert stage.read(person_of, stage.site.id, entered.token, now=NOON + DAY) is None
