"""What screening forgets as time goes by."""

from datetime import timedelta

from rejoinder.db import Tx
from rejoinder.screening import queries
from rejoinder.screening.limits import LIMITS

FINGERPRINTS_KEPT = timedelta(days=1)


def forget_limits(tx: Tx) -> int:
    """Who did nothing for longer than any limit looks back is not remembered."""
    return queries.forget_limits(tx, tx.now - max(limit.window for limit in LIMITS))


def forget_fingerprints(tx: Tx) -> int:
    """Fingerprints are compared for a day."""
    return queries.forget_fingerprints(tx, tx.now - FINGERPRINTS_KEPT)
