"""Who comes in on somebody else's word: the rules of decision 0013, on both databases."""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import pytest

from cast import DAY, HOUR, MINUTE, NELL, NOON, Stage, all_at_once, draft_of, network_hash, post
from rejoinder.accounts.errors import AddressTaken, NameIsReaders, NameTaken, StaffElsewhere, TripOver
from rejoinder.accounts.jobs import forget_expired
from rejoinder.accounts.mail_codes import Entered, NameWanted
from rejoinder.accounts.models import Browser, Passkey, Person, Role, Signature, Trip, Vouched
from rejoinder.accounts.passkeys import add_passkey
from rejoinder.accounts.queries.elsewhere import roles_of, vouched_trip
from rejoinder.accounts.queries.passkeys import find_passkey
from rejoinder.accounts.queries.staff import find_account, find_account_at, insert_member
from rejoinder.accounts.roles import grant_role, list_staff
from rejoinder.accounts.sessions import person_of
from rejoinder.accounts.sign_in import admit, sign_in
from rejoinder.accounts.trips import PUBLISHER, begin_trip, end_trip
from rejoinder.accounts.vouched import LENT_FOR, become_vouched_member, let_in
from rejoinder.db import Tx, new_id
from rejoinder.errors import TooMany
from rejoinder.text.names import check_name

HERE = Browser(trip=hashlib.sha256(b"here").digest(), network=network_hash("home"), kind="Firefox")
ANA = Vouched("https://id.example", "7", "Ana", "ana@mail.example")


def go(
    stage: Stage, way: str = "real", browser: Browser = HERE, *, now: datetime = NOON, leads_to: str = ""
) -> str:
    """Leave for somewhere; the state to come back with."""
    state = f"state {new_id()}"
    stage.write(
        begin_trip,
        stage.site.id,
        way,
        state,
        "verifier",
        leads_to=leads_to,
        browser_hash=browser.trip or b"",
        network=browser.network or b"",
        now=now,
    )
    return state


def back(
    stage: Stage,
    vouched: Vouched,
    *,
    way: str = "real",
    admits: Collection[Role] = (),
    browser: Browser = HERE,
    now: datetime = NOON,
) -> Entered | NameWanted:
    """There and back."""
    state = go(stage, way, browser, now=now)
    trip = stage.write(end_trip, stage.site.id, way, state, browser.trip or b"", now=now)
    return stage.write(let_in, trip, vouched, frozenset(admits), browser, now=now)


def named(
    stage: Stage, vouched: Vouched, name: str, *, way: str = "real", now: datetime = NOON, **values: object
) -> Person:
    """There and back for the first time, and what they are called."""
    assert back(stage, vouched, way=way, now=now, **values) == NameWanted()  # type: ignore[arg-type]
    admits = frozenset(values.get("admits", ()))  # type: ignore[call-overload]
    entered = stage.write(become_vouched_member, stage.site.id, check_name(name), admits, HERE, now=now)
    return person(stage, entered, now=now)


def person(stage: Stage, entered: Entered | NameWanted, *, now: datetime = NOON) -> Person:
    assert isinstance(entered, Entered)
    found = stage.read(person_of, stage.site.id, entered.token, now=now)
    assert found is not None
    return found


def member(stage: Stage, name: str, email: str) -> int:
    def write(tx: Tx) -> int:
        signature = Signature(name, name.casefold(), email)
        account = insert_member(tx, new_id(), stage.site.id, signature, email_key=email.lower(), now=NOON)
        assert account is not None
        return account.id

    return stage.write(write)


def test_who_is_new_says_a_name_and_is_known_from_then_on(stage: Stage) -> None:
    ana = named(stage, ANA, "Ana of the coast")
    assert ana.name == "Ana of the coast" and ana.proved_at == NOON
    account = stage.read(find_account_at, stage.site.id, "ana@mail.example")
    assert account is not None and account.id == ana.account_id
    again = person(stage, back(stage, replace(ANA, name="Other", email=None), now=NOON + DAY), now=NOON + DAY)
    assert (again.account_id, again.name) == (ana.account_id, "Ana of the coast")


def test_only_issuer_and_subject_say_who_it_is(stage: Stage) -> None:
    """Not the name, and not an address that is not proved."""
    ana = named(stage, ANA, "Ana")
    for other in (
        replace(ANA, subject="8", email=None),
        replace(ANA, issuer="https://evil.example", email=None),
    ):
        assert back(stage, other) == NameWanted()
    with pytest.raises(NameTaken):
        stage.write(become_vouched_member, stage.site.id, check_name("Ana"), frozenset(), HERE, now=NOON)
    assert person(stage, back(stage, ANA)).account_id == ana.account_id


def test_a_proved_address_says_so_where_a_reader_has_it(stage: Stage) -> None:
    account_id = member(stage, "Ana", "Ana@mail.example")
    assert person(stage, back(stage, ANA)).account_id == account_id
    # From then on it is the identity that counts: another address there changes nothing here.
    assert person(stage, back(stage, replace(ANA, email="new@mail.example"))).account_id == account_id
    with pytest.raises(AddressTaken):
        back(stage, replace(ANA, subject="8"))  # an address that went on to somebody else there


def test_no_address_leads_to_staff_unless_the_operator_says_so(stage: Stage) -> None:
    signature = Signature("Bob", "bob", "bob@mail.example")
    stage.write(admit, stage.site.id, signature, Role.MODERATOR, now=NOON)
    bob = Vouched("https://id.example", "9", "Bob", "bob@mail.example")
    with pytest.raises(StaffElsewhere):
        back(stage, bob)
    with pytest.raises(StaffElsewhere):
        back(stage, bob, admits={Role.AUTHOR})
    entered = person(stage, back(stage, bob, admits=set(Role)))
    assert entered.roles == {Role.MODERATOR}


def test_who_gets_a_role_later_comes_in_only_where_roles_do(stage: Stage) -> None:
    named(stage, ANA, "Ana")
    stage.write(admit, stage.site.id, Signature("Ana", "ana", "ana@mail.example"), Role.OWNER, now=NOON)
    with pytest.raises(StaffElsewhere):
        back(stage, ANA)
    with pytest.raises(StaffElsewhere):
        back(stage, ANA, way=PUBLISHER, admits={Role.MODERATOR, Role.AUTHOR})


def test_a_trip_is_good_once_on_its_browser_and_for_its_way(stage: Stage) -> None:
    state = go(stage, leads_to="/articles/lamp")
    elsewhere = hashlib.sha256(b"elsewhere").digest()
    here = HERE.trip or b""

    def end(way: str, state: str, browser: bytes, now: datetime) -> Trip:
        return stage.write(end_trip, stage.site.id, way, state, browser, now=now)

    for way, said, browser, now in (
        ("real", state, elsewhere, NOON),
        ("other", state, here, NOON),
        (PUBLISHER, state, here, NOON),
        ("real", "made up", here, NOON),
        ("real", "", here, NOON),
        ("real", state, b"", NOON),
        ("real", state, here, NOON + 10 * MINUTE),
    ):
        with pytest.raises(TripOver):
            end(way, said, browser, now)
    assert end("real", state, here, NOON + 9 * MINUTE).leads_to == "/articles/lamp"
    with pytest.raises(TripOver):
        end("real", state, here, NOON + 9 * MINUTE)


def test_of_twenty_who_come_back_with_one_state_at_once_one_comes_in(stage: Stage) -> None:
    state, here = go(stage), HERE.trip or b""
    ended = all_at_once(
        20, lambda _: stage.db.write_now(end_trip, stage.site.id, "real", state, here, now=NOON)
    )
    assert sum(isinstance(one, Trip) for one in ended) == 1
    assert sum(isinstance(one, TripOver) for one in ended) == 19


def test_of_twenty_who_say_a_name_at_once_one_account_comes(stage: Stage) -> None:
    assert back(stage, ANA) == NameWanted()
    site, name = stage.site.id, check_name("Ana")
    ended = all_at_once(
        20, lambda _: stage.db.write_now(become_vouched_member, site, name, frozenset(), HERE, now=NOON)
    )
    assert sum(isinstance(one, Entered) for one in ended) == 1
    assert {type(one) for one in ended} <= {Entered, TripOver}
    assert stage.read(find_account, site, "ana") is not None


def test_a_name_is_asked_for_ten_minutes_and_on_that_browser(stage: Stage) -> None:
    back(stage, ANA)
    with pytest.raises(TripOver):
        stage.write(
            become_vouched_member,
            stage.site.id,
            check_name("Ana"),
            frozenset(),
            Browser(trip=b"x"),
            now=NOON,
        )
    later = NOON + 10 * MINUTE
    with pytest.raises(TripOver):
        stage.write(become_vouched_member, stage.site.id, check_name("Ana"), frozenset(), HERE, now=later)


def test_leaving_has_a_limit(stage: Stage) -> None:
    for _ in range(60):
        go(stage)
    with pytest.raises(TooMany):
        go(stage)
    go(stage, browser=replace(HERE, network=network_hash("elsewhere")))


def test_the_browser_joins_whom_it_signs_in(stage: Stage) -> None:
    """What it wrote before is theirs."""
    posted = stage.post(by=NELL)
    browser = Browser(visitor=NELL.token_hash, trip=b"t" * 32, network=NELL.network)
    back(stage, ANA, browser=browser)
    entered = stage.write(
        become_vouched_member, stage.site.id, check_name("Ana"), frozenset(), browser, now=NOON
    )
    assert posted.comment_id
    joined = stage.read(_joined, NELL.token_hash or b"")
    assert joined == person(stage, entered).account_id


def _joined(tx: Tx, token_hash: bytes) -> int | None:
    found: int | None = tx.value("SELECT account_id FROM visitors WHERE token_hash = :hash", hash=token_hash)
    return found


SOFIA = Vouched("news.example", "s1", "Sofia", "sofia@mail.example")
LENDS = {"way": PUBLISHER, "admits": {Role.AUTHOR, Role.MODERATOR}}


def test_a_role_of_the_publishers_is_lent(stage: Stage) -> None:
    sofia = named(stage, replace(SOFIA, role=Role.MODERATOR), "Sofia", **LENDS)
    assert sofia.roles == {Role.MODERATOR} and sofia.may_moderate
    assert "Sofia" in {each.name for each in stage.read(list_staff, stage.site.id, now=NOON)}


def test_a_lent_role_ends_after_half_a_day(stage: Stage) -> None:
    named(stage, replace(SOFIA, role=Role.MODERATOR), "Sofia", **LENDS)
    entered = back(stage, replace(SOFIA, role=Role.MODERATOR), **LENDS)  # type: ignore[arg-type]
    assert person(stage, entered, now=NOON + HOUR).roles == {Role.MODERATOR}
    assert person(stage, entered, now=NOON + LENT_FOR).roles == set()


def test_the_next_token_says_whether_a_role_goes_on(stage: Stage) -> None:
    first = named(stage, replace(SOFIA, role=Role.MODERATOR), "Sofia", **LENDS)
    elsewhere = replace(HERE, trip=hashlib.sha256(b"phone").digest())
    on_the_phone = back(stage, replace(SOFIA, role=Role.MODERATOR), browser=elsewhere, **LENDS)  # type: ignore[arg-type]
    assert person(stage, on_the_phone).roles == {Role.MODERATOR}
    changed = back(stage, replace(SOFIA, role=Role.AUTHOR), now=NOON + HOUR, **LENDS)  # type: ignore[arg-type]
    assert person(stage, changed).roles == {Role.AUTHOR}
    ended = back(stage, SOFIA, now=NOON + HOUR, **LENDS)  # type: ignore[arg-type]
    assert person(stage, ended).roles == set() and first.account_id == person(stage, ended).account_id
    assert person(stage, on_the_phone).roles == set()  # at once, on every browser


def test_a_lent_role_is_no_other_ways_to_end_or_to_use(stage: Stage) -> None:
    named(stage, replace(SOFIA, role=Role.MODERATOR), "Sofia", **LENDS)
    by_provider = replace(ANA, email="sofia@mail.example")
    with pytest.raises(StaffElsewhere):
        back(stage, by_provider)
    assert person(stage, back(stage, by_provider, admits=set(Role))).roles == {Role.MODERATOR}


@pytest.mark.parametrize("email", [None, "carol@mail.example"])
def test_no_role_goes_by_name_to_who_came_from_elsewhere_without_an_address(
    stage: Stage, email: str | None
) -> None:
    mallory = named(stage, replace(ANA, email=None), "Carol")
    with pytest.raises(NameIsReaders):
        stage.write(admit, stage.site.id, Signature("Carol", "carol", email), Role.OWNER, now=NOON)
    assert person(stage, back(stage, replace(ANA, email=None))).account_id == mallory.account_id


@pytest.mark.parametrize("email", [None, "carol@mail.example"])
def test_a_lent_role_does_not_make_a_chosen_name_ones_own(stage: Stage, email: str | None) -> None:
    mallory = replace(SOFIA, role=Role.AUTHOR)
    named(stage, mallory, "Carol", **LENDS)
    with pytest.raises(NameIsReaders):
        stage.write(admit, stage.site.id, Signature("Carol", "carol", email), Role.OWNER, now=NOON)
    meant = Signature("Carol", "carol", "Sofia@mail.example")
    stage.write(admit, stage.site.id, meant, Role.MODERATOR, now=NOON)
    assert Role.MODERATOR in person(stage, back(stage, mallory, **LENDS)).roles  # type: ignore[arg-type]


def test_a_role_does_not_go_to_who_came_in_before_on_an_untrusted_word(stage: Stage) -> None:
    """A provider that calls every address proved: Mallory has Carol's account before Carol has it."""
    assert back(stage, replace(ANA, email="carol@mail.example")) == NameWanted()
    entered = stage.write(
        become_vouched_member, stage.site.id, check_name("Carol"), frozenset(), HERE, now=NOON
    )
    mallory = person(stage, entered)
    key = Passkey(new_id(), stage.site.id, mallory.account_id, b"id", b"key", 0, "Mine", NOON, None)
    stage.write(add_passkey, key)

    carol = Signature("Carol", "carol", "carol@mail.example")
    code = stage.write(admit, stage.site.id, carol, Role.OWNER, now=NOON)
    assert stage.read(person_of, stage.site.id, entered.token, now=NOON) is None
    assert stage.read(find_passkey, stage.site.id, b"id") is None
    token = stage.write(sign_in, stage.site.id, code, now=NOON)
    assert person(stage, Entered(token)).owns


def test_what_the_operator_gave_no_token_takes(stage: Stage) -> None:
    """Also where the publisher lent it first."""
    named(stage, replace(SOFIA, role=Role.MODERATOR), "Sofia", **LENDS)
    stage.write(grant_role, stage.site.id, "sofia", Role.MODERATOR, now=NOON)
    for _ in range(2):
        entered = back(stage, SOFIA, **LENDS)  # type: ignore[arg-type]
        assert person(stage, entered).roles == {Role.MODERATOR}
        sofia = stage.read(find_account, stage.site.id, "sofia")
        assert sofia is not None
        assert [held.role for held in stage.read(roles_of, sofia, NOON + DAY)] == [Role.MODERATOR]
        back(stage, replace(SOFIA, role=Role.MODERATOR), **LENDS)  # type: ignore[arg-type]


def test_a_profile_is_linked_and_goes_with_the_token(stage: Stage) -> None:
    sofia = named(stage, replace(SOFIA, website="https://news.example/sofia"), "Sofia", way=PUBLISHER)
    assert sofia.website == "https://news.example/sofia"
    assert person(stage, back(stage, SOFIA, way=PUBLISHER)).website is None


def test_what_is_over_is_forgotten(stage: Stage) -> None:
    go(stage)
    named(stage, replace(SOFIA, role=Role.MODERATOR), "Sofia", **LENDS)
    back(stage, ANA)
    assert stage.read(vouched_trip, stage.site.id, HERE.trip or b"", NOON) is not None

    def forget(tx: Tx) -> tuple[int, int]:
        forget_expired(tx)
        return tx.value("SELECT count(*) FROM trips"), tx.value(
            "SELECT count(*) FROM roles WHERE lent_until IS NOT NULL"
        )

    assert stage.write(forget) == (0, 0)  # noon is long over


def test_the_database_holds_no_state(stage: Stage) -> None:
    state = go(stage)

    def rows(tx: Tx) -> bytes:
        found: bytes = tx.value("SELECT state_hash FROM trips")
        return found

    assert stage.read(rows) == hashlib.sha256(state.encode()).digest()


def test_who_is_new_with_a_proved_address_finds_what_guests_left_with_it(stage: Stage) -> None:
    draft = draft_of(stage.site, thread=stage.thread_id)
    draft = replace(draft, signature=replace(draft.signature, email=ANA.email))
    stage.write(post, stage.site, draft)
    assert back(stage, ANA) == NameWanted()
    entered = stage.write(
        become_vouched_member, stage.site.id, check_name("Ana"), frozenset(), HERE, now=NOON
    )
    assert entered.finds
    again = back(stage, ANA, now=NOON + MINUTE)
    assert isinstance(again, Entered) and not again.finds
