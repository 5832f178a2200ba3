"""The blocks that the HTML of an article consists of."""

import re

# Our sanitiser writes every attribute in double quotes and closes every element.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)\b(?:[^">]|"[^"]*")*>')
_VOID = frozenset(("br", "hr", "img"))
_BLOCKS = frozenset(
    "aside blockquote dl figure h2 h3 h4 h5 h6 hr ol p pre section table ul".split()  # of those it lets through
)


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
