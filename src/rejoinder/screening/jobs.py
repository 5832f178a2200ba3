"""What screening forgets as time goes by."""

from datetime import timedelta

from rejoinder.db import Tx
from rejoinder.screening import queries
from rejoinder.screening.limits import LIMITS, Act

FINGERPRINTS_KEPT = timedelta(days=1)


def forget_limits(tx: Tx) -> int:
    """Who did nothing for longer than any limit of an act looks back is not remembered."""
    longest = {act: max(limit.window for limit in LIMITS if limit.act is act) for act in Act}
    return sum(queries.forget_limits(tx, act, tx.now - window) for act, window in longest.items())


def forget_fingerprints(tx: Tx) -> int:
    """Fingerprints are compared for a day."""
    return queries.forget_fingerprints(tx, tx.now - FINGERPRINTS_KEPT)
