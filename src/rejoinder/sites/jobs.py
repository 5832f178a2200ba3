"""What is forgotten of settings as time goes by."""

from datetime import timedelta

from rejoinder.db import Tx
from rejoinder.sites import queries

CHANGES_KEPT = timedelta(days=730)


def forget_changes(tx: Tx) -> int:
    """Who changed which setting is known for two years."""
    return queries.delete_changes(tx, tx.now - CHANGES_KEPT)
