"""WordPress' own export (WXR 1.0 to 1.2, and what other programs write like it). Reading it."""

from collections.abc import Callable, Iterable, Iterator
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
    line_of,
    post_of,
    prefix_of,
)
from rejoinder.transfer.wordpress.comments import read_comment
from rejoinder.transfer.wordpress.posts import read_post
from rejoinder.transfer.xml import Element, Found, find_flaw, read_records

SYSTEM = "wordpress"

_MOST_IN_A_LINE = (1 << 20) - 1

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
    blog = Blog(reading.time_zone)
    for number, document in enumerate(list_documents(reading.files)):
        places = _Places(number)
        for line, what, read in _read_document(document, blog):
            yield Item(places.next(line), what)
            tell(read)


def _origin(document: Document) -> str:
    """The blog's address, without what changes when it is moved to https."""
    mended = mend(document, read_chunks(document), root=ROOT, tell=lambda line, kind, message: None)
    for found in _records(document, mended):
        channel = found.element if found.element.name == CHANNEL else found.element.parent
        if channel is not None and channel.name == CHANNEL and found.element.name in (POST, CHANNEL):
            address = line_of(channel, "wp:base_blog_url") or line_of(channel, "link")
            return address.partition("://")[2].rstrip("/").lower() or address
    return ""


def _read_document(document: Document, blog: Blog) -> Iterator[tuple[int, What, int]]:
    """What is in a document, each with its line and the number of bytes read; what was mended on the way stands before."""
    mended: list[tuple[int, Mended]] = []
    flaw = find_flaw(document, read_chunks(document))
    chunks: Iterable[Chunk] = read_chunks(document)
    if flaw is not None:
        why = f"{document.name} is no well-formed XML from here ({flaw.why}), so it is read with repairs"
        mended.append((flaw.line, Mended("xml", why)))
        chunks = mend(
            document, chunks, root=ROOT, tell=lambda *told: mended.append((told[0], Mended(*told[1:])))
        )
    item: Element | None = None
    post = Post("", None)
    for found in _records(document, chunks):
        yield from ((line, what, found.read) for line, what in mended)
        mended.clear()
        element = found.element
        if element.name == AUTHOR:
            blog.meet(element)
        elif element.name == COMMENT:
            if element.parent is not item:
                item = element.parent
                post = post_of(item, blog) if item is not None else post
            yield from ((element.line, what, found.read) for what in read_comment(element, post, blog))
        elif element.name == POST:
            is_discussed = element is item
            post = post if is_discussed else post_of(element, blog)
            whats = read_post(element, post, blog, is_discussed=is_discussed)
            yield from ((element.line, what, found.read) for what in whats)


def _records(document: Document, chunks: Iterable[Chunk]) -> Iterator[Found]:
    return read_records(document, chunks, root=ROOT, records=RECORDS, prefix=prefix_of)


class _Places:
    """Numbers the records of a file by their lines; one that ends behind others stands behind them."""

    def __init__(self, file: int) -> None:
        self.file, self.line, self.nth = file, 0, 0

    def next(self, line: int) -> int:
        if line > self.line:
            self.line, self.nth = line, 0
        elif self.nth < _MOST_IN_A_LINE:
            self.nth += 1
        else:
            self.line, self.nth = self.line + 1, 0
        return place_of(self.file, self.line, self.nth)
