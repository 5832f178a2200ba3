"""Shortcodes, `[name key="value"]words[/name]`: programs of another system, of which the words and the links are kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from types import MappingProxyType

from markupsafe import Markup

_TOKEN = re.compile(
    r"""
    \[\[ (?P<literal> [^\[\]]* ) \]\]
    | \[ (?P<end> /? ) (?P<name> [A-Za-z][\w-]* ) (?= [\s=/\]] )
      (?P<rest> (?: [^\[\]"'] | "[^"]*+" | '[^']*+' )*+ ) \]
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""(?:([\w-]+)\s*=\s*)?(?:"([^"]*)"|'([^']*)'|([^\s"'|]+))""")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_PICTURE = re.compile(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", re.DOTALL | re.IGNORECASE)

_PLAYERS = frozenset(
    "audio dailymotion embed facebook flickr gist googlemaps googlevideo instagram mp3 slideshare soundcloud spotify"
    " ted tweet twitter video videopress vimeo vine wpvideo youtube".split()
)
_GALLERIES = frozenset({"gallery", "playlist"})
_BY_NUMBER: Mapping[str, str] = MappingProxyType(
    {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
)
_CAPTIONS = ("caption", "wp_caption")
_PASSAGE = "wpdiscuz-feedback"

FIGURE = Markup("\n\n<figure>{picture}<figcaption>{words}</figcaption></figure>\n\n")
LINK = Markup('\n\n<p><a href="{href}">{href}</a></p>\n\n')


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a post that its readers were asked about."""

    id: str
    question: str
    is_open: bool
    exact: str


@dataclass(slots=True)
class Words:
    """A text without shortcodes; the passages they marked, and the names of those of which nothing could be kept."""

    text: str = ""
    passages: list[Passage] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Frame:
    """A shortcode whose end is to come, and what stands in it so far."""

    name: str
    rest: str
    pieces: list[str] = field(default_factory=list)


def without_shortcodes(text: str) -> Words:
    """Take shortcodes out of a text: captions and words stay, players become links, [[name]] is what it looks like."""
    words = Words()
    if "[" not in text:
        words.text = text
        return words
    ending = {token["name"].lower() for token in _TOKEN.finditer(text) if token["end"]}
    frames = [_Frame("", "")]
    at = 0
    for token in _TOKEN.finditer(text):
        frames[-1].pieces.append(text[at : token.start()])
        at = token.end()
        _take(token, frames, ending, words)
    frames[-1].pieces.append(text[at:])
    while len(frames) > 1:
        _end(frames, words)
    words.text = "".join(frames[0].pieces)
    return words


def _take(token: re.Match[str], frames: list[_Frame], ending: set[str], words: Words) -> None:
    if token["literal"] is not None:
        frames[-1].pieces.append(f"[{token['literal']}]")
        return
    name = token["name"].lower()
    if token["end"]:
        if any(frame.name == name for frame in frames):
            while frames[-1].name != name:
                _end(frames, words)
            _end(frames, words)
    elif name in ending and not token["rest"].endswith("/"):
        frames.append(_Frame(name, token["rest"]))
    else:
        frames[-1].pieces.append(_alone(token[0], name, _attributes(token["rest"]), words))


def _end(frames: list[_Frame], words: Words) -> None:
    frame = frames.pop()
    inside = "".join(frame.pieces)
    attributes = _attributes(frame.rest)
    if frame.name in _CAPTIONS:
        kept = _figure(inside, attributes)
    elif frame.name == _PASSAGE:
        opened = attributes.get("opened") == "1"
        exact = " ".join(unescape(re.sub(r"<[^<>]*>", "", inside)).split())
        words.passages.append(
            Passage(attributes.get("id", ""), attributes.get("question", ""), opened, exact)
        )
        kept = inside
    elif frame.name in _PLAYERS and (link := _link(frame.name, attributes, inside)):
        kept = link
    else:
        kept = inside
    frames[-1].pieces.append(kept)


def _alone(written: str, name: str, attributes: Mapping[str, str], words: Words) -> str:
    """A shortcode without an end: a link where it shows something, nothing where it does something, else just words."""
    has_keys = any(not key.isdecimal() for key in attributes)
    if name in _PLAYERS or has_keys:
        if link := _link(name, attributes, ""):
            return link
        words.lost.append(name)
        return ""
    if name in _GALLERIES:
        words.lost.append(name)
        return ""
    return written


def _attributes(rest: str) -> dict[str, str]:
    """Its attributes; those without a name by their number. `[youtube=ADDRESS]` has one, too."""
    found = _ATTRIBUTE.findall(rest.strip().removeprefix("=").removesuffix("/"))
    return {key.lower() or str(n): "".join(values) for n, (key, *values) in enumerate(found)}


def _link(name: str, attributes: Mapping[str, str], inside: str) -> str:
    for value in (*attributes.values(), inside):
        if address := _ADDRESS.search(value):
            return LINK.format(href=unescape(address[0]))
    number = next((attributes[key] for key in ("id", "0") if key in attributes), "")
    if name in _BY_NUMBER and re.fullmatch(r"[\w-]{5,20}", number):
        return LINK.format(href=_BY_NUMBER[name] + number)
    return ""


def _figure(inside: str, attributes: Mapping[str, str]) -> str:
    """A picture with its words, which stand behind it or, as long ago, in an attribute."""
    parts = _PICTURE.fullmatch(inside)
    picture, words = (parts[1], parts[2].strip()) if parts else (inside, "")
    words = words or attributes.get("caption", "")
    if not words:
        return picture
    return FIGURE.format(picture=Markup(picture), words=Markup(words))  # noqa: S704 - cleaned before it is shown
