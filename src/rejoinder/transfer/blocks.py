"""The HTML of an article, block by block, and each block as Markdown where that says exactly the same."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from markdownify import markdownify
from markupsafe import Markup

ENCLOSED = Markup("<div>\n{html}\n</div>")
"""An element that the sanitiser takes off again: so what stands in it is HTML from its first to its last line."""

# Our sanitiser writes every attribute in double quotes and closes every element.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)\b(?:[^">]|"[^"]*")*>')
_VOID = frozenset(("br", "hr", "img"))
_BLOCKS = frozenset(
    "aside blockquote dl figure h2 h3 h4 h5 h6 hr ol p pre section table ul".split()  # of those it lets through
)
_BLANK_LINE = re.compile(r"\n(?=[ \t]*(?:\n|$))")

Draw = Callable[[str], str]
"""Draws the text of an article file."""


def blocks_of(html: str) -> list[str]:
    """The blocks that an article consists of; none where something else stands between them."""
    blocks: list[str] = []
    depth = begins = end = 0
    for tag in _TAG.finditer(html):
        if depth == 0:
            if html[end : tag.start()].strip() or tag[2] not in _BLOCKS:
                return []
            begins = tag.start()
        if tag[2] not in _VOID:
            depth += -1 if tag[1] else 1
        if depth == 0:
            end = tag.end()
            blocks.append(html[begins:end])
    return [] if html[end:].strip() else blocks


def in_lines(html: str) -> str:
    """The same HTML with each block in lines of its own, as the Markdown of a file is drawn."""
    return "\n".join(blocks_of(html)) or html.strip()


def texts_of(html: str, draw: Draw) -> Iterator[str]:
    """Texts of an article file that may be drawn as this HTML, the most readable first."""
    blocks = blocks_of(html)
    if blocks:
        yield "\n\n".join(_written(blocks, draw))
    yield ENCLOSED.format(html=Markup(_unbroken(html)))  # noqa: S704 - it came out of the sanitiser


def _written(blocks: list[str], draw: Draw) -> list[str]:
    """Each block as Markdown, or as HTML where Markdown says it in another way or would run into the one before."""
    texts = [_text_of(block, draw) for block in blocks]
    for n, (one, other) in enumerate(pairwise(texts), start=1):
        if draw(f"{one}\n\n{other}") != f"{blocks[n - 1]}\n{blocks[n]}":
            texts[n] = _unbroken(blocks[n])
    return texts


def _text_of(block: str, draw: Draw) -> str:
    text = markdownify(
        block, heading_style="ATX", bullets="-", escape_misc=True, newline_style="backslash"
    ).strip()
    return text if draw(text) == block else _unbroken(block)


def _unbroken(html: str) -> str:
    """HTML without an empty line, at which Markdown would begin again."""
    return _BLANK_LINE.sub("&#10;", html)
