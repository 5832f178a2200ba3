"""Where a page of a list begins: opaque words that lead on exactly, whatever arrives meanwhile."""

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import from_ms, to_ms
from rejoinder.errors import N_, Invalid

_WORD = re.compile(r"[a-z2-7]{20,180}")
_LONGEST_PATH = 96  # bytes: six pairs of 16


@dataclass(frozen=True, slots=True)
class ByPlace:
    """Behind the top-level comment with this time and id; with a path, behind that row of its branch."""

    placed_at: datetime
    id: int
    path: bytes = b""


@dataclass(frozen=True, slots=True)
class ByEdition:
    """Behind so many comments of the order that was stored at this time; with a path, behind that row of the next branch."""

    made_at: datetime
    position: int
    path: bytes = b""


def write_place(cursor: ByPlace) -> str:
    """A word for it: 26 letters and digits, more with a path."""
    return _write(to_ms(cursor.placed_at).to_bytes(8, "big") + cursor.id.to_bytes(8, "big") + cursor.path)


def read_place(word: str, *, within: bool = False) -> ByPlace:
    """Read it again, with a path only where a list goes on `within` a branch. Raises Invalid."""
    raw, path = _read(word, 16, within=within)
    id_ = int.from_bytes(raw[8:], "big")
    if id_ >= 1 << 63:
        raise _wrong()
    return ByPlace(_time(raw[:8]), id_, path)


def write_edition(cursor: ByEdition) -> str:
    """A word for it: 20 letters and digits, more with a path."""
    return _write(to_ms(cursor.made_at).to_bytes(8, "big") + cursor.position.to_bytes(4, "big") + cursor.path)


def read_edition(word: str, *, within: bool = False) -> ByEdition:
    """Read it again, with a path only where a list goes on `within` a branch. Raises Invalid."""
    raw, path = _read(word, 12, within=within)
    return ByEdition(_time(raw[:8]), int.from_bytes(raw[8:], "big"), path)


def write_path(path: bytes) -> str:
    """A word for a place in a branch: at most six pairs."""
    return _write(path)


def read_path(word: str) -> bytes:
    """Read it again. Raises Invalid."""
    raw = _decode(word)
    if not raw or not _is_path(raw):
        raise _wrong()
    return raw


def _write(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=").lower()


def _read(word: str, length: int, *, within: bool) -> tuple[bytes, bytes]:
    raw = _decode(word) if _WORD.fullmatch(word) else None
    if raw is None or len(raw) < length:
        raise _wrong()
    path = raw[length:]
    if not _is_path(path) or (path and not within):
        raise _wrong()
    return raw[:length], path


def _is_path(raw: bytes) -> bool:
    return len(raw) <= _LONGEST_PATH and not len(raw) % 16


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
