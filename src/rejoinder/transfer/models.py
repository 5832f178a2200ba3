"""The neutral shape: what every format is read into, so that one loader serves them all.

A reader turns its format into these records, one after the other, in the order of the file. It need not sort them, nor
look for parents, nor make anything safe: that is the loader's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from rejoinder.articles.models import ArticleState, Discussion
from rejoinder.comments.models import Kind, Label, Status


class TextFormat(StrEnum):
    """What a text is written in."""

    MARKDOWN = "markdown"
    HTML = "html"
    PLAIN = "plain"


def _readable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds a character that can't be seen")
    return text


def _written(value: object) -> object:
    """A number would be taken for seconds since 1970, and 20120512 is none of them."""
    if isinstance(value, str | datetime):
        return value
    raise ValueError("is a time such as 2026-05-12T09:14:00Z")


Id: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_readable)]
Time: TypeAlias = Annotated[AwareDatetime, BeforeValidator(_written)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=10**9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is to be read, and what the operator says of it.

    `time_zone` is that of times that tell none. `images`: the pictures that belong to it; they are copied to
    `publication`, unless that is None.
    """

    files: Sequence[Path]
    time_zone: ZoneInfo | None = None
    images: Path | None = None
    publication: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where records come from: a system, and which forum of it. Together with an id they name a record for ever.

    `keeps_ids`: its ids are ours, and stay what they are where they are free.
    `keeps_hidden`: what nobody shall see comes along for itself, and not only to hold the place above an answer.
    """

    system: str
    origin: str
    keeps_ids: bool = False
    keeps_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceId:
    """A name that a record had somewhere before."""

    system: Id
    origin: str
    id: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingSite:
    """The rules of a publication, taken by a site that has none of its own yet."""

    rules: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingArticle:
    """A page that was discussed. Without a text it lives elsewhere, or is here already."""

    id: Id
    url: str
    title: str = ""
    language: str | None = None
    section: str | None = None
    lead: str | None = None
    byline: Any = None
    origin: Any = None
    image: Any = None
    published: Time | None = None
    updated: Time | None = None
    state: ArticleState = ArticleState.PUBLIC
    discussion: Discussion = Discussion.OPEN
    closes: Time | None = None
    closed: bool = False
    thread: Id | None = None
    aliases: tuple[str, ...] = ()
    html: str | None = None
    markdown: str | None = None
    sources: tuple[SourceId, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingAuthor:
    """Who signed a comment. `id` tells people of one name apart; it may be left out."""

    name: str = ""
    email: str | None = None
    website: str | None = None
    id: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingText:
    """An earlier text of a comment, or one that waits."""

    text: str
    format: TextFormat = TextFormat.MARKDOWN
    at: Time | None = None
    reason: str | None = None


NOBODY = ArrivingAuthor()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingComment:
    """A comment or a ping. `posted` is None where nobody knows; `placed` says where it stands, if not by its date.

    `up` and `down` are all votes its source counted; `score` is a net sum of votes that are not among them.
    """

    id: Id
    article: Id
    parent: Id | None = None
    author: ArrivingAuthor = NOBODY
    posted: Time | None = None
    placed: Time | None = None
    text: str = ""
    format: TextFormat = TextFormat.MARKDOWN
    status: Status = Status.PUBLISHED
    up: Count = 0
    down: Count = 0
    score: Annotated[int, Field(ge=-(10**9), le=10**9)] | None = None
    pinned: bool = False
    closed: Time | None = None
    label: Label | None = None
    kind: Kind = Kind.COMMENT
    url: str | None = None
    language: str | None = None
    edited: Time | None = None
    reason: str | None = None
    revisions: tuple[ArrivingText, ...] = ()
    pending: ArrivingText | None = None
    sources: tuple[SourceId, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingVote:
    """One vote whose voter and day the source knows; `waits`: it does not count yet."""

    comment: Id
    voter: Id
    value: Literal[1, -1]
    at: Time
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Mended:
    """Something in the file that was put right to read on: in one word what, in a sentence, and where it stands."""

    kind: str
    message: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that can't be read: of which kind it would be, in one word why, and in a sentence."""

    kind: str
    reason: str
    message: str


Record: TypeAlias = ArrivingSite | ArrivingArticle | ArrivingComment | ArrivingVote


@dataclass(frozen=True, slots=True)
class Item:
    """A record and its place: a number that grows through all files of an import."""

    place: int
    what: Record | Fault | Mended
