"""Slots: places in a drawn thing that features fill. The table of them is the roof's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Slot:
    """What one feature adds at one place: a loader, called once a page with all ids, and the template of a piece.

    The loader never sees the viewer: a page is the same for everybody.
    """

    place: str
    load: Callable[[Tx, Sequence[int]], Mapping[int, object]]
    fragment: str


Slots: TypeAlias = tuple[Slot, ...]


Mine: TypeAlias = Callable[[Tx, int, int, Any], Mapping[int, int]]
"""What a feature knows of one reader in one thread: site, thread and caller → a number by comment."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with what its feature has to say about the things of a page, by id."""

    slot: Slot
    records: Mapping[int, object]


def fill_slots(tx: Tx, slots: Slots, place: str, ids: Sequence[int]) -> tuple[Filled, ...]:
    """Load what the features add at this place; one statement a feature, however many ids."""
    return tuple(Filled(slot, slot.load(tx, ids)) for slot in slots if slot.place == place)
