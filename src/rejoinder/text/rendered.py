"""A comment as it is shown: safe HTML, its words, how many links it holds."""

import re
from dataclasses import dataclass
from html import escape, unescape

from rejoinder.text.plain import without_controls
from rejoinder.text.sanitize import clean_comment, settle_comment

# In cleaned HTML no attribute holds a bare "<", ">" or double quote, so patterns can tell tags from text. Each begins
# with a fixed character: one that begins with blanks takes seconds for 65,536 of them.
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r'<a [^>]*?\bhref="')
_IMAGE = re.compile(r'<img [^>]*?\balt="([^"]*)"[^>]*>')
_LINES = re.compile(r"<br>\n?|</li>\s*|\n?<(?:ol|ul)[^>]*>\s*")
_ITEM = re.compile(r"<li[^>]*>\s*")
_PARAGRAPHS = re.compile(r"<(?:/?(?:blockquote|p)|/ol|/ul|/pre|hr)>\s*|<pre>")
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Rendered:
    """`html` is safe to show; `plain` is its text, for screening, excerpts and mail; `links` counts its links."""

    html: str
    plain: str
    links: int


def rendered(html: str) -> Rendered:
    """Read the words and links off HTML that has been cleaned."""
    return Rendered(html, _text_of(html), len(_LINK.findall(html)))


def render_html(source: str, *, images: bool = False) -> Rendered:
    """Render a comment that came as HTML from another system; never raises."""
    return rendered(clean_comment(source, images=images))


def render_plain(source: str) -> Rendered:
    """Render text as it stands: its paragraphs, its line breaks, and no markup; never raises."""
    text = escape(without_controls(source).strip("\n"), quote=False)
    paragraphs = (part.replace("\n", "<br>\n") for part in _PARAGRAPH.split(text) if part)
    return rendered(settle_comment("\n".join(f"<p>{part}</p>" for part in paragraphs)))


def _text_of(html: str) -> str:
    html = _IMAGE.sub(r"\1", html)
    html = _ITEM.sub("", html)
    html = _LINES.sub("\n", html)
    html = _PARAGRAPHS.sub("\n\n", html)
    return re.sub(r"\n{3,}", "\n\n", unescape(_TAG.sub("", html))).strip("\n")
