"""How long a session lasts, and that its end is everywhere at once: in another process, too, which keeps nothing of it."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from cast import DAY, HOUR, MINUTE, NOON, Stage, network_hash
from rejoinder.accounts.jobs import forget_expired
from rejoinder.accounts.models import Browser, Person, Role, Signature
from rejoinder.accounts.queries.sessions import delete_other_sessions, delete_session_of, note_use
from rejoinder.accounts.queries.staff import find_account, grant_role, insert_account
from rejoinder.accounts.roles import list_staff, revoke_role, sign_out_everywhere
from rejoinder.accounts.sessions import (
    SESSION_LASTS,
    STAFF_LASTS,
    STAFF_RESTS,
    is_to_note,
    open_session,
    person_of,
    sessions_of,
    sign_out,
)
from rejoinder.accounts.tokens import hash_token
from rejoinder.db import Database, Tx, new_id, open_database
from serving import Serving

MOMENT = timedelta(milliseconds=1)
HERE = network_hash("here")


def come_in(stage: Stage, name: str, *roles: Role, now: datetime = NOON) -> str:
    """The token of a session of this person's, who is new or known."""

    def write(tx: Tx) -> str:
        key = name.casefold()
        account = find_account(tx, stage.site.id, key) or insert_account(
            tx, new_id(), stage.site.id, Signature(name, key), now
        )
        for role in roles:
            grant_role(tx, account, role, now)
        return open_session(tx, stage.site.id, account.id, Browser(network=HERE), now=now)

    return stage.write(write)


def person(stage: Stage, token: str, now: datetime) -> Person | None:
    return stage.read(person_of, stage.site.id, token, now=now)


def use(stage: Stage, token: str, now: datetime) -> None:
    """What a request does when the last one is some time ago."""
    stage.write(note_use, hash_token(token), network=HERE, now=now)


def test_a_members_session_lasts_a_week(stage: Stage) -> None:
    token = come_in(stage, "Nora")
    assert person(stage, token, NOON + SESSION_LASTS - MOMENT)
    assert person(stage, token, NOON + SESSION_LASTS) is None


@pytest.mark.parametrize("role", list(Role))
def test_a_session_of_staff_ends_after_twelve_hours_of_work(stage: Stage, role: Role) -> None:
    token = come_in(stage, "Carol", role)
    for hours in range(1, 12):
        use(stage, token, NOON + hours * HOUR)

    assert person(stage, token, NOON + STAFF_LASTS - MOMENT)
    assert person(stage, token, NOON + STAFF_LASTS) is None


def test_a_session_of_staff_ends_after_two_hours_of_rest(stage: Stage) -> None:
    token = come_in(stage, "Carol", Role.AUTHOR)
    use(stage, token, NOON + HOUR)

    found = person(stage, token, NOON + HOUR + STAFF_RESTS - MOMENT)
    assert found is not None
    assert found.expires_at == NOON + HOUR + STAFF_RESTS
    assert person(stage, token, NOON + HOUR + STAFF_RESTS) is None


def test_a_role_shortens_the_session_that_is_open(stage: Stage) -> None:
    token = come_in(stage, "Nora", now=NOON - DAY)
    assert person(stage, token, NOON)

    come_in(stage, "Nora", Role.MODERATOR)
    assert person(stage, token, NOON) is None


def test_a_request_is_noted_every_quarter_of_an_hour_and_not_more_often(stage: Stage) -> None:
    token = come_in(stage, "Carol", Role.OWNER)
    soon, later = (person(stage, token, NOON + after) for after in (14 * MINUTE, 15 * MINUTE))
    assert soon and later
    assert not is_to_note(soon, NOON + 14 * MINUTE)
    assert is_to_note(later, NOON + 15 * MINUTE)


def test_sessions_of_staff_that_are_over_are_listed_nowhere_and_forgotten(stage: Stage) -> None:
    now = stage.read(lambda tx: tx.now)
    come_in(stage, "Carol", Role.OWNER, now=now - 3 * HOUR)
    fresh = come_in(stage, "Carol", now=now)
    member = come_in(stage, "Nora", now=now - 3 * HOUR)
    carol = person(stage, fresh, now)
    assert carol is not None

    browser = Browser(session=hash_token(fresh))
    assert [one.is_this for one in stage.read(sessions_of, carol, browser, now=now)] == [True]
    standing = {one.name: one.sessions for one in stage.read(list_staff, stage.site.id, now=now)}
    assert standing["Carol"] == 1
    stage.write(forget_expired)
    assert stage.read(lambda tx: tx.value("SELECT count(*) FROM sessions")) == 2
    assert person(stage, member, now)


def test_where_a_session_was_used_last_is_a_network_that_nobody_can_read(stage: Stage) -> None:
    first = come_in(stage, "Nora")
    second = come_in(stage, "Nora")
    stage.write(note_use, hash_token(first), network=network_hash("the train"), now=NOON + HOUR)
    nora = person(stage, second, NOON + HOUR)
    assert nora is not None

    listed = stage.read(sessions_of, nora, Browser(session=hash_token(second)), now=NOON + HOUR)
    assert [(one.is_this, one.network, one.used_at) for one in listed] == [
        (True, HERE, NOON),
        (False, network_hash("the train"), NOON + HOUR),
    ]


@pytest.fixture
def next_door(stage: Stage, database_url: str) -> Iterator[Database]:
    """The same database as another process has it open."""
    database = open_database(database_url)
    yield database
    database.close()


def end_own(tx: Tx, site_id: int, account_id: int, _: str) -> None:
    rows = tx.value("SELECT max(id) FROM sessions WHERE account_id = :account_id", account_id=account_id)
    delete_session_of(tx, site_id, account_id, rows)


ENDS: dict[str, Callable[[Tx, int, int, str], object]] = {
    "signed out": lambda tx, site_id, _, token: sign_out(tx, site_id, token),
    "ended from another browser": end_own,
    "all others ended": lambda tx, site_id, account_id, _: delete_other_sessions(
        tx, site_id, account_id, b""
    ),
    "signed out everywhere": lambda tx, site_id, _, __: sign_out_everywhere(tx, site_id, "carol"),
    "the role taken": lambda tx, site_id, _, __: revoke_role(tx, site_id, "carol", None),
    "rotated by a proof": lambda tx, site_id, account_id, token: open_session(
        tx, site_id, account_id, Browser(session=hash_token(token)), now=NOON
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_one_process_ends_no_other_takes(stage: Stage, next_door: Database, end: str) -> None:
    token = come_in(stage, "Carol", Role.MODERATOR)
    found = next_door.read_now(person_of, stage.site.id, token, now=NOON)
    assert found is not None

    stage.write(ENDS[end], stage.site.id, found.account_id, token)
    assert next_door.read_now(person_of, stage.site.id, token, now=NOON) is None


def test_a_role_that_one_process_changes_is_changed_for_every_other(
    stage: Stage, next_door: Database
) -> None:
    token = come_in(stage, "Carol", Role.MODERATOR, Role.AUTHOR)
    stage.write(revoke_role, stage.site.id, "carol", Role.MODERATOR)

    found = next_door.read_now(person_of, stage.site.id, token, now=NOON)
    assert found is not None
    assert (found.roles, found.may_moderate) == ({Role.AUTHOR}, False)


def test_a_server_takes_a_session_no_more_when_the_command_line_has_ended_it(each_lamp: Serving) -> None:
    with each_lamp.staff("Zoe") as zoe:
        assert zoe.get("/moderation").status_code == 200

        each_lamp.run("admin", "sign-out", "Zoe")
        ended = time.monotonic()
        assert zoe.get("/moderation").status_code == 401
        assert time.monotonic() - ended < 1
