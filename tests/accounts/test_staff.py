"""Staff come in by a link that is good once, for a day, and go out everywhere at once; nobody else borrows their name."""

from datetime import timedelta

import pytest

from cast import DAY, HOUR, NOON, Stage, all_at_once, hire
from rejoinder.accounts.jobs import forget_expired
from rejoinder.accounts.models import Caller, Role, Signature
from rejoinder.accounts.sessions import person_of, sign_out
from rejoinder.accounts.sign_in import LINK_LASTS, admit, sign_in
from rejoinder.accounts.tokens import hash_token, is_token
from rejoinder.comments.draft import sign
from rejoinder.db import Tx, new_id
from rejoinder.errors import Forbidden, Invalid, NotFound
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import insert_site
from rejoinder.text.names import name_key

MOMENT = timedelta(milliseconds=1)


def invite(
    stage: Stage, name: str = "Carol", role: Role | None = Role.MODERATOR, site_id: int | None = None
) -> str:
    return stage.write(admit, site_id or stage.site.id, Signature(name, name_key(name)), role, now=NOON)


def count(tx: Tx, table: str) -> int:
    number: int = tx.value(f"SELECT count(*) FROM {table}")
    return number


def test_a_link_signs_in_once(stage: Stage) -> None:
    code = invite(stage)
    token = stage.write(sign_in, stage.site.id, code, now=NOON)

    staff = stage.read(person_of, stage.site.id, token, now=NOON)
    assert staff is not None
    assert (staff.name, staff.roles, staff.may_moderate) == ("Carol", {Role.MODERATOR}, True)
    with pytest.raises(Forbidden):
        stage.write(sign_in, stage.site.id, code, now=NOON)


def test_of_twenty_who_use_one_link_at_once_one_comes_in(stage: Stage) -> None:
    code = invite(stage)
    answers = all_at_once(20, lambda n: stage.write(sign_in, stage.site.id, code, now=NOON))

    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert sum(isinstance(answer, Forbidden) for answer in answers) == 19


def test_a_link_is_good_for_a_day(stage: Stage) -> None:
    early, late = invite(stage), invite(stage)
    assert stage.write(sign_in, stage.site.id, early, now=NOON + LINK_LASTS - MOMENT)
    with pytest.raises(Forbidden):
        stage.write(sign_in, stage.site.id, late, now=NOON + LINK_LASTS)


@pytest.mark.parametrize("code", ["", "x", "é" * 43, "A" * 43])
def test_what_is_no_link_of_ours_lets_nobody_in(stage: Stage, code: str) -> None:
    with pytest.raises(Forbidden):
        stage.write(sign_in, stage.site.id, code, now=NOON)


def test_a_session_ends_when_its_owner_says(stage: Stage) -> None:
    one, two = (stage.write(sign_in, stage.site.id, invite(stage), now=NOON) for _ in range(2))

    stage.write(sign_out, stage.site.id, one)
    assert stage.read(person_of, stage.site.id, one, now=NOON) is None
    assert stage.read(person_of, stage.site.id, two, now=NOON)


def test_what_one_is_on_one_site_one_is_not_on_another(stage: Stage) -> None:
    stage.write(insert_site, elsewhere := new_id(), "https://elsewhere.example", Rules())
    code = invite(stage)
    with pytest.raises(Forbidden):
        stage.write(sign_in, elsewhere, code, now=NOON)
    token = stage.write(sign_in, stage.site.id, code, now=NOON)
    assert stage.read(person_of, elsewhere, token, now=NOON) is None
    stage.write(sign_out, elsewhere, token)
    assert stage.read(person_of, stage.site.id, token, now=NOON)


def test_one_person_may_have_several_roles_and_one_account(stage: Stage) -> None:
    invite(stage, role=Role.AUTHOR)
    token = stage.write(sign_in, stage.site.id, invite(stage, "carol", Role.MODERATOR), now=NOON)

    staff = stage.read(person_of, stage.site.id, token, now=NOON)
    assert staff is not None
    assert staff.roles == {Role.AUTHOR, Role.MODERATOR}


def test_writing_for_the_site_is_not_moderating_it(stage: Stage) -> None:
    staff = hire_and_look(stage, Role.AUTHOR)
    assert not staff.may_moderate
    assert hire_and_look(stage, Role.OWNER).may_moderate


def hire_and_look(stage: Stage, role: Role) -> Caller:
    return stage.write(hire, stage.site, f"The {role}", role)


def test_a_new_link_for_nobody_is_refused_and_for_staff_is_made(stage: Stage) -> None:
    with pytest.raises(NotFound):
        invite(stage, "Mallory", None)
    assert is_token(invite(stage, "Bob", None))


def test_the_database_holds_no_secret(stage: Stage) -> None:
    code = invite(stage)
    token = stage.write(sign_in, stage.site.id, code, now=NOON)

    def hashes(tx: Tx) -> list[object]:
        return [row[0] for row in tx._connection.rows("SELECT token_hash FROM sessions", {})[1]]

    assert stage.read(hashes) == [hash_token(token)]
    assert token.encode() not in hash_token(token)


def test_what_is_over_is_forgotten_and_what_is_not_stays(stage: Stage) -> None:
    now = stage.read(lambda tx: tx.now)
    for at in (now - 8 * DAY, now - HOUR):
        code = stage.write(admit, stage.site.id, Signature("Carol", "carol"), Role.AUTHOR, now=at)
        stage.write(sign_in, stage.site.id, code, now=at)
        stage.write(admit, stage.site.id, Signature("Carol", "carol"), None, now=at)
    stage.write(forget_expired)

    assert (stage.read(count, "sessions"), stage.read(count, "sign_in_codes")) == (1, 1)


def test_names_that_a_site_reserves_are_reserved(stage: Stage) -> None:
    with pytest.raises(Invalid):
        sign("The Edit0r", "", "", Rules(reserved_names=("The Editor",)))
