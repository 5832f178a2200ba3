"""What the API answers with: one model for each thing, from which its description is made too."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rejoinder.comments.models import Comment, Label, Status, Thread, is_pinned
from rejoinder.comments.own import Managed
from rejoinder.db import show_id
from rejoinder.sites.models import Site

# What a placeholder says of itself: who took it away, and no more.
_GONE = {Status.REMOVED: "removed", Status.DELETED: "deleted"}


class Shape(BaseModel):
    """An answer; every field is always there, and null where there is nothing to say."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AuthorShape(Shape):
    """Who signed a comment. A label is given by the site; it is never part of the name."""

    name: str = Field(examples=["Nell Porter"])
    label: Label | None = None
    website: str | None = None


class CommentShape(Shape):
    """A comment as everybody may read it. Of one that is gone only its place is left: no author, no text."""

    id: str = Field(examples=["0am5h1wr642wz"])
    thread_id: str
    parent_id: str | None
    depth: int = Field(description="0 at the top level; stored without limit.")
    author: AuthorShape | None
    html: str | None = Field(description="The text as it is drawn; safe to be put into a page.")
    text: str | None = Field(description="The text as it was written, in Markdown.")
    posted_at: datetime | None = Field(description="Null where an import did not know.")
    edited_at: datetime | None
    up: int
    down: int
    pinned: bool
    status: str = Field(
        json_schema_extra={
            "enum": ["published", "held", "rejected", "spam", "removed", "deleted", "unavailable"]
        }
    )
    permalink: str


class CommentsShape(Shape):
    """A stretch of a discussion in reading order: a parent always stands before its replies."""

    comments: list[CommentShape]
    next: str | None = Field(description="The value for `after` that leads on; null at the end.")
    comment_count: int = Field(description="How many comments of the thread are published.")
    version: int


class ThreadShape(Shape):
    """The discussion of one article. Before its first comment it has no id, and version 0."""

    id: str | None
    url: str
    title: str
    state: Literal["open", "closed"]
    version: int
    comment_count: int


class CountsShape(Shape):
    """The number of published comments by address, as the addresses were asked for."""

    counts: dict[str, int]


class OwnShape(CommentShape):
    """A comment for who wrote it, and for staff: with its newest text, and what may be done with it."""

    revision: int
    waits: bool = Field(description="Whether this text waits for a moderator.")
    can: list[str] = Field(examples=[["delete", "edit"]])
    edit_until: datetime | None
    undo_until: datetime | None
    fragment: str = Field(description="The list item that the site's own pages show, left open.")


class WrittenShape(OwnShape):
    """A comment after it was written to; `version` is the thread's that shows it so."""

    version: int


class PostedShape(WrittenShape):
    """A new comment. A program that sent no token is given one, once."""

    visitor_token: str | None = None


class NamedShape(Shape):
    """A comment that is there already, and was written with another browser: named, and not handed over."""

    id: str
    permalink: str
    status: str = Field(json_schema_extra={"enum": ["published", "held", "rejected", "removed", "deleted"]})
    version: int
    can: list[str]


class GoneShape(Shape):
    """What became of a comment that was deleted or brought back."""

    status: str = Field(json_schema_extra={"enum": ["published", "held", "deleted"]})
    version: int
    undo_until: datetime | None


class StaffShape(Shape):
    """What staff find in a thread: what waits, and what may be done, by id or for all others."""

    held: list[OwnShape]
    verbs: dict[str, list[str]]


class MineShape(Shape):
    """What of a thread belongs to this reader."""

    version: int
    votes: dict[str, int] = Field(description="1 or -1 by comment.")
    comments: list[OwnShape] = Field(description="Own comments of the last day, whatever became of them.")
    staff: StaffShape | None = None


class PreviewShape(Shape):
    """How a text would look."""

    html: str


def thread_shape(site: Site, thread: Thread, *, now: datetime) -> ThreadShape:
    """A thread as everybody may know it."""
    return ThreadShape(
        id=show_id(thread.id) if thread.id else None,
        url=site.base_url + thread.url if thread.url.startswith("/") else thread.url,
        title=thread.title,
        state="open" if thread.is_open(now) else "closed",
        version=thread.version,
        comment_count=thread.comment_count,
    )


def comment_shape(site: Site, comment: Comment, text: str | None, *, now: datetime) -> CommentShape:
    """A comment as everybody may read it."""
    return CommentShape(**_public(site, comment, text, now=now))


def own_fields(site: Site, managed: Managed, fragment: str, *, now: datetime) -> dict[str, Any]:
    """The fields of a comment for who wrote it, and for staff."""
    fields = _public(site, managed.comment, managed.revision.text, now=now)
    return fields | {
        "status": managed.status,
        "revision": managed.revision.n,
        "waits": managed.waits,
        "can": sorted(managed.can),
        "edit_until": managed.edit_until,
        "undo_until": managed.undo_until,
        "fragment": fragment,
    }


def permalink(site: Site, comment_id: int) -> str:
    """The page of a comment, for anybody anywhere."""
    return f"{site.base_url}/comments/{show_id(comment_id)}#comment-{show_id(comment_id)}"


def _public(site: Site, comment: Comment, text: str | None, *, now: datetime) -> dict[str, Any]:
    is_there = not comment.is_placeholder
    return {
        "id": show_id(comment.id),
        "thread_id": show_id(comment.thread_id),
        "parent_id": show_id(comment.parent_id) if comment.parent_id else None,
        "depth": comment.depth,
        "author": _author(comment) if is_there else None,
        "html": comment.html if is_there else None,
        "text": text if is_there else None,
        "posted_at": comment.posted_at,
        "edited_at": comment.edited_at,
        "up": comment.up,
        "down": comment.down,
        "pinned": is_pinned(comment.pinned_until, now),
        "status": "published" if is_there else _GONE.get(comment.status, "unavailable"),
        "permalink": permalink(site, comment.id),
    }


def _author(comment: Comment) -> AuthorShape:
    return AuthorShape(name=comment.author_name or "", label=comment.label, website=comment.author_website)
