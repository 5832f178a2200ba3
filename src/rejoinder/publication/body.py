"""From the Markdown of an article to the HTML that is served: drawn, cleaned, its pictures and links settled."""

import re
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from rejoinder.articles.models import own_url
from rejoinder.publication.faults import Faults
from rejoinder.publication.markdown import draw_markdown
from rejoinder.publication.pictures import TYPES, Beside, NoPicture, picture_url
from rejoinder.publication.posts import mark_posts
from rejoinder.text.addresses import outgoing_link
from rejoinder.text.sanitize import clean_article

RENDER_VERSION = 1

PICTURE = Markup('<img src="{src}" alt="{alt}" width="{width}" height="{height}" loading="lazy">')
PICTURE_OF_UNKNOWN_SIZE = Markup('<img src="{src}" alt="{alt}" loading="lazy">')
LINK = Markup('<a href="{href}" rel="noopener">{words}</a>')
LINK_BEGINS = Markup('<a href="{href}" rel="noopener">')

# Our sanitiser writes every attribute in double quotes.
_PIECE = re.compile(r'<(?P<tag>a|img)\b(?P<attributes>(?:[^">]|"[^"]*")*)>|</a>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')


def draw_body(text: str, beside: Beside, language: str, faults: Faults, first_line: int) -> str:
    """Draw the text of an article; what is wrong with its pictures is reported, and they are left out."""
    settling = _Settling(text, beside, faults, first_line)
    html = _PIECE.sub(settling.settle, clean_article(draw_markdown(text)))
    return mark_posts(html, language).strip()


def draw_html(html: str, beside: Beside, language: str) -> str:
    """The HTML of an article from elsewhere, as a file that held it would be drawn."""
    settling = _Settling(html, beside, Faults(""), 1)
    return mark_posts(_PIECE.sub(settling.settle, clean_article(html)), language).strip()


class _Settling:
    """Walks through the links and pictures of one article."""

    def __init__(self, text: str, beside: Beside, faults: Faults, first_line: int) -> None:
        self.text, self.beside, self.faults, self.first_line = text, beside, faults, first_line
        self.in_link = False

    def settle(self, piece: re.Match[str]) -> str:
        """The piece as it will be served."""
        if piece["tag"] is None:
            self.in_link = False
            return piece[0]
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(piece["attributes"])}
        if piece["tag"] == "a":
            self.in_link = True
            return self._link(piece[0], attributes.get("href", ""))
        src = attributes.get("src", "")
        if src.startswith(picture_url(self.beside.slug, "")):  # it is ours, and measured
            return piece[0]
        return self._picture(src, attributes.get("alt", ""))

    def _link(self, as_is: str, href: str) -> str:
        """A link to another article's file leads to that article, one to a picture to where we serve it."""
        parts = urlsplit(href)
        name = PurePosixPath(unquote(parts.path))
        if parts.scheme or parts.netloc or href.startswith("/"):
            return as_is
        if name.suffix == ".md":
            slug = name.parent.name if name.name == "index.md" else name.stem
            fragment = "#" + parts.fragment if parts.fragment else ""
            return LINK_BEGINS.format(href=own_url(slug) + fragment)
        if name.suffix.lower() in TYPES:
            try:
                return LINK_BEGINS.format(href=self.beside.picture(href).url)
            except NoPicture as why:
                self._warn(href, f"`{href}` {why}")
        return as_is

    def _picture(self, src: str, alt: str) -> str:
        if outgoing_link(src) is not None:
            return self._elsewhere(src, alt)
        try:
            picture = self.beside.picture(src)
        except NoPicture as why:
            self._warn(src, f"picture `{src}` {why}")
            return Markup.escape(alt)
        if picture.width is None:
            self._warn(src, f"picture `{src}` does not tell its size: the text will jump when it comes")
            return PICTURE_OF_UNKNOWN_SIZE.format(src=picture.url, alt=alt)
        return PICTURE.format(src=picture.url, alt=alt, width=picture.width, height=picture.height)

    def _elsewhere(self, src: str, alt: str) -> str:
        """A picture on another server is a link: we don't send our readers there unasked."""
        words = alt or urlsplit(src).hostname
        return Markup.escape(words) if self.in_link else LINK.format(href=src, words=words)

    def _warn(self, what: str, message: str) -> None:
        place = self.text.find(what)
        line = self.first_line + (self.text.count("\n", 0, place) if place >= 0 else 0)
        self.faults.warning(line, message)
