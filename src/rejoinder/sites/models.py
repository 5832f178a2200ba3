"""A site and its rules: one validated record with defaults, from which form, help, commands and docs are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rejoinder.db import Json
from rejoinder.errors import N_
from rejoinder.sites import checks


class Group(StrEnum):
    """What settings are about, in the order in which they are shown."""

    PUBLICATION = N_("Publication")
    LOOKS = N_("Looks")
    DISCUSSION = N_("Discussion")
    COMMENTS = N_("Comments and names")
    ADDRESSES = N_("Addresses and origins")


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


Line: TypeAlias = Annotated[str, Field(max_length=120), AfterValidator(checks.one_line)]
Title: TypeAlias = Annotated[str, Field(max_length=120), AfterValidator(checks.title)]
Colour: TypeAlias = Annotated[str, AfterValidator(checks.colour)]


class Link(BaseModel):
    """A word that leads somewhere, as in the navigation or the footer."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    label: Annotated[str, Field(max_length=80), AfterValidator(checks.link_word)]
    url: Annotated[str, Field(max_length=2048), AfterValidator(checks.web_address)]


def _rule(
    group: Group,
    label: str,
    description: str,
    default: object,
    choices: Mapping[str, str] | None = None,
    **bounds: Any,
) -> Any:
    """A field of the rules, with all that people are told of it; `schema.py` reads it from there."""
    shown: dict[str, Any] = {"group": group, "choices": choices}
    return Field(default=default, title=label, description=description, json_schema_extra=shown, **bounds)


class Rules(BaseModel):
    """How a site looks and what it allows; every field has a default a publisher can live with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line = _rule(Group.PUBLICATION, N_("Name"), N_("Name of the publication."), "Rejoinder")
    language: Literal["en", "de", "ar"] = _rule(
        Group.PUBLICATION,
        N_("Language"),
        N_("Language of the pages."),
        "en",
        {"en": "English", "de": "Deutsch", "ar": "العربية"},
    )
    time_zone: Annotated[str, AfterValidator(checks.known_zone)] = _rule(
        Group.PUBLICATION, N_("Time zone"), N_("Zone of all times shown, such as Europe/Oslo."), "UTC"
    )
    sections: dict[Line, Title] = _rule(
        Group.PUBLICATION,
        N_("Titles of sections"),
        N_("Titles of sections, by the name that articles give: coast = The coast."),
        {},
        max_length=100,
    )

    logo: Annotated[str, Field(max_length=1024), AfterValidator(checks.file_name)] | None = _rule(
        Group.LOOKS, N_("Logo"), N_("Image beside the name: a file of the publication's folder."), None
    )
    accent: Colour | None = _rule(
        Group.LOOKS, N_("Accent"), N_("The one accent colour, on light paper, such as #8c2f1b."), None
    )
    accent_dark: Colour | None = _rule(
        Group.LOOKS,
        N_("Accent in the dark"),
        N_("The accent on dark paper; without it the other one, as light as it has to be."),
        None,
    )
    navigation: tuple[Link, ...] = _rule(
        Group.LOOKS,
        N_("Navigation"),
        N_("Links beside the name, to a path such as /articles/about or to a whole address."),
        (),
        max_length=12,
    )
    footer: tuple[Link, ...] = _rule(
        Group.LOOKS, N_("Footer"), N_("Links at the foot of each page."), (), max_length=12
    )

    discussion: Literal["open", "held", "closed", "none"] = _rule(
        Group.DISCUSSION,
        N_("Discussions"),
        N_(
            "What becomes of comments where an article's file is silent; files are read again within seconds."
        ),
        "open",
        {
            "open": N_("open: readers comment"),
            "held": N_("held: every comment waits for a moderator"),
            "closed": N_("closed: what is there stays readable"),
            "none": N_("none: articles have no discussion"),
        },
    )
    close_after_days: int | None = _rule(
        Group.DISCUSSION,
        N_("Days until closing"),
        N_(
            "Days after publication in which a discussion stays open, where an article's file is silent; "
            "empty: for good."
        ),
        None,
        ge=0,
        le=36_500,
    )
    sort: Sort = _rule(
        Group.DISCUSSION,
        N_("Order of comments"),
        N_("The order a discussion opens with."),
        Sort.OLDEST,
        {
            "oldest": N_("Oldest first"),
            "newest": N_("Newest first"),
            "most-voted": N_("Most voted first"),
            "best": N_("Best first"),
        },
    )
    indent: int = _rule(
        Group.DISCUSSION, N_("Indented levels"), N_("Levels of replies that are indented."), 5, ge=1, le=5
    )
    votes: bool = _rule(Group.DISCUSSION, N_("Votes"), N_("Whether readers vote on comments."), True)

    hold: HoldPolicy = _rule(
        Group.COMMENTS,
        N_("Who waits"),
        N_("Whose comments wait for a moderator."),
        HoldPolicy.NONE,
        {
            "none": N_("nobody's, unless something looks wrong"),
            "newcomers": N_("those of newcomers, until one was published"),
            "all": N_("everybody's"),
        },
    )
    held_links: int = _rule(
        Group.COMMENTS,
        N_("Links in a comment"),
        N_("A comment with more links than this waits."),
        2,
        ge=0,
        le=50,
    )
    most_characters: int = _rule(
        Group.COMMENTS,
        N_("Longest comment"),
        N_("The most characters a comment may have."),
        10_000,
        ge=200,
        le=65_536,
    )
    images: bool = _rule(
        Group.COMMENTS,
        N_("Images in comments"),
        N_(
            "Whether images in new comments are drawn, which readers' browsers then fetch from wherever they lie; "
            "otherwise they are links."
        ),
        False,
    )
    edit_minutes: int = _rule(
        Group.COMMENTS,
        N_("Minutes to edit"),
        N_("How long an author may edit a comment that nobody answered, in minutes."),
        15,
        ge=0,
        le=1440,
    )
    email: EmailPolicy = _rule(
        Group.COMMENTS,
        N_("E-mail of guests"),
        N_("Whether a guest gives an e-mail address, which is never shown."),
        EmailPolicy.OPTIONAL,
        {
            "off": N_("not asked for"),
            "optional": N_("whoever wants to"),
            "required": N_("required"),
        },
    )
    websites: bool = _rule(
        Group.COMMENTS, N_("Websites of guests"), N_("Whether a guest may link the name to a website."), True
    )
    reserved_names: tuple[Line, ...] = _rule(
        Group.COMMENTS,
        N_("Reserved names"),
        N_("Names that guests may not use, nor what looks like them; those of staff never."),
        (),
        max_length=100,
    )

    slash: Literal["keep", "add", "strip"] = _rule(
        Group.ADDRESSES,
        N_("Final slash"),
        N_("What becomes of the slash at the end of addresses of pages elsewhere."),
        "keep",
        {
            "keep": N_("kept as it is written"),
            "add": N_("added where there is none"),
            "strip": N_("taken away"),
        },
    )
    url_keys: tuple[Annotated[str, AfterValidator(checks.query_name)], ...] = _rule(
        Group.ADDRESSES,
        N_("Names in the query"),
        N_("Names behind the question mark that tell one article from another; all others are ignored."),
        ("p", "page_id", "id", "article", "story"),
        max_length=50,
    )
    origins: tuple[Annotated[str, Field(max_length=255), AfterValidator(checks.origin)], ...] = _rule(
        Group.ADDRESSES,
        N_("Other origins"),
        N_("Other origins whose scripts may write here, such as https://app.example."),
        (),
        max_length=100,
    )


@dataclass(frozen=True, slots=True)
class Site:
    """A publication: where it stands, and its rules."""

    id: int
    base_url: str
    rules: Json[Rules]
    locked: Json[tuple[str, ...]]
    version: int
