"""What happened to a comment, for those who follow it (`subscribers.py`)."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.models import Status


@dataclass(frozen=True, slots=True)
class CommentPosted:
    """A comment was stored: published, or held for a moderator."""

    site_id: int
    thread_id: int
    comment_id: int
    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class CommentEdited:
    """A comment has a new revision, published or waiting."""

    site_id: int
    thread_id: int
    comment_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CommentMoved:
    """A comment went from one status to another."""

    site_id: int
    thread_id: int
    comment_id: int
    before: Status
    after: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class ThreadChanged:
    """A thread was closed or opened, or one of its comments pinned: readers see it, no comment changed."""

    site_id: int
    thread_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CommentsTaken:
    """Somebody said which of the comments that guests left with their address are theirs."""

    site_id: int
    account_id: int
    at: datetime
