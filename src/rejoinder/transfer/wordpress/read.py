"""WordPress' own export (WXR 1.0 to 1.2, and what other programs write like it). Reading it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from operator import itemgetter
from typing import TypeAlias

from rejoinder.transfer.errors import NotOurs
from rejoinder.transfer.files import place_of
from rejoinder.transfer.mending import mend
from rejoinder.transfer.models import Fault, Item, Mended, Reading, Record, Source
from rejoinder.transfer.unpack import Chunk, Document, list_documents, read_chunks
from rejoinder.transfer.wordpress.blog import (
    AUTHOR,
    CHANNEL,
    COMMENT,
    POST,
    RECORDS,
    ROOT,
    Blog,
    Post,
    home_of,
    post_of,
    prefix_of,
)
from rejoinder.transfer.wordpress.comments import read_comment
from rejoinder.transfer.wordpress.pictures import Pictures
from rejoinder.transfer.wordpress.posts import read_post
from rejoinder.transfer.xml import Element, Found, find_flaw, read_records

SYSTEM = "wordpress"

_MOST_IN_A_LINE = (1 << 20) - 1
_MOST_REPAIRS = 10_000

What: TypeAlias = Record | Fault | Mended


def open_wordpress(reading: Reading) -> Source:
    """Read the heads of the files. Raises NotOurs where one is no export, or they are of several blogs."""
    documents = list_documents(reading.files)
    origins = [_origin(document) for document in documents]
    for document, origin in zip(documents, origins, strict=True):
        if origin != origins[0]:
            raise NotOurs(document.name, f"This file comes from another blog ({origin}) than the first one.")
    return Source(system=SYSTEM, origin=origins[0])


def read_wordpress(reading: Reading, tell: Callable[[int], None]) -> Iterator[Item]:
    """Every post and comment of the files; `tell` hears how many bytes were read. Raises NotOurs or Damaged."""
    pictures = Pictures(reading.images, reading.publication) if reading.images else None
    blog = Blog(reading.time_zone, pictures)
    for number, document in enumerate(list_documents(reading.files)):
        places = _Places(number)
        for line, what, read in _read_document(document, blog):
            if isinstance(what, Mended):
                yield Item(places.between(), replace(what, place=place_of(number, line)))
            else:
                yield Item(places.at(line), what)
            tell(read)


def _origin(document: Document) -> str:
    """The blog's address, without what changes when it is moved to https."""
    mended = mend(document, read_chunks(document), root=ROOT, tell=lambda line, kind, message: None)
    for found in _records(document, mended):
        channel = found.element if found.element.name == CHANNEL else found.element.parent
        if channel is not None and channel.name == CHANNEL and found.element.name in (POST, CHANNEL):
            address = home_of(channel)
            return address.partition("://")[2].rstrip("/").lower() or address
    return ""


def _read_document(document: Document, blog: Blog) -> Iterator[tuple[int, What, int]]:
    """What is in a document, each with its line and the number of bytes read; what was mended on the way stands before."""
    repairs = _Repairs()
    item: Element | None = None
    post = Post("", None)
    read = 0
    for found in _records(document, _well_formed(document, repairs)):
        element, read = found.element, found.read
        yield from ((line, what, read) for line, what in repairs.taken())
        if element.name == AUTHOR:
            blog.meet(element)
        elif element.name == COMMENT:
            if element.parent is not item:
                item = element.parent
                post = post_of(item, blog) if item is not None else post
            yield from ((element.line, what, read) for what in read_comment(element, post, blog))
        elif element.name == POST:
            is_discussed = element is item
            post = post if is_discussed else post_of(element, blog)
            blog.home = home_of(element.parent) if element.parent else ""
            whats = read_post(element, post, blog, is_discussed=is_discussed)
            yield from ((element.line, what, read) for what in whats)
        elif element.name == ROOT and blog.left_out:
            yield element.line, Mended("left-out", _left_out(blog)), read
    yield from ((line, what, read) for line, what in repairs.taken())


def _well_formed(document: Document, repairs: "_Repairs") -> Iterable[Chunk]:
    """The document as it is, if a strict parser reads it to its end; else mended."""
    flaw = find_flaw(document, read_chunks(document))
    if flaw is None:
        return read_chunks(document)
    why = f"{document.name} is no well-formed XML from here ({flaw.why}), so it is read with repairs"
    repairs.tell(flaw.line, "xml", why)
    return mend(document, read_chunks(document), root=ROOT, tell=repairs.tell)


class _Repairs:
    """What was mended since the record before."""

    def __init__(self) -> None:
        self.told: list[tuple[int, Mended]] = []

    def tell(self, line: int, kind: str, message: str) -> None:
        """Remember a repair; between two records there is room for so many."""
        if len(self.told) < _MOST_REPAIRS:
            self.told.append((line, Mended(kind, message)))

    def taken(self) -> list[tuple[int, Mended]]:
        """The repairs in the order of their lines, once."""
        told, self.told = sorted(self.told, key=itemgetter(0)), []
        return told


def _left_out(blog: Blog) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(blog.left_out.items()))
    blog.left_out.clear()
    return f"left out, because nobody said anything of them: {kinds}"


def _records(document: Document, chunks: Iterable[Chunk]) -> Iterator[Found]:
    return read_records(document, chunks, root=ROOT, records=RECORDS, prefix=prefix_of)


class _Places:
    """Numbers the records of a file by their lines; one that ends behind others stands behind them."""

    def __init__(self, file: int) -> None:
        self.file, self.line, self.nth = file, 0, 0

    def at(self, line: int) -> int:
        """The place of a record that begins in a line."""
        if line <= self.line:
            return self.between()
        self.line, self.nth = line, 0
        return place_of(self.file, line)

    def between(self) -> int:
        """The next place behind a record."""
        if self.nth < _MOST_IN_A_LINE:
            self.nth += 1
        else:
            self.line, self.nth = self.line + 1, 0
        return place_of(self.file, self.line, self.nth)
