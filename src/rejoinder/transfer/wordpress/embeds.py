"""What a text shows from elsewhere, made links: nothing is fetched from anybody when a reader opens the page."""

import re
from collections.abc import Callable
from html import escape, unescape

from rejoinder.publication.body import PICTURE, PICTURE_OF_UNKNOWN_SIZE
from rejoinder.publication.pictures import Picture
from rejoinder.text.sanitize import clean_article
from rejoinder.transfer.wordpress.addresses import split_address
from rejoinder.transfer.wordpress.texts import LINK, parted

_PLAYERS = ("iframe", "object", "video", "audio")
_EMBED = re.compile(r"<embed\b[^<>]*>(?:\s*</embed\s*>)?", re.IGNORECASE)
_SOURCE = re.compile(r"""\b(?:src|data|value)\s*=\s*["']?((?:https?:)?//[^"'\s<>]+)""", re.IGNORECASE)
_FIRST_HEADING = re.compile(r"<(/?)h1\b", re.IGNORECASE)
_PLAIN = (
    (
        re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]+).*"),
        r"https://www.youtube.com/watch?v=\1",
    ),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+).*"), r"https://vimeo.com/\1"),
)
# Our sanitiser writes every attribute in double quotes.
_PIECE = re.compile(r'<(a|img)\b((?:[^">]|"[^"]*")*)>|</a>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_BLANK_LINES = re.compile(r"\n{3,}")

FindPicture = Callable[[str], Picture | None]
"""Gives a picture that came along, by its address; None where it didn't."""


def plain_embeds(html: str) -> str:
    """Players and frames as plain links, and a first heading as a second: the first one is the article's title."""
    for tag in _PLAYERS:
        pieces = parted(html, f"<{tag}", f"</{tag}>")
        html = "".join(_player(piece) if is_player else piece for piece, is_player in pieces)
    html = _EMBED.sub(lambda found: _player(found[0]), html)
    return _FIRST_HEADING.sub(r"<\1h2", html)


def _player(html: str) -> str:
    source = _SOURCE.search(html)
    if source is None:
        return ""
    address = unescape(source[1])
    address = f"https:{address}" if address.startswith("//") else address
    for pattern, plain in _PLAIN:
        address = pattern.sub(plain, address)
    return LINK.format(href=address, words=address.partition("://")[2])


def clean_body(html: str, find_picture: FindPicture) -> str:
    """The text of an article as it can be shown, its pictures among it or as links."""
    pictures = _Pictures(find_picture)
    return _BLANK_LINES.sub("\n\n", _PIECE.sub(pictures.settle, clean_article(html))).strip()


class _Pictures:
    """Walks through the links and pictures of one text."""

    def __init__(self, find_picture: FindPicture) -> None:
        self.find_picture = find_picture
        self.in_link = False

    def settle(self, piece: re.Match[str]) -> str:
        """The piece as it is shown."""
        attributes = dict(_ATTRIBUTE.findall(piece[2] or ""))
        if piece[1] == "img":
            address, words = (unescape(attributes.get(name, "")) for name in ("src", "alt"))
            return self._picture(address, words.strip())
        self.in_link = piece[1] == "a"
        return self._link(piece[0], attributes.get("href", ""))

    def _picture(self, address: str, words: str) -> str:
        if (picture := self.find_picture(address)) is None:
            words = words or split_address(address).path.rpartition("/")[2] or address
            return escape(words) if self.in_link or not address else LINK.format(href=address, words=words)
        if picture.width is None:
            return PICTURE_OF_UNKNOWN_SIZE.format(src=picture.url, alt=words)
        return PICTURE.format(src=picture.url, alt=words, width=picture.width, height=picture.height)

    def _link(self, tag: str, href: str) -> str:
        """A link to a picture, as from a small one to a large one, leads to the one that came along."""
        picture = self.find_picture(unescape(href)) if href else None
        return tag if picture is None else tag.replace(f'"{href}"', f'"{escape(picture.url)}"', 1)
