"""Why a comment or a change of one is refused."""

from rejoinder.errors import N_, Conflict, Forbidden, NotFound, TooMany


class ThreadClosed(Conflict):
    """The discussion takes no more comments."""

    def __init__(self) -> None:
        super().__init__("thread-closed", N_("This discussion is closed. What was said stays readable."))


class BranchClosed(Conflict):
    """This conversation takes no more replies."""

    def __init__(self) -> None:
        super().__init__("branch-closed", N_("This conversation is closed. You can still start a new one."))


class ParentGone(Conflict):
    """What was answered is not there any more, or was never to be seen."""

    def __init__(self) -> None:
        super().__init__("parent-gone", N_("The comment you answer is not there any more."))


class TooManyWaiting(TooMany):
    """A newcomer has enough comments waiting for a moderator."""

    def __init__(self) -> None:
        super().__init__(
            "too-many-waiting",
            N_(
                "Some of your comments are still waiting for a moderator. Please come back when they were read."
            ),
            retry_after=3600,
        )


class NoComment(NotFound):
    """There is none with this id, or none that this caller may know of."""

    def __init__(self) -> None:
        super().__init__("comment-not-found", N_("There is no such comment."))


class NotYours(Forbidden):
    """Only who wrote a comment may change it."""

    def __init__(self) -> None:
        super().__init__("not-yours", N_("Only the browser it was written with can change this comment."))


class ChangedMeanwhile(Conflict):
    """Somebody else changed the comment at the same moment."""

    def __init__(self) -> None:
        super().__init__(
            "changed-meanwhile", N_("Somebody changed this comment at the same moment. Look at it again.")
        )


class EditWindowOver(Conflict):
    """The time to change a comment is over."""

    def __init__(self) -> None:
        super().__init__("edit-window-over", N_("The time to change this comment is over."))


class _Changed(Conflict):
    """Both texts, so that nothing is lost: the one that stands and the one that was sent."""

    code_word = ""
    sentence = ""

    def __init__(self, *, theirs: str, revision: int) -> None:
        super().__init__(self.code_word, self.sentence)
        self.theirs = theirs
        self.revision = revision
        self.more = {"theirs": theirs, "revision": revision}


class CommentChanged(_Changed):
    """The comment was edited from another revision than the one that stands."""

    code_word = "comment-changed"
    sentence = N_("This comment was changed meanwhile. Here are both texts.")


class AnsweredMeanwhile(_Changed):
    """Somebody replied, so the comment stands as it was read."""

    code_word = "answered-meanwhile"
    sentence = N_("Somebody answered meanwhile, so the comment stays as they read it.")


class UndoOver(Conflict):
    """A deleted comment can be brought back for a minute only."""

    def __init__(self) -> None:
        super().__init__("undo-over", N_("It is too late to bring this comment back."))


class TooManyPinned(Conflict):
    """Three comments of a thread are pinned already."""

    def __init__(self) -> None:
        super().__init__("too-many-pinned", N_("Three comments are pinned already. Unpin one first."))


class CannotMove(Conflict):
    """A branch can't stand there."""

    def __init__(self, why: str) -> None:
        super().__init__("cannot-move", why)


class StaffOnly(Forbidden):
    """The verb is for moderators."""

    def __init__(self) -> None:
        super().__init__("staff-only", N_("This is for moderators. Please sign in with your link."))
