"""Keys that sign forms and blind addresses. They are made at first need, turn every week and end after thirty days.

Mailboxes have a key of their own that stays: mails to one are counted over thirty days, and forgotten after them.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from rejoinder.db import Database, Tx

from . import queries
from .models import Key

Purpose: TypeAlias = Literal["forms", "network", "mailbox"]

TURNS_AFTER = timedelta(days=7)
LASTS = timedelta(days=30)
STAYS = timedelta(days=36500)
PURPOSES: Mapping[Purpose, tuple[timedelta, timedelta]] = {
    "forms": (TURNS_AFTER, LASTS),
    "network": (TURNS_AFTER, LASTS),
    "mailbox": (STAYS, STAYS),
}
"""After how long a key of each purpose turns, and ends."""

# A new key is used only when every process has heard of it: each looks once an hour.
SETTLES_AFTER = timedelta(hours=2)
LOOKS_EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


class Keys:
    """The keys as this process knows them. Call `load` before the first use."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._rings: dict[str, tuple[Key, ...]] = {}

    async def load(self) -> None:
        """Read the keys; make new ones where they are missing or due, forget those that have ended."""
        self._rings = await self._db.write(turn_keys, now=datetime.now(UTC))

    async def keep_fresh(self) -> None:
        """Load again every hour, for as long as the server runs."""
        while True:
            await asyncio.sleep(LOOKS_EVERY.total_seconds())
            try:
                await self.load()
            except Exception:
                log.exception("keys could not be loaded; the old ones stay in use")

    def current(self, purpose: Purpose, now: datetime) -> Key:
        """The key to use: the newest that has settled, or the oldest where none has."""
        ring = self._rings[purpose]
        return next((key for key in ring if key.made_at <= now - SETTLES_AFTER), ring[-1])

    def valid(self, purpose: Purpose, now: datetime) -> tuple[Key, ...]:
        """Every key that something may still have been made with."""
        return tuple(key for key in self._rings[purpose] if key.ends_at > now)


def turn_keys(tx: Tx, *, now: datetime) -> dict[str, tuple[Key, ...]]:
    """Forget ended keys, make those that are due, and return all, newest first."""
    queries.lock_keys(tx, now + LASTS)
    queries.delete_ended_keys(tx, now)
    kept = queries.list_keys(tx)
    rings: dict[str, tuple[Key, ...]] = {}
    for purpose, (turns_after, lasts) in PURPOSES.items():
        ring = tuple(key for key in kept if key.purpose == purpose)
        if not ring or ring[0].made_at <= now - turns_after:
            fresh = Key(purpose, now, now + lasts, secrets.token_bytes(32))
            queries.insert_key(tx, fresh)
            ring = (fresh, *ring)
        rings[purpose] = ring
    return rings


def blind_network(keys: Keys, network: bytes, *, now: datetime) -> bytes:
    """A network as the database may know it: 16 bytes that nobody can turn back once the key has ended."""
    return _blind(keys.current("network", now), network)


def blinded_before(keys: Keys, network: bytes, *, now: datetime) -> list[bytes]:
    """What the database may know a network as from earlier: blinded with each key that is still good."""
    return [_blind(key, network) for key in keys.valid("network", now)]


def blind_mailbox(keys: Keys, mailbox: str, *, now: datetime) -> bytes:
    """A mailbox in the same way: mails to it can be counted, and nobody reads whose it is."""
    key = keys.current("mailbox", now)
    return hashlib.blake2b(mailbox.encode(), digest_size=16, key=key.value).digest()


def _blind(key: Key, network: bytes) -> bytes:
    return hashlib.blake2b(network, digest_size=16, key=key.value).digest()
