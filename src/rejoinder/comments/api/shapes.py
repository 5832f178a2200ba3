"""What the API answers with: one model for each thing, from which its description is made too."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from rejoinder.comments.models import Comment, Label, Status, Thread, is_pinned
from rejoinder.comments.own import Managed
from rejoinder.db import show_id
from rejoinder.sites.models import Site

# What a placeholder says of itself: who took it away, and no more.
_GONE = {Status.REMOVED: "removed", Status.DELETED: "deleted"}


Id: TypeAlias = Annotated[str, Field(description="Opaque, and stable for ever.", examples=["0am5h1wr642wz"])]
Version: TypeAlias = Annotated[
    int,
    Field(
        description="The thread's version that shows it so; sent as `v`, never answered older.", examples=[42]
    ),
]
Permalink: TypeAlias = Annotated[
    str,
    Field(
        description="Its own page.",
        examples=["https://news.example/comments/0am5h1wr642wz#comment-0am5h1wr642wz"],
    ),
]
Html: TypeAlias = Annotated[
    str,
    Field(
        description="The text as it is drawn; safe to be put into a page.", examples=["<p>I <em>do</em>.</p>"]
    ),
]
Time: TypeAlias = Annotated[datetime, Field(examples=["2026-05-12T09:14:00Z"])]
Name: TypeAlias = Annotated[
    str, Field(description="As its author wrote it; not proved.", examples=["Nell Porter"])
]


class Shape(BaseModel):
    """An answer; every field is always there, and null where there is nothing to say."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AuthorShape(Shape):
    """Who signed a comment."""

    name: Name
    label: Label | None = Field(
        default=None, description="What the site says of them; never part of the name.", examples=["staff"]
    )
    website: str | None = Field(
        default=None, description="Their own address.", examples=["https://nell.example/"]
    )


class CommentShape(Shape):
    """A comment as everybody may read it. Of one that is gone only its place is left: no author, no text."""

    id: Id
    thread_id: Id
    parent_id: Id | None = Field(description="The comment it answers; null at the top level.")
    depth: int = Field(description="0 at the top level; stored without limit.", examples=[0])
    author: AuthorShape | None = Field(description="Null where only the place is left.")
    html: Html | None = Field(description="The text as it is drawn; safe to be put into a page.")
    text: str | None = Field(description="The text as it was written, in Markdown.", examples=["I *do*."])
    posted_at: Time | None = Field(description="When it was posted; null where an import did not know.")
    edited_at: Time | None = Field(description="When its text last changed; null where it never did.")
    up: int = Field(description="Votes for it.", examples=[7])
    down: int = Field(description="Votes against it.", examples=[1])
    pinned: bool = Field(description="Whether staff put it above the first page.")
    status: str = Field(
        description="`published`; of others' comments that are gone, who took them away.",
        json_schema_extra={
            "enum": ["published", "held", "rejected", "spam", "removed", "deleted", "unavailable"]
        },
    )
    permalink: Permalink


class CommentsShape(Shape):
    """A stretch of a discussion in reading order: a parent always stands before its replies."""

    comments: list[CommentShape] = Field(description="At most `limit` of them, nothing folded away.")
    next: str | None = Field(
        description="The value for `after` that leads on; null at the end.", examples=["aaaadiqe3alaaaaaaaba"]
    )
    comment_count: int = Field(description="How many comments of the thread are published.", examples=[128])
    version: Version


class ThreadShape(Shape):
    """The discussion of one article. Before its first comment it has no id, and version 0."""

    id: Id | None = Field(description="Null before the first comment.")
    url: str = Field(description="Where its article is.", examples=["https://news.example/articles/lamp"])
    title: str = Field(description="The article's.", examples=["Who keeps the lamp?"])
    state: Literal["open", "closed"] = Field(description="Whether it takes comments.")
    version: Version
    comment_count: int = Field(description="How many of its comments are published.", examples=[128])


class CountsShape(Shape):
    """The number of published comments by address, as the addresses were asked for."""

    counts: dict[str, int] = Field(
        description="0 where there is no discussion.", examples=[{"/articles/lamp": 128, "/articles/tide": 0}]
    )


class OwnShape(CommentShape):
    """A comment for who wrote it, and for staff: with its newest text, and what may be done with it."""

    revision: int = Field(description="Of this text; an edit names the one it started from.", examples=[1])
    waits: bool = Field(description="Whether this text waits for a moderator.")
    can: list[str] = Field(description="What this caller may do with it now.", examples=[["delete", "edit"]])
    edit_until: Time | None = Field(description="When its author's time to edit ends.")
    undo_until: Time | None = Field(description="Until when a deletion can be taken back.")
    fragment: str = Field(
        description="The list item that the site's own pages show, left open.",
        examples=['<li class="comment" id="comment-0am5h1wr642wz">…'],
    )


class WrittenShape(OwnShape):
    """A comment after it was written to."""

    version: Version


class PostedShape(WrittenShape):
    """A new comment. A program that sent no token is given one, once."""

    visitor_token: str | None = Field(
        default=None,
        description="What this comment can be changed with; not given again.",
        examples=["Qm8u3yYyH2o1vKf5cJ6sWb9dTzR4xNpE7gLaViOkU0M"],
    )


class NamedShape(Shape):
    """A comment that is there already, and was written with another browser: named, and not handed over."""

    id: Id
    permalink: Permalink
    status: str = Field(
        description="Where it stands.",
        json_schema_extra={"enum": ["published", "held", "rejected", "removed", "deleted"]},
    )
    version: Version
    can: list[str] = Field(description="Nothing.", examples=[[]])


class GoneShape(Shape):
    """What became of a comment that was deleted or brought back."""

    status: str = Field(
        description="Where it stands now.", json_schema_extra={"enum": ["published", "held", "deleted"]}
    )
    version: Version
    undo_until: Time | None = Field(
        description="Until when the deletion can be taken back; null when it was."
    )


class StaffShape(Shape):
    """What staff and programs that may see all find in a thread."""

    held: list[OwnShape] = Field(description="What waits for a moderator.")
    verbs: dict[str, list[str]] = Field(
        description="What may be done: with every published comment (`top`, `reply`), and by id where that differs.",
        examples=[{"top": ["close", "pin", "remove", "spam"], "reply": ["remove", "spam"]}],
    )


class MineShape(Shape):
    """What of a thread belongs to this reader."""

    version: Version
    votes: dict[str, int] = Field(description="1 or -1 by comment.", examples=[{"0am5h1wr642wz": 1}])
    comments: list[OwnShape] = Field(description="Own comments of the last day, whatever became of them.")
    signed_in_as: str | None = Field(
        default=None, description="What comments are signed with; null for guests.", examples=["Nell"]
    )
    staff: StaffShape | None = Field(default=None, description="Null for readers.")


class PreviewShape(Shape):
    """How a text would look."""

    html: Html


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
