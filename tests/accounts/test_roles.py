"""Who has which role is listed; a role that is taken away is gone with the next request, and the last owner stays."""

import pytest

from cast import DAY, HOUR, NOON, Stage
from rejoinder.accounts.models import Role, Signature
from rejoinder.accounts.roles import grant_role, list_staff, revoke_role, sign_out_everywhere
from rejoinder.accounts.sessions import person_of
from rejoinder.accounts.sign_in import admit, sign_in
from rejoinder.errors import Conflict, Forbidden, NotFound
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import insert_site
from rejoinder.text.names import name_key


def invite(stage: Stage, name: str, role: Role = Role.MODERATOR) -> str:
    return stage.write(admit, stage.site.id, Signature(name, name_key(name)), role, now=NOON)


def enter(stage: Stage, name: str, role: Role = Role.MODERATOR) -> str:
    return stage.write(sign_in, stage.site.id, invite(stage, name, role), now=NOON)


def take(stage: Stage, name: str, role: Role | None = None) -> tuple[Role, ...]:
    return stage.write(revoke_role, stage.site.id, name_key(name), role)


def is_in(stage: Stage, token: str) -> bool:
    return stage.read(person_of, stage.site.id, token, now=NOON) is not None


def test_staff_are_listed_with_their_roles_and_browsers(stage: Stage) -> None:
    enter(stage, "Bob")
    enter(stage, "Bob", Role.AUTHOR)
    invite(stage, "Alice", Role.OWNER)
    stage.write(insert_site, stage.site.id + 1, "https://elsewhere.example", Rules())
    stage.write(admit, stage.site.id + 1, Signature("Eve", "eve"), Role.OWNER, now=NOON)

    alice, bob = stage.read(list_staff, stage.site.id, now=NOON + HOUR)
    assert (alice.name, alice.roles, alice.sessions, alice.signed_in_at) == ("Alice", (Role.OWNER,), 0, None)
    assert (bob.name, bob.roles, bob.since) == ("Bob", (Role.AUTHOR, Role.MODERATOR), NOON)
    assert (bob.sessions, bob.signed_in_at) == (2, NOON)
    assert stage.read(list_staff, stage.site.id, now=NOON + 8 * DAY)[1].sessions == 0


def test_another_role_counts_at_once(stage: Stage) -> None:
    token = enter(stage, "Walt", Role.AUTHOR)
    stage.write(grant_role, stage.site.id, "walt", Role.MODERATOR, now=NOON)
    staff = stage.read(person_of, stage.site.id, token, now=NOON)
    assert staff is not None
    assert staff.may_moderate
    with pytest.raises(NotFound):
        stage.write(grant_role, stage.site.id, "mallory", Role.OWNER, now=NOON)


def test_who_loses_one_of_two_roles_stays_signed_in_with_the_other(stage: Stage) -> None:
    token = enter(stage, "Bob")
    stage.write(grant_role, stage.site.id, "bob", Role.AUTHOR, now=NOON)
    assert take(stage, "Bob", Role.MODERATOR) == (Role.AUTHOR,)
    staff = stage.read(person_of, stage.site.id, token, now=NOON)
    assert staff is not None
    assert staff.roles == {Role.AUTHOR}


def test_who_loses_all_roles_is_out_everywhere_and_no_old_link_leads_in(stage: Stage) -> None:
    tokens = [enter(stage, "Bob"), enter(stage, "Bob")]
    unused, carol = invite(stage, "Bob"), enter(stage, "Carol")
    assert take(stage, "Bob") == ()
    assert [is_in(stage, token) for token in tokens] == [False, False]
    with pytest.raises(Forbidden):
        stage.write(sign_in, stage.site.id, unused, now=NOON)
    assert is_in(stage, carol)


def test_signing_out_everywhere_takes_no_role(stage: Stage) -> None:
    tokens = [enter(stage, "Bob"), enter(stage, "Bob")]
    assert stage.write(sign_out_everywhere, stage.site.id, "bob") == 2
    assert [is_in(stage, token) for token in tokens] == [False, False]
    assert is_in(stage, enter(stage, "Bob"))
    with pytest.raises(NotFound):
        stage.write(sign_out_everywhere, stage.site.id + 1, "bob")


def test_a_site_never_loses_its_last_owner(stage: Stage) -> None:
    token = enter(stage, "Alice", Role.OWNER)
    for role in (Role.OWNER, None):
        with pytest.raises(Conflict):
            take(stage, "Alice", role)
    assert is_in(stage, token)
    enter(stage, "Anna", Role.OWNER)
    assert take(stage, "Alice") == ()


@pytest.mark.parametrize(("name", "role"), [("Mallory", None), ("Bob", Role.OWNER)])
def test_what_nobody_has_nobody_loses(stage: Stage, name: str, role: Role | None) -> None:
    enter(stage, "Bob")
    with pytest.raises(NotFound):
        take(stage, name, role)
