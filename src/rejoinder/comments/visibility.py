"""A comment appears or vanishes: every counter that pages read moves with it, in the same transaction."""

from rejoinder.comments.queries import counting
from rejoinder.db import Tx


def appear(tx: Tx, thread_id: int, *, parent_id: int | None, root_id: int, was_shown: bool = False) -> int:
    """Count a comment that is published from now on; the thread's new version.

    `was_shown` says that its place was counted already, as a placeholder above something shown.
    """
    tops = 0
    if parent_id is None:
        tops = 0 if was_shown else 1
    else:
        counting.count_reply(tx, parent_id=parent_id, root_id=root_id, by=1)
        if not was_shown:
            tops = show_below(tx, parent_id)
    return move_version(tx, thread_id, comments=1, tops=tops)


def vanish(tx: Tx, thread_id: int, *, parent_id: int | None, root_id: int, stays: bool) -> int:
    """Count off a comment that is not published any more; the thread's new version.

    `stays` says that a placeholder is left, because something below it is shown.
    """
    tops = 0
    if parent_id is None:
        tops = 0 if stays else -1
    else:
        counting.count_reply(tx, parent_id=parent_id, root_id=root_id, by=-1)
        if not stays:
            tops = hide_below(tx, parent_id)
    return move_version(tx, thread_id, comments=-1, tops=tops)


def show_below(tx: Tx, parent_id: int) -> int:
    """Something is shown below a comment from now on; how many comments of the top level appear with it."""
    ancestors = counting.show_child(tx, parent_id)
    return sum(a.parent_id is None and not a.published and a.shown_children == 1 for a in ancestors)


def hide_below(tx: Tx, parent_id: int) -> int:
    """Something below a comment is not shown any more; minus how many comments of the top level vanish with it."""
    ancestors = counting.hide_child(tx, parent_id)
    return -sum(a.parent_id is None and not a.shown for a in ancestors)


def move_version(tx: Tx, thread_id: int, *, comments: int = 0, tops: int = 0) -> int:
    """Move the thread's version and tell every process; called last, so that its row is locked shortest."""
    tx.touch(f"thread:{thread_id}")
    moved = counting.move_thread(tx, thread_id, comments=comments, tops=tops)
    if comments:  # the count stands on the front page too
        tx.touch(f"article:{moved.article_id}")
    return moved.version
