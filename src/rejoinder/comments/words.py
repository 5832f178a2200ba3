"""The constant phrases of a comment, translated once a page instead of once a comment."""

from collections.abc import Callable, Mapping

from rejoinder.comments.models import Status


def comment_words(gettext: Callable[[str], str]) -> Mapping[str, str]:
    """What `_comment.html` says besides what its author wrote; `%(name)s` stands in an isolate of its own."""
    _ = gettext
    return {
        "reply": _("Reply"),
        "quote": _("Quote"),
        "share": _("Share"),
        "edited": _("edited"),
        "author": _("author"),
        "staff": _("staff"),
        "date_unknown": _("date unknown"),
        "unsigned": _("Unsigned"),
        "in_reply_to": _("in reply to %(name)s"),
        "unfold": _("Read the whole comment"),
        "fold": _("Fold it again"),
        "vote_up": _("Vote for this comment"),
        "vote_down": _("Vote against this comment"),
        Status.REMOVED: _("Removed by a moderator."),
        Status.DELETED: _("Deleted by its author."),
        "unavailable": _("This comment is not available."),
    }
