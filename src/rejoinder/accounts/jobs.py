"""What accounts forget as time goes by."""

from datetime import timedelta

from rejoinder.accounts.queries import staff, visitors
from rejoinder.db import Tx

NETWORK_KEPT = timedelta(days=30)


def forget_networks(tx: Tx) -> int:
    """A visitor's blinded network is forgotten thirty days after the visitor was last seen."""
    return visitors.forget_networks(tx, tx.now - NETWORK_KEPT)


def forget_expired(tx: Tx) -> None:
    """Sessions and sign-in links that are over."""
    staff.delete_expired_sessions(tx, tx.now)
    staff.delete_expired_codes(tx, tx.now)
