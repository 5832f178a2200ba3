"""XML as a stream: what is handed out, and that no document type is ever read, in neither reading."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rejoinder.transfer.errors import NotOurs
from rejoinder.transfer.unpack import Chunk, Document
from rejoinder.transfer.xml import Element, find_flaw, read_records

BOOK = Document(Path("book.xml"), 0)
TRICK = "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>&a;</rss>"


def chunks(text: str, size: int = 7) -> Iterator[Chunk]:
    data = text.encode()
    return (Chunk(data[at : at + size], at) for at in range(0, len(data), size))


def records(text: str) -> list[Element]:
    names = frozenset({"item", "x:comment"})
    found = read_records(BOOK, chunks(text), root="rss", records=names, prefix=lambda namespace: "x")
    return [record.element for record in found]


def test_records_are_handed_out_as_they_end_and_hold_no_other() -> None:
    text = "<rss><item>\n<t>T&amp;<![CDATA[<b>]]></t>\n<c:comment xmlns:c='urn:c'><t>1</t></c:comment></item></rss>"

    comment, item, root = records(text)

    assert (comment.name, comment.line, comment.text_of("t")) == ("x:comment", 3, "1")
    assert comment.parent is item
    assert (item.text_of("t"), len(item.content), item.text_of("u")) == ("T&<b>", 1, None)
    assert root.content == []


def test_what_is_open_at_the_end_is_cut() -> None:
    comment, item, root = records("<rss><item><t>T</t><c:comment xmlns:c='urn:c'><t>1")

    assert (comment.is_cut, item.is_cut, root.is_cut) == (True, True, True)
    assert item.text_of("t") == "T"


@pytest.mark.parametrize(
    ("text", "line"),
    [("<rss>\n<a></rss>", 2), ("", 1), ("<rss><u:a/></rss>", 1), ("<rss>\n\n&eacute;</rss>", 3)],
)
def test_a_flaw_is_found_with_its_line(text: str, line: int) -> None:
    flaw = find_flaw(BOOK, chunks(text))

    assert flaw is not None and flaw.line == line


def test_a_document_without_a_flaw_has_none() -> None:
    assert find_flaw(BOOK, chunks("<?xml version='1.0'?><rss><a/></rss>")) is None


def test_a_document_type_is_refused_in_both_readings() -> None:
    with pytest.raises(NotOurs, match="DOCTYPE"):
        find_flaw(BOOK, chunks(TRICK))
    with pytest.raises(NotOurs, match="DOCTYPE"):
        records(TRICK)
