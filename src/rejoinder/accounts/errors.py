"""Why staff are not let in."""

from rejoinder.errors import N_, Forbidden


class Unencrypted(Forbidden):
    """Over plain http anybody on the way could take the session."""

    def __init__(self) -> None:
        super().__init__(
            "unencrypted", N_("Staff sign in over https only: on the way here others could read along.")
        )
