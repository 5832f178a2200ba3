"""What an article is: the records, their limits, and what they may be asked."""

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from rejoinder.sites.checks import foreign_address, web_address
from rejoinder.text.addresses import write_path

CANON_VERSION = 1  # of the form a kept text has: see `Body`
TITLE_LENGTH = 300
LEAD_LENGTH = 2000
ADDRESS_LENGTH = 2048

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class ArticleState(StrEnum):
    """Who may see an article: everybody, nobody yet, nobody any more."""

    PUBLIC = "public"
    PRIVATE = "private"
    GONE = "gone"


class Discussion(StrEnum):
    """What becomes of a new comment: it appears, it waits, it is refused; or there is no discussion at all."""

    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"
    NONE = "none"


class ArticleSource(StrEnum):
    """Where an article came from; a file of the folder takes over from the others."""

    FOLDER = "folder"
    IMPORT = "import"
    EMBED = "embed"


class Outcome(StrEnum):
    """What storing an article did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


def lay(written: object) -> object:
    """Lay a text on one line; control characters and halves of characters are refused. What is no text stays."""
    if not isinstance(written, str):
        return written
    laid = " ".join(written.split())
    if _UNFIT.search(laid):
        raise ValueError("holds a character that can't be shown")
    return laid


# Constraints stand before what runs before them: so they are those of text, with its words for what is wrong.
Words = Annotated[str, StringConstraints(min_length=1, max_length=TITLE_LENGTH), BeforeValidator(lay)]
Address = Annotated[str, StringConstraints(max_length=ADDRESS_LENGTH), AfterValidator(web_address)]
ForeignAddress = Annotated[str, StringConstraints(max_length=ADDRESS_LENGTH), AfterValidator(foreign_address)]


class Author(BaseModel):
    """Who wrote an article, as the byline says it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Words
    url: Address | None = None


class Byline(BaseModel):
    """Whom an article names as its writers: words as they were written, or a list of authors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: Words | None = None
    authors: Annotated[tuple[Author, ...], Field(max_length=20)] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.authors)

    @property
    def names(self) -> tuple[str, ...]:
        """Whom it names: each author, or the words as they were written."""
        return tuple(author.name for author in self.authors) or ((self.text,) if self.text else ())

    def begins_with(self, *openings: str) -> bool:
        """Whether the words themselves already say "Written by"."""
        return self.text is not None and self.text.casefold().startswith(
            tuple(words.casefold() for words in openings)
        )


NO_BYLINE = Byline()


class Origin(BaseModel):
    """Where an article appeared first."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Words
    url: ForeignAddress | None = None


class Image(BaseModel):
    """The picture above an article: `src` is served by us; sizes in pixels."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    src: Address
    alt: str = Field("", max_length=1000)
    credit: Words | None = None
    width: int | None = Field(None, ge=1)
    height: int | None = Field(None, ge=1)


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it stands; its text is a revision of its own (`get_body`)."""

    id: int
    site_id: int
    url: str
    slug: str | None
    state: ArticleState
    source: ArticleSource
    source_path: str | None
    title: str
    language: str | None
    section: str | None
    lead: str | None
    byline: Byline
    origin: Origin | None
    image: Image | None
    published_at: datetime | None
    updated_at: datetime | None
    discussion: Discussion
    close_at: datetime | None
    revision: int
    version: int

    @property
    def is_public(self) -> bool:
        """Whether a reader may see it and its discussion."""
        return self.state is ArticleState.PUBLIC

    @property
    def has_no_discussion(self) -> bool:
        """Whether readers are not asked what they think."""
        return self.discussion is Discussion.NONE


@dataclass(frozen=True, slots=True)
class Body:
    """A text of an article: `text` as written (UTF-8, lines end in LF, deflated), `html` as drawn from it.

    `hash` is SHA-256 of the text before it was deflated; `canon_version` says what form that text has.
    """

    text: bytes = field(compare=False)  # two versions of zlib may deflate it differently
    hash: bytes
    html: str
    render_version: int
    canon_version: int = CANON_VERSION

    @classmethod
    def of(cls, text: str, html: str, render_version: int) -> "Body":
        """Make a body ready to be stored; slow work, so it is done before a transaction."""
        raw = text.replace("\r\n", "\n").replace("\r", "\n").encode()
        return cls(zlib.compress(raw, 9), hashlib.sha256(raw).digest(), html, render_version)

    def same_text(self, other: "Body") -> bool:
        """Whether the same was written, however it was drawn."""
        return (self.hash, self.canon_version) == (other.hash, other.canon_version)

    def written(self) -> str:
        """The text as it was written."""
        return zlib.decompress(self.text).decode()


@dataclass(frozen=True, slots=True)
class Revision:
    """One text an article had, the `n`th, since `seen_at`."""

    article_id: int
    n: int
    canon_version: int
    text: bytes
    hash: bytes
    html: str
    render_version: int
    seen_at: datetime

    @property
    def body(self) -> Body:
        """What was written and drawn."""
        return Body(self.text, self.hash, self.html, self.render_version, self.canon_version)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """An article as its source gives it: what `store_article` takes."""

    url: str
    title: str
    body: Body
    source: ArticleSource
    slug: str | None = None
    state: ArticleState = ArticleState.PUBLIC
    source_path: str | None = None
    language: str | None = None
    section: str | None = None
    lead: str | None = None
    byline: Byline = NO_BYLINE
    origin: Origin | None = None
    image: Image | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    discussion: Discussion = Discussion.OPEN
    close_at: datetime | None = None
    aliases: Sequence[str] = ()

    def says_what(self, article: Article) -> bool:
        """Whether an article already says everything that is drafted here, its text and aliases aside."""
        shared = {own.name for own in fields(self)} & {own.name for own in fields(article)}
        return all(getattr(self, name) == getattr(article, name) for name in shared)


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing did; `refused` are the aliases that are another article's address."""

    article_id: int
    outcome: Outcome
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """An article that answers to an address; `moved` when the address is an older one of its."""

    article: Article
    moved: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What a source needs to know of an article to see whether it was renamed or removed."""

    id: int
    url: str
    state: ArticleState
    source_path: str | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list of articles, newest first, those without a date last."""

    published_at: datetime | None
    id: int


def own_url(slug: str) -> str:
    """Where an article of this publication stands: without host, so that a changed one breaks nothing."""
    return "/articles/" + write_path(slug)
