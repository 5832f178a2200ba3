"""A member has another name: every page that shows something of theirs is drawn again."""

from rejoinder.accounts.events import Renamed
from rejoinder.comments.queries.own import threads_of
from rejoinder.comments.visibility import move_version
from rejoinder.db import Tx


def show_new_name(tx: Tx, event: Renamed) -> None:
    """Move the version of each thread in which readers see the name, one after the other in one order."""
    for thread_id in threads_of(tx, event.account_id):
        move_version(tx, thread_id)
