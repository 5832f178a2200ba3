"""Where snapshots are kept: bounded in bytes, found by key, by raw address and by what they show."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from rejoinder.db import Tx

from .representations import Representation
from .sheet import Sheet

# Site (its base URL), path, and the closed parameters in fixed order.
Key: TypeAlias = tuple[str, str, tuple[tuple[str, str], ...]]
# Host, path and query as they came over the wire.
Address: TypeAlias = tuple[bytes, bytes, bytes]

OVERHEAD = 4096  # bytes a snapshot costs beside its content
MOST_ALIASES = 2048
LONGEST_ALIAS = 1024


@dataclass(slots=True, eq=False)
class Snapshot:
    """A page as it is answered, and what it takes to draw it again. `hits` counts who came since it was first kept."""

    key: Key
    load: Callable[[Tx], Sheet]
    representation: Representation
    version: int
    tags: frozenset[str]
    valid_until: datetime | None
    drawn_at: float
    stale: bool = False
    failures: int = 0
    hits: int = 0
    hits_when_drawn: int = 0
    hits_when_swept: int = 0
    size: int = 0
    redraw: asyncio.TimerHandle | None = None
    expiry: asyncio.TimerHandle | None = None
    filed_under: frozenset[str] = frozenset()
    addresses: set[Address] = field(default_factory=set)

    @property
    def is_used(self) -> bool:
        """Whether anybody came for it since it was drawn."""
        return self.hits != self.hits_when_drawn


class Shelf:
    """The table of snapshots. All of it belongs to the event loop's thread."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._by_key: OrderedDict[Key, Snapshot] = OrderedDict()
        self._by_tag: dict[str, set[Snapshot]] = {}
        self._addresses: dict[Address, Snapshot] = {}
        self._aliases: OrderedDict[Address, tuple[Snapshot, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_key)

    def get(self, key: Key) -> Snapshot | None:
        """The snapshot under a key."""
        return self._by_key.get(key)

    def find(self, address: Address) -> Snapshot | None:
        """The snapshot that answers a raw address, if that is known and new enough for it."""
        snapshot = self._addresses.get(address)
        if snapshot is not None:
            return snapshot
        alias = self._aliases.get(address)
        return alias[0] if alias is not None and alias[0].version >= alias[1] else None

    def tagged(self, tags: Iterable[str]) -> list[Snapshot]:
        """Every snapshot that shows one of these; "*" is all of them."""
        tags = set(tags)
        if "*" in tags:
            return list(self._by_key.values())
        return list(set().union(*(self._by_tag.get(tag, ()) for tag in tags)))

    def put(self, snapshot: Snapshot) -> None:
        """Keep a snapshot, or take notice of what changed in one that is kept; make room for it."""
        self._file(snapshot, snapshot.tags)
        self._by_key[snapshot.key] = snapshot
        self.weigh(snapshot)

    def weigh(self, snapshot: Snapshot) -> None:
        """Count the bytes of a kept snapshot again and make room."""
        size = snapshot.representation.size + OVERHEAD
        self.size += size - snapshot.size
        snapshot.size = size
        self._make_room()

    def drop(self, snapshot: Snapshot) -> None:
        """Forget a snapshot and every address that led to it."""
        if self._by_key.get(snapshot.key) is not snapshot:
            return
        del self._by_key[snapshot.key]
        self.size -= snapshot.size
        snapshot.size = 0
        self._file(snapshot, frozenset())
        for address in snapshot.addresses:
            self._addresses.pop(address, None)
            self._aliases.pop(address, None)
        for timer in (snapshot.redraw, snapshot.expiry):
            if timer is not None:
                timer.cancel()

    def learn(self, address: Address, snapshot: Snapshot) -> None:
        """Remember the one raw address that a snapshot has."""
        if self._by_key.get(snapshot.key) is snapshot:
            self._addresses[address] = snapshot
            snapshot.addresses.add(address)

    def learn_alias(self, address: Address, snapshot: Snapshot, at_least: int) -> None:
        """Remember another spelling; there is no end of them, so the oldest are forgotten."""
        if self._by_key.get(snapshot.key) is not snapshot or sum(map(len, address)) > LONGEST_ALIAS:
            return
        self._aliases[address] = (snapshot, at_least)
        snapshot.addresses.add(address)
        if len(self._aliases) > MOST_ALIASES:
            forgotten, (owner, _) = self._aliases.popitem(last=False)
            owner.addresses.discard(forgotten)

    def _file(self, snapshot: Snapshot, tags: frozenset[str]) -> None:
        for tag in snapshot.filed_under - tags:
            self._by_tag[tag].discard(snapshot)
            if not self._by_tag[tag]:
                del self._by_tag[tag]
        for tag in tags - snapshot.filed_under:
            self._by_tag.setdefault(tag, set()).add(snapshot)
        snapshot.filed_under = tags

    def _make_room(self) -> None:
        """Drop the oldest until all fits; one that was asked for since the last time is passed over once."""
        while self.size > self.limit and self._by_key:
            oldest = next(iter(self._by_key.values()))
            if oldest.hits != oldest.hits_when_swept:
                oldest.hits_when_swept = oldest.hits
                self._by_key.move_to_end(oldest.key)
            else:
                self.drop(oldest)
