"""Broken XML: what is mended, that nothing is lost over it, and that what comes out is well-formed."""

import string
from pathlib import Path
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.transfer.errors import NotOurs
from rejoinder.transfer.mending import mend
from rejoinder.transfer.unpack import Chunk, Document

BOOK = Document(Path("book.xml"), 0)
HEAD, TAIL = '<rss xmlns:wp="urn:wp"><channel>', "</channel></rss>"


def mended(text: str | bytes, size: int = 10**6) -> tuple[str, list[tuple[int, str]]]:
    """What a document becomes, and the line and kind of each repair."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    chunks = [Chunk(data[at : at + size], at) for at in range(0, len(data), size)]
    told: list[tuple[int, str]] = []
    pieces = mend(BOOK, chunks, root="rss", tell=lambda line, kind, _: told.append((line, kind)))
    return b"".join(piece.data for piece in pieces).decode(), told


def words(document: str) -> str:
    """All text of a document that a strict parser reads to its end."""
    read: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.CharacterDataHandler = read.append
    parser.Parse(document.encode(), True)
    return "".join(read)


DAMAGES = {
    "undeclared prefix": ('<atom:link href="x"/><a>b</a>', "prefix", "b"),
    "control character": ("<a>b\x08c</a><a><![CDATA[d\x0be]]></a>", "controls", "bcde"),
    "attribute without quotes": ("<a n=3>b</a><a>c</a>", "attributes", "bc"),
    "attribute without a value": ("<a checked>b</a>", "attributes", "b"),
    "attribute twice": ('<a n="1" n="2">b</a>', "", "b"),
    "bare &": ("<a>Tom & Jerry &c. AT&T</a>", "entities", "Tom & Jerry &c. AT&T"),
    "HTML's entity": ("<a>caf&eacute;&nbsp;&lt;</a>", "entities", "café\xa0<"),
    "character that is none": ("<a>b&#8;c&#X41;</a>", "controls", "bcA"),
    "bare <": ("<a>1 < 2 <3 and a <- b</a>", "markup", "1 < 2 <3 and a <- b"),
    "end of CDATA in words": ("<a>b ]]> c</a>", "", "b ]]> c"),
    "CDATA in CDATA": ("<a><![CDATA[b <![CDATA[c]]> d]]></a>", "", None),
    "element without end": ("<a><b>c</a><a>d</a>", "nesting", "cd"),
    "end without element": ("<a>b</i></a>", "nesting", "b"),
    "<br> as in HTML": ("<a>b<br>c<br>d</a>", "", "bcd"),
    "lone quotation mark": ('<a n="1>b</a><a>c</a>', "attributes", "bc"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("size", [1, 7, 10**6])
def test_damage_is_mended_and_told_and_no_word_is_lost(damage: str, size: int) -> None:
    body, kind, left = DAMAGES[damage]

    document, told = mended(f"{HEAD}\n{body}\n{TAIL}", size)

    assert words(document).strip() == left if left is not None else words(document)
    assert (2, kind) in told if kind else True


@pytest.mark.parametrize(
    "junk", ["`", "\ufeff\n\n", "<br />\n<b>Warning</b>: x in <b>/a.php</b>\n", "<?php ?>", "a & <b"]
)
def test_what_stands_before_a_document_is_left_out(junk: str) -> None:
    document, _ = mended(f'{junk}<?xml version="1.0"?>{HEAD}<a>b</a>{TAIL}')

    assert words(document) == "b"


def test_what_stands_behind_a_document_is_left_out_and_told() -> None:
    document, told = mended(f"{HEAD}<a>b</a>{TAIL}\n<p>Bye</p> & so on")

    assert words(document).strip() == "b"
    assert told[0] == (2, "outside")


def test_a_document_in_another_encoding_is_read_as_it_says() -> None:
    text = f'<?xml version="1.0" encoding="windows-1252"?>{HEAD}<a>“é” & ü</a>{TAIL}'

    assert words(mended(text.encode("cp1252"))[0]) == "“é” & ü"
    assert words(mended(text.replace("windows-1252", "utf-16").encode("utf-16"))[0]) == "“é” & ü"


def test_bytes_that_are_no_text_are_told() -> None:
    document, told = mended(f"{HEAD}<a>b".encode() + b"\xe9 c" + f"</a>{TAIL}".encode())

    assert words(document) == "b� c"
    assert told == [(1, "encoding")]


@pytest.mark.parametrize("end", range(len(HEAD), len(HEAD) + 40, 3))
def test_a_document_that_ends_early_gives_what_it_has(end: int) -> None:
    whole = f"{HEAD}<a>one</a><a><![CDATA[two]]></a><a>three &amp; four</a>"

    document, _ = mended(whole[:end])

    parser = expat.ParserCreate()
    parser.Parse(document.encode())


@pytest.mark.parametrize("case", ["<!DOCTYPE a>", '<!doctype a [<!ENTITY b "c">]>', '<!ENTITY b "c">'])
@pytest.mark.parametrize("before", ["", "junk ", f"{HEAD}<a>"])
def test_a_document_type_is_refused_wherever_it_stands(case: str, before: str) -> None:
    with pytest.raises(NotOurs, match="DOCTYPE"):
        mended(f"{before}{case}{HEAD}{TAIL}", 5)


@given(
    st.text(string.ascii_lowercase + "<>&;/=\"'[]!-?#: \n\x08é\ufffe\ud83d", max_size=120),
    st.sampled_from([1, 3, 50, 1000]),
)
def test_whatever_stands_in_a_document_a_strict_parser_reads_it(body: str, size: int) -> None:
    try:
        document, _ = mended(f"{HEAD}<a>{body}</a><!-- --><a><![CDATA[]]></a>{TAIL}", size)
    except NotOurs:
        assert "<!" in body
        return

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.Parse(document.encode())


@given(
    st.lists(
        st.sampled_from(
            [
                "<a>",
                "</a>",
                "<b c=d>",
                "</b>",
                "<wp:e/>",
                "<z:f g='h'>",
                "</z:f>",
                "&",
                "text",
                "\n",
                "</channel>",
                "]]>",
                "<![CDATA[",
                "<!--",
                "-->",
                "<?",
                "?>",
            ]
        ),
        max_size=30,
    )
)
def test_however_elements_are_nested_a_strict_parser_reads_them(pieces: list[str]) -> None:
    document, _ = mended(f"{HEAD}{''.join(pieces)}{TAIL}", 11)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.Parse(document.encode())
    assert document.count("\n") == pieces.count("\n"), "lines moved"
