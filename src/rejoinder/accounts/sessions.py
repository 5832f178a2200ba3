"""Sessions: who is signed in, on which browser. They are read with each request, so an end is at once and everywhere.

Those of people with a role are short. Whether somebody has one is looked up, too, and not kept with the session: a role
that is given shortens those that are open.
"""

from datetime import datetime, timedelta

from rejoinder.accounts.events import BrowserJoined
from rejoinder.accounts.know import ensure_visitor
from rejoinder.accounts.models import Browser, Person, Role, Session
from rejoinder.accounts.queries import sessions, visitors
from rejoinder.accounts.tokens import hash_token, new_token
from rejoinder.db import Tx, new_id
from rejoinder.web.queries import move_answers

SESSION_LASTS = timedelta(days=7)
STAFF_LASTS = timedelta(hours=12)
"""A working day: so long after they signed in or proved themselves anew, staff sign in again."""
STAFF_RESTS = timedelta(hours=2)
"""So long without a request, and a browser that staff left open is nobody's."""
NOTED_EVERY = timedelta(minutes=15)
"""A request is a read; only so often does one note that a session is used."""


def open_session(tx: Tx, site_id: int, account_id: int, browser: Browser, *, now: datetime) -> str:
    """Sign somebody in, on this browser from now on with this token and no other.

    Who was signed in on it already goes on with the same session and has proved anew who they are; the session of
    somebody else on it ends.
    """
    token = new_token()
    opened = sessions.Opened(
        site_id, account_id, hash_token(token), browser.kind, browser.network, now + SESSION_LASTS, now
    )
    old = browser.session or b""
    if not sessions.renew_session(tx, old, opened):
        sessions.delete_session(tx, site_id, old)
        sessions.insert_session(tx, new_id(), opened)
    _join(tx, site_id, account_id, browser, now=now)
    return token


def person_of(tx: Tx, site_id: int, token: str, *, now: datetime) -> Person | None:
    """Who is signed in with this session, with every role on this site; None when nobody is."""
    rows = sessions.find_session(tx, site_id, hash_token(token), now)
    if not rows:
        return None
    first = rows[0]
    roles = frozenset(row.role for row in rows if row.role)
    end = _end(first, roles)
    if now >= end:
        return None
    return Person(
        first.account_id, site_id, first.name, roles, end, first.proved_at, first.used_at, first.website
    )


def is_to_note(person: Person, now: datetime) -> bool:
    """Whether it was noted too long ago that their session is used."""
    return person.used_at <= now - NOTED_EVERY


def sessions_of(tx: Tx, person: Person, browser: Browser, *, now: datetime) -> list[Session]:
    """Where somebody is signed in, the newest first."""
    listed = sessions.list_sessions(tx, person.site_id, person.account_id, browser.session or b"", now)
    return [session for session in listed if now < _end(session, person.roles)]


def count_staff_sessions(tx: Tx, site_id: int, *, now: datetime) -> dict[int, sessions.SignedIn]:
    """In how many browsers each of those with a role is signed in, by account; others are counted wrongly."""
    counted = sessions.count_staff_sessions(
        tx, site_id, now, proved_by=now - STAFF_LASTS, used_by=now - STAFF_RESTS
    )
    return {row.account_id: row for row in counted}


def forget_sessions(tx: Tx) -> None:
    """Delete the sessions that are over."""
    now = tx.now
    sessions.delete_expired_sessions(tx, now, proved_by=now - STAFF_LASTS, used_by=now - STAFF_RESTS)


def sign_out(tx: Tx, site_id: int, token: str) -> None:
    """End a session everywhere at once."""
    sessions.delete_session(tx, site_id, hash_token(token))


def _end(session: Session | sessions.SessionRole, roles: frozenset[Role]) -> datetime:
    if not roles:
        return session.expires_at
    return min(session.expires_at, session.proved_at + STAFF_LASTS, session.used_at + STAFF_RESTS)


def end_other_sessions(tx: Tx, person: Person, browser: Browser) -> None:
    """Sign somebody out on every browser but this one."""
    sessions.delete_other_sessions(tx, person.site_id, person.account_id, browser.session or b"")
    leave_browsers(tx, person.site_id, person.account_id, but=browser.visitor or b"")


def leave_browsers(tx: Tx, site_id: int, account_id: int, *, but: bytes = b"") -> None:
    """Know none of somebody's browsers again but that one: who has a lost one votes and edits for nobody."""
    for visitor_id in visitors.list_browsers(tx, site_id, account_id, but=but):
        visitors.set_token(tx, visitor_id, hash_token(new_token()))


def _join(tx: Tx, site_id: int, account_id: int, browser: Browser, *, now: datetime) -> None:
    """What this browser wrote and voted is its person's from now on; what is somebody else's already stays theirs.

    Whoever used it before may have noted its token. So it gets another one, and the old one opens nothing any more.
    """
    if browser.visitor:
        visitor = ensure_visitor(tx, site_id, browser.visitor, network=browser.network, now=now)
        if visitor.account_id is None:
            visitors.join_visitor(tx, visitor.id, account_id)
            tx.announce(BrowserJoined(site_id, visitor.id, account_id, now))
        if browser.becomes and visitor.account_id in (None, account_id):
            visitors.set_token(tx, visitor.id, browser.becomes)
            move_answers(tx, site_id, before=browser.visitor, after=browser.becomes)
            return
    if browser.becomes:
        visitor = ensure_visitor(tx, site_id, browser.becomes, network=browser.network, now=now)
        visitors.join_visitor(tx, visitor.id, account_id)
