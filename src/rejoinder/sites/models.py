"""A site and its rules: one validated record with defaults, from which form, help and docs are drawn."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from ada_url import URL
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rejoinder.db import Json
from rejoinder.text.addresses import outgoing_link, safe_next


class EmailPolicy(StrEnum):
    """Whether a guest gives an e-mail address."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


class HoldPolicy(StrEnum):
    """Whose comments wait for a moderator before they appear."""

    NONE = "none"
    NEWCOMERS = "newcomers"
    ALL = "all"


class Sort(StrEnum):
    """The order of the top-level comments of a thread."""

    OLDEST = "oldest"
    NEWEST = "newest"
    MOST_VOTED = "most-voted"
    BEST = "best"


@cache
def _zones() -> frozenset[str]:
    """Read once: looking through the machine's list takes 50 ms, and a site's rules are checked with each reading."""
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("is not a time zone of the IANA list, such as Europe/Oslo")
    return name


def web_address(text: str) -> str:
    """Let pass `https://…`, `http://…` and a path of our own; nothing that a browser would run."""
    if text.startswith("/") and safe_next(text, "https://own.invalid") == text:
        return text
    return foreign_address(text)


def foreign_address(text: str) -> str:
    """Let pass `https://…` and `http://…` with a host."""
    link = outgoing_link(text)
    if link is None or link.startswith("mailto:") or "://" not in text or len(text.split()) != 1:
        raise ValueError("must be an address that begins with https:// or http://")
    return text


def _origin(text: str) -> str:
    """Let pass an origin as a browser writes it: scheme, host, and a port that is not the default."""
    if foreign_address(text) != URL(text).origin or "*" in text:
        raise ValueError(
            "must be an origin such as https://blog.example, without a path or a slash at the end"
        )
    return text


class Link(BaseModel):
    """A word that leads somewhere, as in the navigation or the footer."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    label: str = Field(min_length=1, max_length=80)
    url: Annotated[str, Field(max_length=2048), AfterValidator(web_address)]


class Rules(BaseModel):
    """How a site looks and what it allows; every field has a default a publisher can live with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="Rejoinder", max_length=120, description="Name of the publication.")
    language: str = Field(default="en", pattern=r"^(en|de|ar)$", description="Language of the pages.")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="UTC", description="Zone of all times shown."
    )
    logo: str | None = Field(
        default=None, max_length=2048, description="Image beside the name: a file of the publication."
    )
    accent: str | None = Field(
        default=None, pattern=r"^#[0-9a-fA-F]{6}$", description="The one accent colour, on light paper."
    )
    accent_dark: str | None = Field(
        default=None, pattern=r"^#[0-9a-fA-F]{6}$", description="The accent on dark paper."
    )
    navigation: tuple[Link, ...] = Field(default=(), max_length=12, description="Links beside the name.")
    footer: tuple[Link, ...] = Field(default=(), max_length=12, description="Links at the foot of each page.")
    slash: str = Field(
        default="keep", pattern=r"^(keep|add|strip)$", description="The final slash of article addresses."
    )
    origins: tuple[Annotated[str, Field(max_length=255), AfterValidator(_origin)], ...] = Field(
        default=(),
        max_length=100,
        description="Other origins whose scripts may write here, such as an app's.",
    )
    url_keys: tuple[str, ...] = Field(
        default=("p", "page_id", "id", "article", "story"),
        description="Query names that tell one article from another.",
    )

    sections: dict[str, str] = Field(
        default={}, max_length=100, description="Titles of sections, by the name articles give."
    )
    discussion: str = Field(
        default="open",
        pattern=r"^(open|held|closed|none)$",
        description="What becomes of comments where an article is silent.",
    )
    close_after_days: int | None = Field(
        default=None, ge=0, le=36_500, description="Days after publication in which a discussion stays open."
    )

    email: EmailPolicy = Field(
        default=EmailPolicy.OPTIONAL, description="Whether a guest gives an e-mail address."
    )
    websites: bool = Field(default=True, description="Whether a guest may link the name to a website.")
    hold: HoldPolicy = Field(default=HoldPolicy.NONE, description="Whose comments wait for a moderator.")
    held_links: int = Field(default=2, ge=0, le=50, description="A comment with more links than this waits.")
    most_characters: int = Field(
        default=10_000, ge=200, le=65_536, description="Longest comment, in characters."
    )
    images: bool = Field(
        default=False, description="Whether images in comments are drawn; otherwise they are links."
    )
    votes: bool = Field(default=True, description="Whether readers vote on comments.")
    sort: Sort = Field(default=Sort.OLDEST, description="The order a thread opens with.")
    indent: int = Field(default=5, ge=1, le=5, description="Levels of replies that are indented.")
    edit_minutes: int = Field(default=15, ge=0, le=1440, description="How long an author may edit a comment.")
    reserved_names: tuple[str, ...] = Field(
        default=(), max_length=100, description="Names that guests may not use."
    )


@dataclass(frozen=True, slots=True)
class Site:
    """A publication: where it stands, and its rules."""

    id: int
    base_url: str
    rules: Json[Rules]
    locked: Json[tuple[str, ...]]
    version: int
