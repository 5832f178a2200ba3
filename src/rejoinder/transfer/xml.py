"""XML read as a stream: records are handed out as they end, and forgotten. No entity is ever declared or followed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from rejoinder.transfer.errors import Damaged, NotOurs
from rejoinder.transfer.mending import DEEPEST
from rejoinder.transfer.unpack import Chunk, Document

LARGEST = 16 * 1024 * 1024
"""Characters of one record, each element counted as a hundred: so much of a document is kept at a time."""

_ELEMENT_COSTS = 100
# Expat keeps a tag or a comment until it ends, and looks through it anew with each piece.
_LONGEST_MARK = 1024 * 1024
_SEPARATOR = "\n"

Prefix = Callable[[str], str]
"""Gives the prefix that a reader knows a namespace by."""


@dataclass(slots=True)
class Element:
    """An element with what is in it. `line` is where it begins; `is_cut`: the document ended before it did."""

    name: str
    line: int
    attributes: Mapping[str, str]
    parent: "Element | None"
    size: int = 0
    is_cut: bool = False
    content: list["str | Element"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Element"]:
        """The elements of this name in it."""
        return (child for child in self.content if isinstance(child, Element) and child.name == name)

    def text_of(self, name: str) -> str | None:
        """The text of the first element of this name in it; None where there is none."""
        child = next(self.all(name), None)
        return None if child is None else child.text

    @property
    def text(self) -> str:
        """Its text as it stands there, with that of the elements in it."""
        return "".join(part if isinstance(part, str) else part.text for part in self.content)


@dataclass(frozen=True, slots=True)
class Found:
    """A record, and how many of the import's bytes were read so far."""

    element: Element
    read: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where a document is no well-formed XML, and why."""

    line: int
    why: str


def find_flaw(document: Document, chunks: Iterator[Chunk]) -> Flaw | None:
    """Read a document strictly, to its end. Raises NotOurs where it declares a document type, and Damaged."""
    parser = _Parser(document)
    try:
        for chunk in chunks:
            parser.feed(chunk.data)
        parser.expat.Parse(b"", True)
        return None
    except expat.ExpatError as error:
        flaw = Flaw(error.lineno, expat.ErrorString(error.code))
    except (LookupError, ValueError):  # an encoding that Expat can't read
        flaw = Flaw(1, "unknown encoding")
    for _ in chunks:
        pass  # a packed file may be broken rather than its XML, and its checksum stands at the end
    return flaw


def read_records(
    document: Document, chunks: Iterable[Chunk], *, root: str, records: AbstractSet[str], prefix: Prefix
) -> Iterator[Found]:
    """The elements whose names are in `records`, each without those in it, when it ends; last the root.

    The document has to be well-formed, but may end early: what is open then is handed out as cut.
    Raises NotOurs or Damaged.
    """
    reading = _Reading(document, root, records, prefix)
    read = 0
    for chunk in chunks:
        reading.parser.feed(chunk.data)
        read = chunk.read
        yield from (Found(element, read) for element in reading.taken())
    reading.end()
    yield from (Found(element, read) for element in reading.taken())


class _Parser:
    """Expat without document types, and with an end to every tag."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.fed = 0
        self.expat = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = self.refuse

    def refuse(self, *_declared: object) -> NoReturn:
        raise NotOurs(self.document.name, "It declares a document type (DOCTYPE), which no export does.")

    def feed(self, data: bytes) -> None:
        self.fed += len(data)
        self.expat.Parse(data)
        if self.fed - self.expat.CurrentByteIndex > _LONGEST_MARK:
            line = self.expat.CurrentLineNumber
            raise Damaged(self.document.name, line, "A tag or a comment begins here and does not end.")


class _Reading:
    """The open elements of a document, innermost last, and the records that have ended."""

    def __init__(self, document: Document, root: str, records: AbstractSet[str], prefix: Prefix) -> None:
        self.document, self.root, self.records, self.prefix = document, root, records, prefix
        self.names: dict[str, str] = {}
        self.open: list[Element] = []
        self.record: list[Element] = []
        self.ended: list[Element] = []
        self.parser = _Parser(document)
        self.parser.expat.StartElementHandler = self.start
        self.parser.expat.EndElementHandler = self.finish
        self.parser.expat.CharacterDataHandler = self.data

    def taken(self) -> list[Element]:
        ended, self.ended = self.ended, []
        return ended

    def end(self) -> None:
        if not self.names:
            raise NotOurs(self.document.name, f"There is no <{self.root}> in it.")
        while self.open:
            self.open[-1].is_cut = True
            self.finish()

    def start(self, raw: str, attributes: dict[str, str]) -> None:
        name = self.names.get(raw) or self.name_of(raw)
        parent = self.open[-1] if self.open else None
        element = Element(name, self.parser.expat.CurrentLineNumber, attributes, parent)
        if parent is None and name != self.root:
            raise NotOurs(self.document.name, f"Its first element is <{name}> and not <{self.root}>.")
        if parent is None or name in self.records:
            self.record.append(element)
        self.open.append(element)
        if len(self.open) > DEEPEST:
            raise Damaged(self.document.name, element.line, f"This is nested deeper than {DEEPEST} levels.")
        self.spend(_ELEMENT_COSTS)

    def finish(self, _raw: str = "") -> None:
        element = self.open.pop()
        if element is self.record[-1]:
            self.record.pop()
            self.ended.append(element)
        else:
            self.open[-1].content.append(element)

    def data(self, text: str) -> None:
        element = self.open[-1]
        if element is self.record[-1] and text.isspace():
            return  # between the records in it, of which there may be a million
        element.content.append(text)
        self.spend(len(text))

    def spend(self, size: int) -> None:
        record = self.record[-1]
        record.size += size
        if record.size > LARGEST:
            raise Damaged(self.document.name, record.line, "This record is larger than 16 MiB.")

    def name_of(self, raw: str) -> str:
        """`prefix:name` as the reader knows it; remembered, as long as there are few."""
        namespace, separator, name = raw.rpartition(_SEPARATOR)
        known = f"{self.prefix(namespace)}:{name}" if separator else name
        if len(self.names) < 1000:
            self.names[raw] = known
        return known
