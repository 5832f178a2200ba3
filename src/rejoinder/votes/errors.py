"""Why a vote is refused."""

from rejoinder.errors import N_, Conflict, Forbidden


class VoterUnknown(Forbidden):
    """A vote belongs to a browser that can be known again."""

    def __init__(self) -> None:
        super().__init__(
            "voter-unknown",
            N_(
                "A vote needs one cookie, so that it counts once and can be taken back. This browser keeps none."
            ),
        )


class NotVotable(Conflict):
    """Only a published comment can be voted on, where the site has votes."""

    def __init__(self) -> None:
        super().__init__("not-votable", N_("This comment can't be voted on."))


class OwnComment(Conflict):
    """One's own comment can't be voted on."""

    def __init__(self) -> None:
        super().__init__("own-comment", N_("This is your own comment: others vote on it."))
