"""The JSON that programs send about comments."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

LONGEST_ELAPSED = 10**12  # ms; a page that was left open for thirty years
MOST_REVISIONS = 10**9

Id: TypeAlias = Annotated[str, Field(min_length=13, max_length=13, examples=["0am5h1wr642wz"])]
Text: TypeAlias = Annotated[
    str, Field(max_length=65_536, description="In Markdown; the site says how long.", examples=["I *do*."])
]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ThreadRef(_Body):
    """The discussion a comment belongs to: by its id, or by the address of its article."""

    id: Id | None = Field(default=None, description="Of the thread.")
    url: str | None = Field(
        default=None,
        max_length=2048,
        description="Of the article; its first comment makes the thread.",
        examples=["/articles/lamp"],
    )


class AuthorBody(_Body):
    """How a guest signs."""

    name: str = Field(default="", max_length=400, description="To sign with.", examples=["Nell Porter"])
    email: str = Field(default="", max_length=254, description="Never shown.", examples=["nell@mail.example"])
    website: str = Field(
        default="",
        max_length=2048,
        description="The name leads there.",
        examples=["https://nell.example/"],
    )


class PostBody(_Body):
    """A new comment."""

    thread: ThreadRef = Field(description="Where it belongs: by id or by address.")
    text: Text
    reply_to: Id | None = Field(default=None, description="The comment it answers.")
    author: AuthorBody = Field(default=AuthorBody(), description="How it is signed; not needed by staff.")
    homepage: str = Field(
        default="",
        max_length=2048,
        description="People leave it empty; what fills it is spam.",
        examples=[""],
    )
    elapsed: int | None = Field(
        default=None,
        ge=0,
        le=LONGEST_ELAPSED,
        description="Milliseconds since the form was first touched.",
        examples=[48_000],
    )

    def as_form(self) -> dict[str, str]:
        """The same as the HTML form would send it."""
        return {
            "thread": self.thread.id or "",
            "url": self.thread.url or "",
            "text": self.text,
            "reply_to": self.reply_to or "",
            "name": self.author.name,
            "email": self.author.email,
            "website": self.author.website,
            "homepage": self.homepage,
        }


class EditBody(_Body):
    """A new text, and the revision it started from."""

    text: Text
    revision: int = Field(ge=1, le=MOST_REVISIONS, description="The one the edit started from.", examples=[1])


class StatusBody(_Body):
    """A verb for staff, and why."""

    verb: str = Field(
        max_length=20,
        description="`approve`, `reject`, `spam`, `remove`, `pin`, `unpin`, `close` or `reopen`.",
        examples=["approve"],
    )
    reason: str = Field(
        default="", max_length=500, description="Kept with the decision.", examples=["The links are fine."]
    )


class PreviewBody(_Body):
    """A text to be drawn and not kept."""

    text: Text
