"""Threads and comments as records, and the questions one may ask them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from markupsafe import Markup

from rejoinder.articles.models import Discussion

DRAWN_LEVELS = 5
"""Replies below this level stand at the last indent, in the order of time."""

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when a comment is pinned, where nobody says otherwise; behind every other time."""


class Status(StrEnum):
    """Where a comment stands; `states.py` has every way from one to the next."""

    PUBLISHED = "published"
    HELD = "held"
    REJECTED = "rejected"
    SPAM = "spam"
    REMOVED = "removed"
    DELETED = "deleted"

    @property
    def told(self) -> "Status":
        """What its author is told: what was caught in a trap is not told that it was."""
        return Status.HELD if self is Status.SPAM else self


class Kind(StrEnum):
    """A reader's comment, a ping from another page, or an answer that lives elsewhere."""

    COMMENT = "comment"
    PING = "ping"
    ELSEWHERE = "elsewhere"


class Label(StrEnum):
    """What is drawn beside a name; never part of the name's text."""

    AUTHOR = "author"
    STAFF = "staff"


class ThreadState(StrEnum):
    """Whether staff let the thread take comments."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Thread:
    """The discussion of one article, as far as a rule or a page needs it."""

    id: int
    site_id: int
    article_id: int
    url: str
    title: str
    language: str | None
    state: ThreadState
    discussion: Discussion
    close_at: datetime | None
    version: int
    comment_count: int
    top_count: int

    def is_open(self, now: datetime) -> bool:
        """Whether the thread takes comments at this moment."""
        if self.state is ThreadState.CLOSED or self.discussion in (Discussion.CLOSED, Discussion.NONE):
            return False
        return self.close_at is None or now < self.close_at


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as everybody may see it; a placeholder has no author and no text."""

    id: int
    thread_id: int
    parent_id: int | None
    root_id: int
    depth: int
    path: bytes
    status: Status
    label: Label | None
    language: str | None
    posted_at: datetime | None
    placed_at: datetime
    edited_at: datetime | None
    changed: int
    up: int
    down: int
    reply_count: int
    branch_count: int
    pinned_until: datetime | None
    closed_at: datetime | None
    author_name: str | None
    author_website: str | None
    parent_name: str | None
    html: str | None

    @property
    def is_placeholder(self) -> bool:
        """Whether only its place is left, because replies stand below it."""
        return self.status is not Status.PUBLISHED

    @property
    def markup(self) -> Markup:
        """The text as it is drawn, for a template."""
        return Markup(self.html or "")  # noqa: S704  it came out of the sanitiser

    @property
    def level(self) -> int:
        """The level it is drawn at: 0 (top) to 5."""
        return min(self.depth, DRAWN_LEVELS)


def is_pinned(until: datetime | None, now: datetime) -> bool:
    """Whether a comment pinned until then stands above the first page."""
    return until is not None and now < until


def edit_deadline(posted_at: datetime, minutes: int) -> datetime:
    """Until when an author may edit a comment posted at that time."""
    return posted_at + timedelta(minutes=minutes)
