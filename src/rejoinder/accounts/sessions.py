"""Sessions: who is signed in, on which browser. They are read with each request, so an end is at once and everywhere."""

from datetime import datetime, timedelta

from rejoinder.accounts.events import BrowserJoined
from rejoinder.accounts.know import ensure_visitor
from rejoinder.accounts.models import Browser, Person
from rejoinder.accounts.queries import sessions, visitors
from rejoinder.accounts.tokens import hash_token, new_token
from rejoinder.db import Tx, new_id

SESSION_LASTS = timedelta(days=7)


def open_session(tx: Tx, site_id: int, account_id: int, browser: Browser, *, now: datetime) -> str:
    """Sign somebody in, on this browser from now on with this token and no other.

    Who was signed in on it already goes on with the same session and has proved anew who they are; the session of
    somebody else on it ends.
    """
    token = new_token()
    opened = sessions.Opened(site_id, account_id, hash_token(token), browser.kind, now + SESSION_LASTS, now)
    old = browser.session or b""
    if not sessions.renew_session(tx, old, opened):
        sessions.delete_session(tx, site_id, old)
        sessions.insert_session(tx, new_id(), opened)
    if browser.visitor:
        _join(tx, site_id, account_id, browser, now=now)
    return token


def person_of(tx: Tx, site_id: int, token: str, *, now: datetime) -> Person | None:
    """Who is signed in with this session, with every role on this site; None when nobody is."""
    rows = sessions.find_session(tx, site_id, hash_token(token), now)
    if not rows:
        return None
    first = rows[0]
    roles = frozenset(row.role for row in rows if row.role)
    return Person(first.account_id, site_id, first.name, roles, first.expires_at, first.proved_at)


def sign_out(tx: Tx, site_id: int, token: str) -> None:
    """End a session everywhere at once."""
    sessions.delete_session(tx, site_id, hash_token(token))


def _join(tx: Tx, site_id: int, account_id: int, browser: Browser, *, now: datetime) -> None:
    """What this browser wrote and voted is its person's from now on; one that is somebody's already stays theirs."""
    visitor = ensure_visitor(tx, site_id, browser.visitor or b"", network=browser.network, now=now)
    if visitor.account_id is None:
        visitors.join_visitor(tx, visitor.id, account_id)
        tx.announce(BrowserJoined(site_id, visitor.id, account_id, now))
