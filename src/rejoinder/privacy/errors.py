"""Why a wish can't be followed yet."""

from rejoinder.errors import N_, Conflict, Forbidden


class LastOwner(Conflict):
    """A site always has an owner."""

    def __init__(self) -> None:
        super().__init__(
            "last-owner",
            N_(
                "You are the only owner of this site. Whoever runs the server makes somebody else an owner first,"
                " with rejoinder admin grant."
            ),
        )


class LinkSpent(Forbidden):
    """The link in the mail opens nothing."""

    def __init__(self) -> None:
        super().__init__(
            "mail-link-spent", N_("This link was used already or is too old. Ask for a new one.")
        )


class NoLinks(Forbidden):
    """This server has no way for mail, so it sends no links either."""

    def __init__(self) -> None:
        super().__init__(
            "no-mail",
            N_("This server sends no mail. Please write to whoever runs this site: they can do it for you."),
        )
