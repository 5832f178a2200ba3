"""The HTML of an article as the text of a file: block by block as Markdown, where that is drawn as exactly the same."""

import re
from collections.abc import Callable, Iterator

from markdownify import markdownify
from markupsafe import Markup

from rejoinder.transfer.blocks import blocks_of

ENCLOSED = Markup("<div>\n{html}\n</div>")
"""An element that the sanitiser takes off again: so what stands in it is HTML from its first to its last line."""

_BLANK_LINE = re.compile(r"\n(?=[ \t]*(?:\n|$))")

Draw = Callable[[str], str]
"""Draws the text of an article file."""


def texts_of(html: str, draw: Draw) -> Iterator[str]:
    """Texts of an article file that may be drawn as this HTML, the most readable first."""
    blocks = blocks_of(html)
    if blocks:
        yield "\n\n".join(_written(blocks, draw))
    yield ENCLOSED.format(html=Markup(_unbroken(html)))  # noqa: S704 - it came out of the sanitiser


def _written(blocks: list[str], draw: Draw) -> list[str]:
    """Each block as Markdown, or as HTML where Markdown says it in another way or would run into the one before."""
    texts = [_text_of(block, draw) for block in blocks]
    for n in range(1, len(texts)):
        if draw(f"{texts[n - 1]}\n\n{texts[n]}") != f"{blocks[n - 1]}\n{blocks[n]}":
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
