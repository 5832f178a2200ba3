"""The lines between `---` at the head of an article file: what they may say, and what it means."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from rejoinder.articles.models import LEAD_LENGTH, Author, Discussion, Origin, Words, lay
from rejoinder.publication.checked import checked
from rejoinder.publication.faults import Faults
from rejoinder.publication.located import Located, Misread, read_yaml

FENCE = "---"
MOST_ALIASES = 50

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")

Moment: TypeAlias = date | datetime


def read_moment(written: Any) -> Any:
    """`2026-05-12`, or with a time `2026-05-12 09:30`, or with a zone `2026-05-12T09:30:00+02:00`."""
    if not isinstance(written, str):
        return written
    try:
        moment = date.fromisoformat(written) if len(written) <= 10 else datetime.fromisoformat(written)
    except ValueError:
        moment = date.min
    if not 1000 <= moment.year <= 9998:
        raise ValueError("must be a date such as 2026-05-12 or 2026-05-12 09:30")
    return moment


def _a_list(written: Any) -> Any:
    """One entry needs no list."""
    return written if isinstance(written, list | tuple) or written is None else [written]


def _author(written: Any) -> Any:
    return {"name": written} if isinstance(written, str) else written


def _origin(written: Any) -> Any:
    """`origin: Coastwise`, `origin: https://coastwise.example/lamp` or both by name."""
    if isinstance(written, str):
        written = {"url": written} if _SCHEME.match(written) else {"name": written}
    if isinstance(written, dict) and not written.get("name") and isinstance(written.get("url"), str):
        host = written["url"].partition("://")[2].partition("/")[0]
        return {**written, "name": host.removeprefix("www.") or written["url"]}
    return written


def _image(written: Any) -> Any:
    return {"src": written} if isinstance(written, str) else written


Authors = Annotated[tuple[Annotated[Author, BeforeValidator(_author)], ...], Field(max_length=20)]
Aliases = Annotated[tuple[Words, ...], Field(max_length=MOST_ALIASES)]
# A section's name stands in its address: something to read, and no slash.
Section = Annotated[
    str, StringConstraints(max_length=80, pattern=r"^[^/\\;]*[\p{L}\p{N}][^/\\;]*$"), BeforeValidator(lay)
]
Language = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Lead = Annotated[str, StringConstraints(max_length=LEAD_LENGTH), BeforeValidator(lay)]
Alt = Annotated[str, StringConstraints(max_length=1000), BeforeValidator(lay)]


class LeadImage(BaseModel):
    """The picture above an article: a file beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    src: Words
    alt: Alt = ""
    credit: Words | None = None


class FrontMatter(BaseModel):
    """What an article file says of itself; all of it may be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Words | None = None
    byline: Words | None = None
    authors: Annotated[Authors | None, BeforeValidator(_a_list)] = None
    origin: Annotated[Origin | None, BeforeValidator(_origin)] = None
    published: Annotated[Moment | None, BeforeValidator(read_moment)] = None
    updated: Annotated[Moment | None, BeforeValidator(read_moment)] = None
    section: Section | None = None
    language: Language | None = None
    lead: Lead | None = None
    image: Annotated[LeadImage | None, BeforeValidator(_image)] = None
    aliases: Annotated[Aliases | None, BeforeValidator(_a_list)] = None
    draft: bool | None = None
    discussion: Discussion | None = None
    close_after_days: Annotated[int, Field(ge=0, le=36_500)] | None = None

    @field_validator("authors")
    @classmethod
    def _one_byline(
        cls, authors: tuple[Author, ...] | None, info: ValidationInfo
    ) -> tuple[Author, ...] | None:
        if authors and info.data.get("byline"):
            raise ValueError("are given beside `byline`: keep one of the two")
        return authors


@dataclass(frozen=True, slots=True)
class Parts:
    """An article file: what its head says, the lines its values stand in, and the text that begins in line `begins`."""

    front: FrontMatter
    written: Located
    text: str
    begins: int


def read_parts(source: str, faults: Faults) -> Parts | None:
    """Part a file into its head and its text; a file without a head is all text. None when the head is wrong."""
    lines = source.split("\n")
    if lines[0].rstrip() != FENCE:
        return Parts(FrontMatter(), Located({}, {}), source, 1)
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in (FENCE, "...")), None)
    if end is None:
        faults.error(1, "begins with `---`, but no second `---` ends what it says of itself")
        return None
    try:
        written = read_yaml("\n".join(lines[1:end]), first_line=2)
    except Misread as wrong:
        faults.error(wrong.line, wrong.message)
        return None
    front = checked(FrontMatter, written, faults)
    return None if front is None else Parts(front, written, "\n".join(lines[end + 1 :]), end + 2)
