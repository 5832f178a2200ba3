"""Documents in the files of an import: plain, gzipped or zipped, unpacked as they are read and within limits."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from rejoinder.transfer.errors import Damaged, NotOurs
from rejoinder.transfer.files import GZIP, MOST_FILES

AT_ONCE = 64 * 1024
MOST_ENTRIES = 10_000
MOST_GROWTH = 100
"""So many bytes at most come out of one: deflate itself reaches a thousand, no text that people wrote fifty."""

_GROWS_FREELY = 10 * 1024 * 1024
_ZIP = b"PK"


@dataclass(frozen=True, slots=True)
class Document:
    """A file, or a member of a zip archive. `before`: how many bytes the files before it have."""

    path: Path
    before: int
    member: str | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.path.name}, {self.member}" if self.member else self.path.name


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some bytes of a document, and how many of the import's (packed) bytes were read so far."""

    data: bytes
    read: int


def list_documents(files: Sequence[Path]) -> list[Document]:
    """What is to be read, in order; of a zip archive all that is XML, by name. Raises NotOurs."""
    documents: list[Document] = []
    before = 0
    for path in files:
        documents += [Document(path, before, member) for member in _members(path)]
        before += path.stat().st_size
    if len(documents) > MOST_FILES:
        raise NotOurs(files[0].name, f"These are more than {MOST_FILES} files. Import them a part at a time.")
    return documents


def _members(path: Path) -> Sequence[str | None]:
    with path.open("rb") as file:
        if file.read(2) != _ZIP:
            return [None]
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise NotOurs(path.name, "This zip archive is broken.") from None
    if len(entries) > MOST_ENTRIES:
        raise NotOurs(path.name, f"This zip archive has more than {MOST_ENTRIES} entries.")
    for entry in entries:
        name = PurePosixPath(entry.filename)
        if name.is_absolute() or ".." in name.parts or "\\" in entry.filename:
            raise NotOurs(path.name, f"{entry.filename!r:.80} leads out of this zip archive.")
    documents = sorted(
        entry.filename
        for entry in entries
        if entry.filename.lower().endswith(".xml") and not entry.filename.startswith("__MACOSX/")
    )
    if not documents:
        raise NotOurs(path.name, "There is no XML file in this zip archive.")
    return documents


def read_chunks(document: Document) -> Iterator[Chunk]:
    """The bytes of a document, piece by piece. Raises Damaged where it can't be unpacked, or grows like a bomb."""
    with document.path.open("rb") as packed:
        try:
            unpacked, size = _unpacked(document, packed)
            with unpacked:
                yield from _bounded(document, unpacked, packed, size)
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error):
            raise Damaged(document.name, None, "The packed file is cut off or broken.") from None
        except RuntimeError:  # another method than deflate, or a password
            raise Damaged(document.name, None, "It is packed in a way that can't be read here.") from None


def _unpacked(document: Document, packed: IO[bytes]) -> tuple[IO[bytes] | gzip.GzipFile, int | None]:
    """What is read, and how large it is packed; None where it isn't."""
    if document.member is not None:
        archive = zipfile.ZipFile(packed)
        return archive.open(document.member), archive.getinfo(document.member).compress_size
    is_gzipped = packed.read(2) == GZIP
    packed.seek(0)
    if not is_gzipped:
        return packed, None
    return gzip.GzipFile(fileobj=packed), document.path.stat().st_size


def _bounded(
    document: Document, unpacked: IO[bytes] | gzip.GzipFile, packed: IO[bytes], size: int | None
) -> Iterator[Chunk]:
    total = 0
    while data := unpacked.read(AT_ONCE):
        total += len(data)
        if size is not None and total > _GROWS_FREELY + MOST_GROWTH * size:
            raise Damaged(document.name, None, f"It unpacks to more than {MOST_GROWTH} times its size.")
        yield Chunk(data, document.before + packed.tell())
