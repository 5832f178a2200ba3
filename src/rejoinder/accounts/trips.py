"""Going elsewhere to sign in, and coming back: within ten minutes, once, on the same browser."""

from datetime import datetime, timedelta

from rejoinder.accounts.errors import TripOver
from rejoinder.accounts.models import Trip
from rejoinder.accounts.queries import elsewhere
from rejoinder.accounts.tokens import hash_token
from rejoinder.db import Tx, new_id
from rejoinder.screening.limits import Act, Sender, spend

TRIP_LASTS = timedelta(minutes=10)
PUBLISHER = ""
"""The way of the publisher's single sign-on; those of providers have their keys."""


def begin_trip(
    tx: Tx,
    site_id: int,
    way: str,
    state: str,
    verifier: str,
    *,
    leads_to: str,
    browser_hash: bytes,
    network: bytes,
    now: datetime,
) -> None:
    """Remember that this browser leaves with this state. Raises TooMany."""
    spend(tx, site_id, Act.SIGN_IN_ELSEWHERE, Sender(None, network), now=now)
    trip = Trip(new_id(), site_id, way, verifier, leads_to, None, now + TRIP_LASTS)
    elsewhere.insert_trip(tx, trip, state_hash=hash_token(state), browser_hash=browser_hash)


def end_trip(tx: Tx, site_id: int, way: str, state: str, browser_hash: bytes, *, now: datetime) -> Trip:
    """The trip that a browser comes back from. Raises TripOver where it never left, is back already, or took too long."""
    trip = elsewhere.take_trip(
        tx, site_id, way, state_hash=hash_token(state), browser_hash=browser_hash, now=now
    )
    if trip is None:
        raise TripOver
    return trip
