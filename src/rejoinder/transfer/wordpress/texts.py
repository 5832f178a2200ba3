"""Texts as WordPress keeps them: paragraphs are blank lines, addresses are bare, blocks are told by HTML comments."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from markupsafe import Markup

_AROUND = "address|article|aside|blockquote|center|details|div|dl|fieldset|figure|footer|form|header|hr|main|nav|ol|section|table|tbody|tfoot|thead|tr|ul"
_FLOW = "caption|dd|dt|figcaption|h[1-6]|li|p|summary|td|th"
_STANDS_ALONE = re.compile(rf"(</?(?:{_AROUND})\b[^<>]*>)", re.IGNORECASE)
_BEGINS = re.compile(rf"(<(?:{_FLOW})\b[^<>]*>)", re.IGNORECASE)
_ENDS = re.compile(rf"(</(?:{_FLOW})\s*>)", re.IGNORECASE)
_BLOCK = re.compile(rf"</?(?:{_AROUND}|{_FLOW})\b", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^<>]*>\Z", re.IGNORECASE)
_TAG = re.compile(r"(<[^<>]*>)")
_VERBATIM = re.compile(r"<(/?)(?:a|code|pre|script|style|textarea)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"""\bhttps?://[^\s<>"'\[\]]+""", re.IGNORECASE)
_BEHIND_AN_ADDRESS = ".,;:!?)"

# What is put in is HTML already, as it was written.
PARAGRAPH, BEGUN_PARAGRAPH = Markup("<p>{text}</p>"), Markup("<p>{text}")
BREAK = Markup("<br>\n")
LINK = Markup('<a href="{href}">{words}</a>')


def comment_html(text: str) -> str:
    """The text of a comment as HTML: not safe yet, that is the loader's."""
    return linked(paragraphs(without_remarks(text).strip()))


def without_remarks(text: str) -> str:
    """The text with line ends as one newline, without HTML comments: blocks are told by them, and "more"."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(piece for piece, is_remark in parted(text, "<!--", "-->") if not is_remark)


def paragraphs(text: str) -> str:
    """Make paragraphs of what stands between blank lines, and breaks of line ends, where no tag says otherwise.

    What WordPress does with every text when it shows it (wpautop).
    """
    return "\n".join(
        piece if is_verbatim else "\n".join(_paragraph(lines) for lines in _chunks(piece))
        for piece, is_verbatim in parted(text, "<pre", "</pre>")
    )


def linked(html: str) -> str:
    """Make links of bare addresses."""
    if "://" not in html:
        return html
    return outside_of_verbatim(html, lambda words: _ADDRESS.sub(_link, words))


def outside_of_verbatim(html: str, change: Callable[[str], str]) -> str:
    """Change the words that stand neither in a tag nor in a link, code, or preformatted text."""
    depth = 0
    changed = []
    for number, piece in enumerate(_TAG.split(html)):
        if number % 2 == 0:
            changed.append(change(piece) if not depth else piece)
            continue
        if verbatim := _VERBATIM.match(piece):
            depth = max(depth - 1, 0) if verbatim[1] else depth + 1
        changed.append(piece)
    return "".join(changed)


def parted(text: str, opening: str, closing: str) -> Iterator[tuple[str, bool]]:
    """The stretches of a text, and whether each is one from an opening to its closing mark."""
    lower = text.lower()
    at = 0
    while (begin := lower.find(opening, at)) >= 0 and (end := lower.find(closing, begin)) >= 0:
        end += len(closing)
        yield text[at:begin], False
        yield text[begin:end], True
        at = end
    yield text[at:], False


def _chunks(text: str) -> Iterator[list[str]]:
    """Lines that belong together: between blank ones, and between tags that stand alone."""
    text = _STANDS_ALONE.sub(r"\n\n\1\n\n", text)
    text = _ENDS.sub(r"\1\n\n", _BEGINS.sub(r"\n\n\1", text))
    lines = (line.strip() for line in text.split("\n"))
    return (list(group) for is_text, group in groupby(lines, key=bool) if is_text)


def _paragraph(lines: list[str]) -> str:
    breaks = ["\n" if _BREAK.search(line) else BREAK for line in lines[:-1]]
    written = (piece for line, end in zip(lines, [*breaks, ""], strict=True) for piece in (line, end))
    text = Markup("".join(written))  # noqa: S704 - cleaned before it is shown
    if _BLOCK.match(text):
        return text
    return (BEGUN_PARAGRAPH if _BLOCK.search(text) else PARAGRAPH).format(text=text)


def _link(found: re.Match[str]) -> str:
    address = found[0].rstrip(_BEHIND_AN_ADDRESS)
    if found[0][len(address) :].startswith(")") and "(" in address:
        address += ")"
    href = Markup(address)  # noqa: S704 - cleaned before it is shown
    return LINK.format(href=href, words=href) + found[0][len(address) :]
