"""Why somebody is not let in."""

from rejoinder.errors import N_, Forbidden


class Unencrypted(Forbidden):
    """Over plain http anybody on the way could take the session."""

    def __init__(self) -> None:
        super().__init__(
            "unencrypted", N_("Staff sign in over https only: on the way here others could read along.")
        )


class TokenRefused(Forbidden):
    """A program's token that opens nothing: one refusal for all, so that it tells nothing."""

    def __init__(self) -> None:
        super().__init__(
            "token-refused", N_("This service token is not known here, was revoked or is too old.")
        )


class ScopeMissing(Forbidden):
    """The token is good, but not for this."""

    def __init__(self, scope: str | None) -> None:
        super().__init__("scope-missing", N_("This service token may not do that."))
        self.more = {"scope": scope}
