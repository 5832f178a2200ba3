"""Ids: 63-bit integers that grow with time, shown as 13 characters.

41 bits are milliseconds since 2024, 22 bits a counter of this process that starts at random.
An id is a public name, never a secret: every look-up behind one is a permission check.
"""

import secrets
import threading
import time

from rejoinder.errors import NotFound

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
LENGTH = 13
COUNTER_BITS = 22
COUNTER_MASK = (1 << COUNTER_BITS) - 1
FIRST_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z

_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_DIGIT = {character: value for value, character in enumerate(ALPHABET)}


class _Source:
    """Draws ids for this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counter = secrets.randbelow(1 << COUNTER_BITS)
        self._last = 0

    def draw(self) -> int:
        with self._lock:
            self._counter = (self._counter + 1) & COUNTER_MASK
            now = time.time_ns() // 1_000_000 - FIRST_MS
            if (
                now << COUNTER_BITS | self._counter
            ) <= self._last:  # the clock was set back, or the counter turned
                now = (self._last >> COUNTER_BITS) + (self._counter <= self._last & COUNTER_MASK)
            self._last = now << COUNTER_BITS | self._counter
            return self._last


_source = _Source()


def new_id() -> int:
    """Make an id greater than every one this process made before, also when the clock was set back.

    Two processes may, very rarely, draw the same id: insert with ON CONFLICT DO NOTHING and draw again.
    """
    return _source.draw()


def show_id(number: int) -> str:
    """Write an id as people and addresses see it: 13 characters, Crockford base 32, lower case."""
    if not 0 <= number < 1 << 63:
        raise ValueError(f"not an id: {number}")
    pairs = [_PAIRS[number >> shift & 1023] for shift in (55, 45, 35, 25, 15, 5)]
    return "".join((*pairs, ALPHABET[number & 31]))


def read_id(shown: str) -> int:
    """Read what `show_id` wrote; any other spelling names nothing and raises `NotFound`."""
    number = 0
    for character in shown if len(shown) == LENGTH else "-":
        if character not in _DIGIT:
            raise NotFound("not-found", "There is nothing at this address.")
        number = number << 5 | _DIGIT[character]
    if number >= 1 << 63:
        raise NotFound("not-found", "There is nothing at this address.")
    return number
