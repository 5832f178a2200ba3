"""Every way a comment can go from one status to another; what is not here can't happen."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rejoinder.comments.models import Status
from rejoinder.errors import N_, Conflict


class Verb(StrEnum):
    """What moves a comment. The first four are for staff, the last two for its author."""

    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"
    REMOVE = "remove"
    DELETE = "delete"
    UNDO_DELETE = "undo-delete"


class Mark(StrEnum):
    """What staff do with a comment that keeps its status."""

    PIN = "pin"
    UNPIN = "unpin"
    CLOSE = "close"
    REOPEN = "reopen"


STAFF_VERBS = (Verb.APPROVE, Verb.REJECT, Verb.SPAM, Verb.REMOVE)

WAYS: Mapping[Verb, Mapping[Status, Status]] = MappingProxyType(
    {
        Verb.APPROVE: {
            Status.HELD: Status.PUBLISHED,
            Status.REJECTED: Status.PUBLISHED,
            Status.SPAM: Status.PUBLISHED,
            Status.REMOVED: Status.PUBLISHED,
        },
        Verb.REJECT: {Status.HELD: Status.REJECTED, Status.SPAM: Status.REJECTED},
        Verb.SPAM: {
            Status.HELD: Status.SPAM,
            Status.REJECTED: Status.SPAM,
            Status.PUBLISHED: Status.SPAM,
            Status.REMOVED: Status.SPAM,
        },
        Verb.REMOVE: {Status.PUBLISHED: Status.REMOVED},
        Verb.DELETE: {Status.PUBLISHED: Status.DELETED, Status.HELD: Status.DELETED},
        # Where it stood before: published if it ever was, else it waits again.
        Verb.UNDO_DELETE: {Status.DELETED: Status.PUBLISHED},
    }
)


def move(verb: Verb, status: Status, *, was_published: bool = True) -> Status:
    """Where the verb leads from that status.

    Raises Conflict when the verb doesn't lead anywhere from there.
    """
    after = WAYS[verb].get(status)
    if after is None:
        raise Conflict(
            "wrong-status", N_("This comment is not in a state for that any more. Look at it again.")
        )
    if verb is Verb.UNDO_DELETE and not was_published:
        return Status.HELD
    return after


def open_verbs(status: Status) -> list[Verb]:
    """The staff verbs that lead somewhere from that status."""
    return [verb for verb in STAFF_VERBS if status in WAYS[verb]]
