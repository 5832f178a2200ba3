"""What the value of a setting must be; what is raised says so, in words that go on after the setting's name."""

from functools import cache
from pathlib import PurePosixPath
from zoneinfo import available_timezones

import regex
from ada_url import URL

from rejoinder.errors import N_
from rejoinder.text.addresses import outgoing_link, safe_next

_COLOUR = regex.compile(r"#[0-9a-fA-F]{6}")
_QUERY_NAME = regex.compile(r"[\w.~\[\]-]{1,64}")


@cache
def _zones() -> frozenset[str]:
    """Read once: looking through the machine's list takes 50 ms, and a site's rules are checked with each reading."""
    return frozenset(available_timezones())


def known_zone(name: str) -> str:
    """Let pass the name of a time zone."""
    if name not in _zones():
        raise ValueError(N_("is not a time zone of the IANA list, such as Europe/Oslo"))
    return name


def web_address(text: str) -> str:
    """Let pass `https://…`, `http://…` and a path of our own; nothing that a browser would run."""
    if text.startswith("/") and safe_next(text, "https://own.invalid") == text:
        return text
    try:
        return foreign_address(text)
    except ValueError:
        raise ValueError(
            N_("must be a path such as /articles/about, or an address that begins with https:// or http://")
        ) from None


def foreign_address(text: str) -> str:
    """Let pass `https://…` and `http://…` with a host."""
    link = outgoing_link(text)
    if link is None or link.startswith("mailto:") or "://" not in text or len(text.split()) != 1:
        raise ValueError(N_("must be an address that begins with https:// or http://"))
    return text


def origin(text: str) -> str:
    """Let pass an origin as a browser writes it: scheme, host, and a port that is not the default."""
    if foreign_address(text) != URL(text).origin or "*" in text:
        raise ValueError(
            N_("must be an origin such as https://blog.example, without a path or a slash at the end")
        )
    return text


def colour(text: str) -> str:
    """Let pass a colour as style sheets write it, with six digits."""
    if not _COLOUR.fullmatch(text):
        raise ValueError(N_("must be a colour such as #8c2f1b"))
    return text


def file_name(text: str) -> str:
    """Let pass what may be a file of the publication's folder, or of a folder in it."""
    path = PurePosixPath(text)
    if not text.isprintable() or path.is_absolute() or ".." in path.parts or ":" in text or "\\" in text:
        raise ValueError(N_("must be the name of a file in the publication's folder, such as logo.svg"))
    return text


def query_name(text: str) -> str:
    """Let pass a name as it stands in an address behind the question mark."""
    if not _QUERY_NAME.fullmatch(text):
        raise ValueError(N_("must be names as they stand behind the question mark of an address"))
    return text


def title(text: str) -> str:
    """Let pass the title of a section."""
    if len(text.splitlines()) != 1 or not text.strip():
        raise ValueError(N_("needs a title, as in coast = The coast"))
    return text


def link_word(text: str) -> str:
    """Let pass the word that a link is."""
    if len(text.splitlines()) != 1 or not text.strip():
        raise ValueError(N_("needs a word for each address"))
    return text


def one_line(text: str) -> str:
    """Let pass what stands on one line and says something."""
    if len(text.splitlines()) != 1 or not text.strip():
        raise ValueError(N_("must be words on one line"))
    return text
