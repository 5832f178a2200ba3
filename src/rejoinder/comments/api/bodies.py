"""The JSON that programs send about comments."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LONGEST_ELAPSED = 10**12  # ms; a page that was left open for thirty years
MOST_REVISIONS = 10**9

Id = Annotated[str, Field(min_length=13, max_length=13)]
Text = Annotated[str, Field(max_length=65_536)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ThreadRef(_Body):
    """The discussion a comment belongs to: by its id, or by the address of its article."""

    id: Id | None = None
    url: str | None = Field(default=None, max_length=2048)


class AuthorBody(_Body):
    """How a guest signs."""

    name: str = Field(default="", max_length=400)
    email: str = Field(default="", max_length=254)
    website: str = Field(default="", max_length=2048)


class PostBody(_Body):
    """A new comment. `elapsed` is ms since the form was first touched; `homepage` is a field people leave empty."""

    thread: ThreadRef
    text: Text
    reply_to: Id | None = None
    author: AuthorBody = AuthorBody()
    homepage: str = Field(default="", max_length=2048)
    elapsed: int | None = Field(default=None, ge=0, le=LONGEST_ELAPSED)

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
    revision: int = Field(ge=1, le=MOST_REVISIONS)


class StatusBody(_Body):
    """A verb for staff, and why."""

    verb: str = Field(max_length=20)
    reason: str = Field(default="", max_length=500)


class PreviewBody(_Body):
    """A text to be drawn and not kept."""

    text: Text
