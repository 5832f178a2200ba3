"""The files of an import: plain or gzipped, read line by line however large they are."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from rejoinder.transfer.errors import Damaged, NotOurs

LONGEST_LINE = 16 * 1024 * 1024
GZIP = b"\x1f\x8b"
MOST_FILES = 1_000
"""Of one import, those in zip archives counted one by one."""

# A place is the number of the file, the line in it, and which of the records that begin in this line.
_FILE_SHIFT, _LINE_SHIFT = 52, 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end, its place, and how many bytes of its (packed) file were read so far."""

    place: int
    text: bytes
    read: int


def place_of(file: int, line: int, nth: int = 0) -> int:
    """The place of a record in an import: a number that grows from record to record."""
    return file << _FILE_SHIFT | line << _LINE_SHIFT | nth


def where(place: int) -> str:
    """A place as people say it."""
    file, line = place >> _FILE_SHIFT, (place >> _LINE_SHIFT) & ((1 << (_FILE_SHIFT - _LINE_SHIFT)) - 1)
    return f"file {file + 1}, line {line}" if file else f"line {line}"


def digest_of(files: Sequence[Path], *marks: str) -> str:
    """What tells one import from another: the bytes of its files, and how they are read."""
    digest = hashlib.sha256("\0".join(marks).encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def read_lines(path: Path, number: int) -> Iterator[Line]:
    """The lines of one file; blank ones are left out. Raises NotOurs or Damaged."""
    count = 0
    with _opened(path) as (raw, packed):
        while True:
            try:
                text = raw.readline(LONGEST_LINE + 1)
            except (EOFError, gzip.BadGzipFile, zlib.error):
                raise Damaged(path.name, count + 1, "The packed file is cut off or broken here.") from None
            if not text:
                return
            count += 1
            if len(text) > LONGEST_LINE:
                raise Damaged(path.name, count, "This line is longer than 16 MiB.")
            text = (text.removeprefix(b"\xef\xbb\xbf") if count == 1 else text).strip()
            if text:
                yield Line(place_of(number, count), text, packed.tell())


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BufferedReader | gzip.GzipFile, BufferedReader]]:
    try:
        packed = path.open("rb")
    except OSError as error:
        raise NotOurs(path.name, f"This file can't be read ({error.strerror}).") from None
    with packed:
        if packed.peek(2)[:2] != GZIP:
            yield packed, packed
            return
        with gzip.GzipFile(fileobj=packed) as unpacked:
            yield unpacked, packed
