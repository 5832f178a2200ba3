"""Broken XML made whole: every repair is told, no text is lost, and lines stay where they are.

A parser that recovers by itself (libxml2's) was tried: it drops "&", drops a CDATA section for one control character in
it, and ends at "a < b" as if the file ended there (docs/decisions/0007-broken-xml.md). So the text is mended before a
strict parser reads it.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from rejoinder.transfer.errors import Damaged, NotOurs
from rejoinder.transfer.unpack import Chunk, Document

Tell = Callable[[int, str, str], None]
"""Hears of a repair: its line, its kind in a word, a sentence."""

DEEPEST = 100
"""Elements in elements: no export has a tenth of it."""

_LONGEST_TAG = 64 * 1024
_NAME = r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
_TAG = re.compile(
    rf"""<(/?)({_NAME})(?=[\s/>])((?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+)>""",
    re.ASCII,
)
_WELL_FORMED = re.compile(rf"""(?:\s+{_NAME}\s*=\s*(?:"[^"<&]*"|'[^'<&]*'))*\s*/?""", re.ASCII)
_ATTRIBUTE = re.compile(rf"""({_NAME})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.ASCII)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
_KNOWN_TO_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BEGUN = re.compile(r"(?:&[#\w]{0,32}|\]{1,2})\Z")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.-]{1,40})""")
_ALONE = frozenset({"br", "hr", "img"})
_SECTIONS = (("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>"))
_LONGEST_OPENING = 9


def mend(document: Document, chunks: Iterable[Chunk], *, root: str, tell: Tell) -> Iterator[Chunk]:
    """The document as well-formed XML in UTF-8, but for its end, which may be missing.

    What stands outside of the element `root` is left out. Raises NotOurs where a document type is declared.
    """
    mending = _Mending(document, root, tell)
    decoder: codecs.IncrementalDecoder | None = None
    read = 0
    for chunk in chunks:
        if decoder is None:
            decoder = _decoder_of(chunk.data)
        read = chunk.read
        yield Chunk(mending.feed(decoder.decode(chunk.data)).encode(), read)
    rest = decoder.decode(b"", True) if decoder else ""
    yield Chunk(mending.feed(rest, is_last=True).encode(), read)


def _decoder_of(head: bytes) -> codecs.IncrementalDecoder:
    """By its mark, else by what it declares; what can't be decoded becomes U+FFFD."""
    declared = _ENCODING.search(head)
    name = "utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    if name == "utf-8-sig" and declared and declared[1].lower() != b"utf-8":
        name = declared[1].decode()
    try:
        return codecs.getincrementaldecoder(name)("replace")
    except LookupError:
        return codecs.getincrementaldecoder("utf-8-sig")("replace")


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is open, and the prefixes that it declares."""

    name: str
    prefixes: frozenset[str]


class _Mending:
    """Where in the document we are: what is open, and what of the text is not understood yet."""

    def __init__(self, document: Document, root: str, tell: Tell) -> None:
        self.document, self.root, self.tell_at = document, root, tell
        self.line = 1
        self.waiting = ""
        self.open: list[_Open] = []
        self.is_over = False
        self.section = ""

    def tell(self, kind: str, message: str) -> None:
        self.tell_at(self.line, kind, message)

    def feed(self, text: str, *, is_last: bool = False) -> str:
        """The next stretch, mended; what can't be judged yet waits for more, if more is to come."""
        text = self.waiting + self.fit(text)
        mended: list[str] = []
        at = 0
        while at < len(text):
            end, piece = self.step(text, at, is_last)
            if end == at:
                break
            mended.append(piece)
            self.line += text.count("\n", at, end)
            at = end
        self.waiting = text[at:]
        return "".join(mended)

    def fit(self, text: str) -> str:
        """The text without what no XML may hold."""
        line = self.line + self.waiting.count("\n")
        if (at := text.find("\ufffd")) >= 0:
            why = "holds bytes that are no text in its encoding; they are shown as �"
            self.tell_at(line + text.count("\n", 0, at), "encoding", why)
        if unfit := _UNFIT.search(text):
            why = "holds characters that no XML may hold; they are left out"
            self.tell_at(line + text.count("\n", 0, unfit.start()), "controls", why)
        return _UNFIT.sub("", text) if unfit else text

    def step(self, text: str, at: int, is_last: bool) -> tuple[int, str]:
        """The next piece: where it ends, and what becomes of it. It ends where it begins if it has to wait."""
        if self.section:
            return self.in_section(text, at, is_last)
        if text[at] != "<":
            end = text.find("<", at)
            return self.words(text, at, len(text) if end < 0 else end, is_last and end < 0)
        if len(text) - at < _LONGEST_OPENING and not is_last:
            return at, ""
        for opening, closing in _SECTIONS:
            if text.startswith(opening, at):
                self.section = closing
                return at + len(opening), self.kept(opening)
        if text[at : at + 9].upper() in ("<!DOCTYPE", "<!ENTITY "):
            raise NotOurs(self.document.name, "It declares a document type (DOCTYPE), which no export does.")
        tag = _TAG.match(text, at)
        if tag is not None:
            return tag.end(), self.tag(tag)
        if text.find(">", at, at + _LONGEST_TAG) < 0 and len(text) - at < _LONGEST_TAG and not is_last:
            return at, ""
        return at + 1, self.text("&lt;", "a < that begins no tag is taken for a character")

    def in_section(self, text: str, at: int, is_last: bool) -> tuple[int, str]:
        """CDATA stays as it is; of comments and instructions only the lines stay."""
        closing = self.section
        end = text.find(closing, at)
        if end >= 0:
            self.section = ""
            return end + len(closing), self.kept(text[at : end + len(closing)], closing)
        end = len(text) if is_last else max(len(text) - len(closing) + 1, at)
        return end, self.kept(text[at:end], closing)

    def kept(self, piece: str, closing: str = "") -> str:
        is_text = (closing or self.section) == "]]>" and self.open
        return piece if is_text else "\n" * piece.count("\n")

    def words(self, text: str, start: int, end: int, is_last: bool) -> tuple[int, str]:
        if end == len(text) and not is_last and (begun := _BEGUN.search(text, max(start, end - 40))):
            end = begun.start()
        words = text[start:end]
        if not self.open:
            if words.strip():
                self.tell("outside", "there is text outside of the document; it is left out")
            return end, "\n" * words.count("\n")
        return end, self.entities(words).replace("]]>", "]]&gt;")

    def text(self, text: str, message: str) -> str:
        if not self.open:
            return ""
        self.tell("markup", message)
        return text

    def entities(self, text: str) -> str:
        return _AMPERSAND.sub(self.entity, text) if "&" in text else text

    def entity(self, found: re.Match[str]) -> str:
        """XML knows five names; HTML's are taken for what they mean, and any other & for a character."""
        name = found[1]
        if name in _KNOWN_TO_XML:
            return found[0]
        line = self.line + found.string.count("\n", 0, found.start())
        meaning = unescape(found[0])
        if not name or meaning == found[0]:
            self.tell_at(line, "entities", "an & that begins no entity is taken for a character")
            return "&amp;" + found[0][1:]
        if name[0] != "#":
            why = f"&{name}; is no entity of XML; it is taken for what it means in HTML"
            self.tell_at(line, "entities", why)
        elif _is_fit(name):
            return found[0].lower()
        else:
            self.tell_at(line, "controls", f"&{name}; is no character; it is left out")
        return _UNFIT.sub("", meaning).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def tag(self, tag: re.Match[str]) -> str:
        lines = "\n" * tag[0].count("\n")
        is_end, name, _ = tag.groups()
        if self.is_over or (not self.open and (name != self.root or is_end)):
            self.tell("outside", f"<{name}> stands outside of the document; it is left out")
            return lines
        if is_end:
            return self.close(name) + lines
        return self.begin(tag, lines)

    def close(self, name: str) -> str:
        if name not in [element.name for element in self.open]:
            self.tell("nesting", f"</{name}> ends what never began; it is left out")
            return ""
        closed = []
        while True:
            innermost = self.open.pop()
            closed.append(f"</{innermost.name}>")
            if innermost.name == name:
                break
            self.tell("nesting", f"<{innermost.name}> has no end; it ends where <{name}> does")
        self.is_over = not self.open
        return "".join(closed)

    def begin(self, tag: re.Match[str], lines: str) -> str:
        _, name, rest = tag.groups()
        if not _WELL_FORMED.fullmatch(rest):
            self.tell("attributes", f"the attributes of <{name}> are not written as XML wants them")
        attributes = {
            key: "".join(values)
            for key, *values in _ATTRIBUTE.findall(rest)
            if not _is_no_declaration(key, values)
        }
        used = {key.partition(":")[0] for key in (name, *attributes) if ":" in key}
        declared = {key.partition(":")[2] for key in attributes if key.startswith("xmlns:")}
        declared |= {"xml", "xmlns"}
        for prefix in sorted(used - declared.union(*(element.prefixes for element in self.open))):
            self.tell(
                "prefix",
                f"nothing says what {prefix}: means, as in <{name}>; it is taken for what it usually is",
            )
            attributes[f"xmlns:{prefix}"] = f"undeclared:{prefix}"
            declared.add(prefix)
        is_alone = rest.endswith("/") or name in _ALONE
        if not is_alone:
            self.open.append(_Open(name, frozenset(declared)))
        if len(self.open) > DEEPEST:
            raise Damaged(self.document.name, self.line, f"This is nested deeper than {DEEPEST} levels.")
        written = "".join(f' {key}="{self.quoted(value)}"' for key, value in attributes.items())
        return f"<{name}{written}{lines}{'/' if is_alone else ''}>"

    def quoted(self, value: str) -> str:
        return self.entities(value).replace("<", "&lt;").replace('"', "&quot;")


def _is_fit(number: str) -> bool:
    """Whether `#65` or `#x41` is a character that XML may hold."""
    code = int(number[2:], 16) if number[1] in "xX" else int(number[1:])
    return 0 < code <= 0x10FFFF and not _UNFIT.match(chr(code))


def _is_no_declaration(key: str, values: list[str]) -> bool:
    """A prefix can't stand for nothing, and two of them are XML's own."""
    return key in ("xmlns:xml", "xmlns:xmlns") or (key.startswith("xmlns:") and not any(values))
