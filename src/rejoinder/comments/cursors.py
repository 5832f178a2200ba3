"""Where a page of a list begins: opaque words that lead on exactly, whatever arrives meanwhile."""

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import from_ms, to_ms
from rejoinder.errors import N_, Invalid

_WORD = re.compile(r"[a-z2-7]{20,26}")


@dataclass(frozen=True, slots=True)
class ByPlace:
    """Behind the top-level comment with this time and id."""

    placed_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class ByEdition:
    """Behind so many comments of the order that was stored at this time."""

    made_at: datetime
    position: int


def write_place(cursor: ByPlace) -> str:
    """A word for it: 26 letters and digits."""
    return _write(to_ms(cursor.placed_at).to_bytes(8, "big") + cursor.id.to_bytes(8, "big"))


def read_place(word: str) -> ByPlace:
    """Read it again. Raises Invalid."""
    raw = _read(word, 16)
    id_ = int.from_bytes(raw[8:], "big")
    if id_ >= 1 << 63:
        raise _wrong()
    return ByPlace(_time(raw[:8]), id_)


def write_edition(cursor: ByEdition) -> str:
    """A word for it: 20 letters and digits."""
    return _write(to_ms(cursor.made_at).to_bytes(8, "big") + cursor.position.to_bytes(4, "big"))


def read_edition(word: str) -> ByEdition:
    """Read it again. Raises Invalid."""
    raw = _read(word, 12)
    return ByEdition(_time(raw[:8]), int.from_bytes(raw[8:], "big"))


def write_path(path: bytes) -> str:
    """A word for a place in a branch: at most six pairs."""
    return _write(path)


def read_path(word: str) -> bytes:
    """Read it again. Raises Invalid."""
    raw = _decode(word)
    if raw is None or not 0 < len(raw) <= 96 or len(raw) % 16:
        raise _wrong()
    return raw


def _write(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=").lower()


def _read(word: str, length: int) -> bytes:
    raw = _decode(word) if _WORD.fullmatch(word) else None
    if raw is None or len(raw) != length:
        raise _wrong()
    return raw


def _decode(word: str) -> bytes | None:
    try:
        raw = b32decode(word.upper() + "=" * (-len(word) % 8))
    except ValueError:
        return None
    # One place has one word, so that a page has one address.
    return raw if _write(raw) == word else None


def _wrong() -> Invalid:
    return Invalid("wrong-parameter", N_("This page of the discussion does not exist."), field="after")


def _time(raw: bytes) -> datetime:
    milliseconds = int.from_bytes(raw, "big")
    if milliseconds > 253_402_300_799_999:
        raise _wrong()
    return from_ms(milliseconds)
