"""Refusals that both engines give, in one wording."""

from rejoinder.errors import N_, Conflict, Unavailable

BUSY = N_("Too much is happening at once. Please try again in a moment.")


class RunAgain(Unavailable):
    """What a transaction had read changed before it could lock it: nothing of it happened, and it is run once more."""

    def __init__(self) -> None:
        super().__init__("busy", BUSY, retry_after=1)


def busy() -> Unavailable:
    """Work would have to wait too long."""
    return Unavailable("busy", BUSY, retry_after=1)


def stopping() -> Unavailable:
    """Work came when the process was about to end."""
    return Unavailable(
        "stopping", N_("The server is restarting. Please try again in a moment."), retry_after=2
    )


def storage_full() -> Unavailable:
    """The disk takes no more."""
    return Unavailable(
        "storage-full", N_("The server's storage is full, so nothing can be saved just now."), retry_after=10
    )


def storage_failed() -> Unavailable:
    """The storage gave an error; nothing that it said since is trusted."""
    return Unavailable(
        "storage-failed", N_("The storage failed. Please try again in a moment."), retry_after=5
    )


def outcome_unknown() -> Unavailable:
    """The connection was lost after COMMIT was sent; only the caller can find out, by an idempotency key."""
    return Unavailable(
        "outcome-unknown",
        N_("The storage went away while this was saved. Please look before trying again."),
        retry_after=5,
    )


def already_there() -> Conflict:
    """A unique key is taken."""
    return Conflict("already-there", N_("The same was stored a moment ago."))


def gone_meanwhile() -> Conflict:
    """What a row refers to is not there."""
    return Conflict("gone-meanwhile", N_("What this belongs to was removed a moment ago."))
