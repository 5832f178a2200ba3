"""Editions: an order of top-level comments, stored, so that walking it shows each once while votes move."""

import struct
from datetime import datetime, timedelta

from rejoinder.comments.models import Thread
from rejoinder.comments.queries import editions as queries
from rejoinder.comments.queries.editions import Edition
from rejoinder.db import Tx
from rejoinder.sites.models import Sort

FRESH_FOR = timedelta(minutes=1)
"""At most one edition a minute a thread and sort."""

KEPT_FOR = timedelta(hours=1)
"""How long a reader has to walk one."""


def fresh_edition(tx: Tx, thread: Thread, sort: Sort, *, now: datetime) -> Edition | None:
    """The newest edition, if it still says what the thread is or was made within a minute."""
    latest = queries.latest_edition(tx, thread.id, sort)
    if latest is None:
        return None
    is_current = latest.version == thread.version and latest.made_at > now - KEPT_FOR / 2
    return latest if is_current or latest.made_at > now - FRESH_FOR else None


def make_edition(tx: Tx, thread: Thread, sort: Sort) -> Edition:
    """Store the order as it is now, and forget those that nobody can be walking any more."""
    now = tx.now
    kept = fresh_edition(tx, thread, sort, now=now)
    if kept:
        return kept
    ids = queries.best_ids(tx, thread.id) if sort is Sort.BEST else queries.most_voted_ids(tx, thread.id)
    edition = Edition(now, thread.version, struct.pack(f">{len(ids)}q", *ids))
    queries.insert_edition(tx, thread.id, sort, edition)
    return edition


def ids_of(edition: Edition, start: int, most: int) -> list[int]:
    """Some ids of an edition, from a position on."""
    part = edition.ids[start * 8 : (start + most) * 8]
    return list(struct.unpack(f">{len(part) // 8}q", part))
