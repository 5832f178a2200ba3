"""The names of staff and of members are theirs alone: no guest, no new member and no provider borrows one (D24, D25)."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from cast import NELL, NOON, Stage, all_at_once, hire, reader
from rejoinder.accounts.errors import NameTaken
from rejoinder.accounts.models import Account, Browser, Role, Signature
from rejoinder.accounts.naming import check_guest_may_sign, fitting_name, hold_name
from rejoinder.accounts.queries.staff import find_account, insert_member
from rejoinder.accounts.sessions import open_session
from rejoinder.accounts.sign_in import admit
from rejoinder.db import Tx, new_id
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import insert_site
from rejoinder.text.names import check_name, name_key
from text.test_lookalikes import pairs

IMITATIONS = (
    *(
        "Alice",
        "alice",
        " ALICE ",
        "Аlice",
        "Alіce",
        "Al\u200dice",
        "A1ice",
        "ＡＬＩＣＥ",
        "Alicе",
        "𝐀𝐥𝐢𝐜𝐞",
        "Alice ",
    ),
    *("A.l.i.c.e", "[Alice]", "ᴀʟɪᴄᴇ", "Ⓐlice", "Al\u00adice"),
)
OTHERS = ("Alicia", "Malice", "Alice B.", "Ali", "Robert")


def enrol(stage: Stage, name: str, now: datetime = NOON) -> Account:
    """A member of this name."""

    def make(tx: Tx) -> Account:
        checked = check_name(name)
        key = f"{new_id()}@mail.example"
        signature = Signature(checked.text, checked.key, key)
        account = insert_member(tx, new_id(), stage.site.id, signature, email_key=key, now=now)
        if account is None:
            raise NameTaken
        hold_name(tx, account)
        return account

    return stage.write(make)


def may_sign(stage: Stage, name: str, token_hash: bytes | None = None) -> bool:
    try:
        stage.read(check_guest_may_sign, stage.site.id, name, token_hash)
    except NameTaken as refusal:
        assert (refusal.code, refusal.field) == ("name-reserved", "name")
        return False
    return True


@pytest.mark.parametrize("whose", ["staff", "member"])
def test_a_guest_takes_no_name_that_is_somebodys_or_looks_like_it(stage: Stage, whose: str) -> None:
    if whose == "member":
        enrol(stage, "Maria")
    name = "Alice" if whose == "staff" else "Maria"
    imitations = IMITATIONS if whose == "staff" else ("Maria", "mаria", "ΜΑRΙΑ", "rnaria", "Mаrіa", "ＭARIA")
    assert [one for one in imitations if may_sign(stage, one)] == [], name
    assert [one for one in (*OTHERS, "Mario", "Ann Maria") if not may_sign(stage, one)] == []


def test_no_character_of_unicodes_table_makes_a_guest_pass_for_a_member(stage: Stage) -> None:
    """D24, for names that lie in the database: each pair of the table whose one side is ASCII."""
    for other in sorted({other.casefold() for _, other in pairs()}):
        try:
            enrol(stage, f"ka{other}to")
        except NameTaken:
            continue  # ka0to looks like kaoto, which is there

    def passing(tx: Tx) -> list[str]:
        found = []
        for one, _ in pairs():
            try:
                check_guest_may_sign(tx, stage.site.id, f"ka{one}to", None)
            except NameTaken:
                continue
            found.append(one)
        return found

    assert stage.read(passing) == []


@pytest.mark.parametrize("imitation", IMITATIONS)
def test_no_new_member_takes_the_name_of_staff(stage: Stage, imitation: str) -> None:
    with pytest.raises((NameTaken, ValueError)):
        enrol(stage, imitation.replace("\u200d", "").replace("\u00ad", ""))


def test_no_new_member_takes_the_name_of_another(stage: Stage) -> None:
    nell = enrol(stage, "Nell")
    for name in ("nell", "Ne11", "Νell", "N e l l"):
        with pytest.raises(NameTaken):
            enrol(stage, name)
    assert stage.read(find_account, stage.site.id, "nell") == nell
    assert stage.read(find_account, stage.site.id, "ne11") is None
    enrol(stage, "Nelly")


def test_of_twenty_who_want_names_that_look_alike_at_once_one_gets_it(stage: Stage) -> None:
    names = ("Nell", "NELL", "Ne11", "Nеll", "n e l l") * 4
    answers = all_at_once(20, lambda number: enrol(stage, names[number]))
    assert sum(isinstance(answer, Account) for answer in answers) == 1
    assert sum(isinstance(answer, NameTaken) for answer in answers) == 19


def test_the_operator_gives_nobody_a_name_that_looks_like_anothers(stage: Stage) -> None:
    enrol(stage, "Carol")
    for name in ("Caro1", "Сarol"):
        with pytest.raises(NameTaken):
            stage.write(admit, stage.site.id, Signature(name, name_key(name)), Role.MODERATOR, now=NOON)


def test_a_colleagues_name_is_kept_from_guests_at_once_and_for_good(stage: Stage) -> None:
    assert may_sign(stage, "Carol")
    stage.write(admit, stage.site.id, Signature("Carol", "carol"), Role.AUTHOR, now=NOON)
    assert not may_sign(stage, "Carol")


def test_a_name_is_somebodys_on_their_site_only(stage: Stage) -> None:
    enrol(stage, "Nell")
    stage.write(insert_site, elsewhere := new_id(), "https://elsewhere.example", Rules())
    stage.read(check_guest_may_sign, elsewhere, "Nell", None)


def test_a_members_own_browser_may_sign_with_their_name_and_no_other_may(stage: Stage) -> None:
    nell, nora = enrol(stage, "Nell"), enrol(stage, "Nora")
    for account, caller in ((nell, NELL), (nora, reader("Nora"))):
        browser = Browser(visitor=caller.token_hash, network=caller.network)
        stage.write(open_session, stage.site.id, account.id, browser, now=NOON)
    assert may_sign(stage, "Nell", NELL.token_hash)
    assert not may_sign(stage, "Nora", NELL.token_hash)
    assert not may_sign(stage, "Nell", reader("Mallory").token_hash)


def test_a_browser_that_staff_left_does_not_sign_with_their_name(stage: Stage) -> None:
    bob = stage.bob.staff
    assert bob
    browser = Browser(visitor=NELL.token_hash, network=NELL.network)
    stage.write(open_session, stage.site.id, bob.account_id, browser, now=NOON)
    assert not may_sign(stage, "Bob", NELL.token_hash)


@pytest.mark.parametrize(
    ("raw", "fits"),
    [
        ("Nell", "Nell"),
        ("  Nell \n  Hart ", "Nell Hart"),
        ("Ne\u202ell\u200b", "Nell"),
        ("\u2066Nell\u2069", "Nell"),
        ("N\u0301\u0301\u0301\u0301ell", "Nell"),
        ("x" * 300, "x" * 80),
        ("", None),
        ("\u200b\u202e", None),
        ("...", None),
        ("Guest", None),
        ("Аl\u200bice", None),
        ("Nell · staff", None),
        ("The Editors", None),
    ],
)
def test_a_providers_name_is_made_fit_or_the_person_is_asked(
    stage: Stage, raw: str, fits: str | None
) -> None:
    name = stage.read(fitting_name, stage.site.id, raw, reserved=("The Editors",))
    assert (name.text if name else None) == fits
    if name:
        assert check_name(name.text) == name


def test_whoever_makes_an_account_keeps_its_name_for_it() -> None:
    """A way in that forgot this would let everybody else sign with its people's names."""
    source = Path(__file__).parents[2] / "src" / "rejoinder"
    makers = [
        path
        for path in source.rglob("*.py")
        if re.search(r"insert_(\w+_)?(member|account)\(", text := path.read_text(encoding="utf-8"))
        and "queries" not in path.parts
        and "hold_name(" not in text
    ]
    assert makers == []


def test_staff_keep_their_name_when_their_roles_end(stage: Stage) -> None:
    stage.write(hire, stage.site, "Carol")
    assert not may_sign(stage, "Carol")
