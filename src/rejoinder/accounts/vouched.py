"""Letting in whom somebody else vouches for: an OpenID provider, or the publisher. Decision 0013 says why so."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from rejoinder.accounts.errors import AddressTaken, NameTaken, StaffElsewhere, TripOver
from rejoinder.accounts.mail_codes import Entered, NameWanted
from rejoinder.accounts.models import Account, Browser, Role, Trip, Vouched
from rejoinder.accounts.naming import fitting_name, hold_name
from rejoinder.accounts.queries import elsewhere, staff
from rejoinder.accounts.queries.left import has_left
from rejoinder.accounts.sessions import open_session
from rejoinder.accounts.tokens import hash_token, new_token
from rejoinder.accounts.trips import PUBLISHER
from rejoinder.db import Tx, new_id
from rejoinder.text.addresses import email_key
from rejoinder.text.names import Name

LENT_FOR = timedelta(hours=12)
"""A role that the publisher's token gives ends after so long, or when the next token no longer says it."""


def let_in(
    tx: Tx, trip: Trip, vouched: Vouched, admits: AbstractSet[Role], browser: Browser, *, now: datetime
) -> Entered | NameWanted:
    """Sign in whom this identity belongs to; who is new is asked for a name.

    `admits` are the roles whose holders may come in this way. Raises StaffElsewhere for others, AddressTaken where the
    address is somebody's who is somebody else there.
    """
    account = elsewhere.find_vouched(tx, trip.site_id, vouched) or _at_address(tx, trip.site_id, vouched)
    if account is not None:
        return _enter(tx, account, trip, vouched, browser, admits=admits, now=now)
    waiting = replace(trip, id=new_id(), said=vouched)
    elsewhere.insert_trip(tx, waiting, state_hash=hash_token(new_token()), browser_hash=browser.trip or b"")
    return NameWanted()


def become_vouched_member(
    tx: Tx, site_id: int, name: Name, admits: AbstractSet[Role], browser: Browser, *, now: datetime
) -> Entered:
    """Make an account under this name for who came back from elsewhere. Raises TripOver or NameTaken."""
    taken = elsewhere.take_vouched_trips(tx, site_id, browser.trip or b"")
    if not taken or taken[0].said is None or taken[0].expires_at <= now:
        raise TripOver
    trip, vouched = taken[0], taken[0].said
    known = elsewhere.find_vouched(tx, site_id, vouched)
    account = known or _new_member(tx, site_id, name, vouched, now=now)
    entered = _enter(tx, account, trip, vouched, browser, admits=admits, now=now)
    return entered if known else replace(entered, finds=has_left(tx, account.id))


def suggested_name(tx: Tx, trip: Trip, reserved: Iterable[str]) -> str:
    """What somebody is called elsewhere, where that is fit for here and nobody's; else nothing."""
    name = (
        fitting_name(tx, trip.site_id, trip.said.name, reserved=reserved)
        if trip.said and trip.said.name
        else None
    )
    return name.text if name else ""


def _new_member(tx: Tx, site_id: int, name: Name, vouched: Vouched, *, now: datetime) -> Account:
    account = elsewhere.insert_vouched_member(
        tx,
        new_id(),
        site_id,
        name=name.text,
        name_key=name.key,
        email=vouched.email,
        email_key=email_key(vouched.email) if vouched.email else None,
        now=now,
    )
    if account is None:
        raise NameTaken
    hold_name(tx, account)
    return account


def _at_address(tx: Tx, site_id: int, vouched: Vouched) -> Account | None:
    """Whose address it is that was proved there: they are the same person, unless they are known there as another."""
    if vouched.email is None:
        return None
    account = staff.find_account_at(tx, site_id, email_key(vouched.email))
    if account and elsewhere.has_identity(tx, account, vouched.issuer):
        raise AddressTaken
    return account


def _enter(
    tx: Tx,
    account: Account,
    trip: Trip,
    vouched: Vouched,
    browser: Browser,
    *,
    admits: AbstractSet[Role],
    now: datetime,
) -> Entered:
    held = elsewhere.roles_of(tx, account, now)
    if {each.role for each in held if not _is_lent_by(trip, each)} - admits:
        raise StaffElsewhere
    elsewhere.put_identity(tx, account, vouched, now)
    is_theirs = account.email and vouched.email and email_key(account.email) == email_key(vouched.email)
    is_first = bool(is_theirs) and staff.verify_email(tx, account.id, now)
    if trip.way == PUBLISHER:
        elsewhere.set_website(tx, account.id, vouched.website)
        _lend(tx, account, vouched.role, now=now)
    elsewhere.take_vouched_trips(tx, account.site_id, browser.trip or b"")
    token = open_session(tx, account.site_id, account.id, browser, now=now)
    return Entered(token, finds=is_first and has_left(tx, account.id))


def _is_lent_by(trip: Trip, held: elsewhere.Held) -> bool:
    """Whether it is for this way to say if a role goes on."""
    return held.lent_until is not None and trip.way == PUBLISHER


def _lend(tx: Tx, account: Account, role: Role | None, *, now: datetime) -> None:
    ended = elsewhere.end_lent_roles(tx, account, but=role)
    if role:
        elsewhere.lend_role(tx, account, role, until=now + LENT_FOR, now=now)
    if ended or role:
        tx.touch(f"site:{account.site_id}")
