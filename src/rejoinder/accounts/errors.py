"""Why somebody is not let in."""

from rejoinder.errors import N_, Conflict, Forbidden, Invalid, Refusal, TooMany, Unavailable


class SignInNeeded(Forbidden):
    """The page or the act is for who is signed in."""

    def __init__(self) -> None:
        super().__init__("sign-in-needed", N_("Please sign in first."))


class ProofNeeded(Forbidden):
    """Who is signed in last said so too long ago for this."""

    def __init__(self) -> None:
        super().__init__("proof-needed", N_("Please prove first that it is you: sign in once more."))


class OwnersOnly(Forbidden):
    """Settings are for the owners of a site."""

    def __init__(self) -> None:
        super().__init__("owners-only", N_("The settings are for the owners of this publication."))


class NoMail(Forbidden):
    """This server has no way for mail, so it has no codes either."""

    def __init__(self) -> None:
        super().__init__("no-mail", N_("Nobody signs in by a code here: this server sends no mail."))


class EnoughCodes(TooMany):
    """A mailbox or a network has had the codes that a limit allows."""

    def __init__(self, limit: TooMany) -> None:
        super().__init__(
            limit.code,
            N_("Enough codes were asked for. Look into your mail for the newest, or come back later."),
            retry_after=limit.retry_after,
        )
        self.more = limit.more


class CodeSpent(Forbidden):
    """There is no code, or none any more, for this browser."""

    def __init__(self) -> None:
        super().__init__(
            "sign-in-code-spent",
            N_(
                "This code was used already or is too old, or was asked for on another browser. Ask for a new one."
            ),
        )


class NameTaken(Invalid):
    """Another account has this name, or has the address meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "name-reserved", N_("This name belongs to somebody here. Please choose another."), field="name"
        )


class NameIsGiven(Forbidden):
    """Who has a role is known by the name it was given to: labels go by it."""

    def __init__(self) -> None:
        super().__init__(
            "name-is-given",
            N_("You have a role here, so your name is for whoever runs this server to change."),
        )


class NameIsReaders(Conflict):
    """A reader has the name that somebody new was to have; a role is never given to a reader by mistake."""

    def __init__(self) -> None:
        super().__init__(
            "name-is-readers",
            N_("A reader has this name. If the role is for them, say so with --email and their address."),
        )


class EmailTaken(Conflict):
    """The address is another account's."""

    def __init__(self, name: str) -> None:
        super().__init__("email-taken", N_("This address is that of %(name)s."), name=name)


class NoPasskeys(Forbidden):
    """Browsers keep passkeys for names, not for addresses of digits."""

    def __init__(self) -> None:
        super().__init__(
            "no-passkeys", N_("Passkeys can't be used here: they need an address that is a name, not digits.")
        )


class PasskeyRefused(Forbidden):
    """A passkey that opens nothing: one refusal for all, so that it does not tell which are known here."""

    def __init__(self) -> None:
        super().__init__(
            "passkey-refused",
            N_("This passkey was not accepted. Please try once more; a removed one opens nothing any more."),
        )


class TooManyPasskeys(Conflict):
    """One account has a handful of devices, not a hundred."""

    def __init__(self) -> None:
        super().__init__("too-many-passkeys", N_("You have twenty passkeys. Remove one first."))


class Unencrypted(Forbidden):
    """Over plain http anybody on the way could take the session."""

    def __init__(self) -> None:
        super().__init__(
            "unencrypted", N_("Signing in needs https: on the way here others could read along.")
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


class NotLetIn(Refusal):
    """Signing in elsewhere did not lead in: answered by the page to sign in, which says so and offers every way again."""


class TripOver(NotLetIn, Forbidden):
    """A browser comes back that never left, was back already, or took too long."""

    def __init__(self) -> None:
        super().__init__(
            "sign-in-trip-over",
            N_(
                "This sign-in was used already or took too long, or it began on another browser. Please begin again."
            ),
        )


class Declined(NotLetIn, Forbidden):
    """The provider says that the person did not want to, or may not."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "sign-in-declined",
            N_("%(name)s did not sign you in. Try again, or choose another way."),
            name=name,
        )


class NotBelieved(NotLetIn, Forbidden):
    """What came back does not prove who somebody is; the log says why."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "sign-in-not-believed",
            N_(
                "What %(name)s sent does not prove who you are, so nobody was signed in. Try again, or choose another way."
            ),
            name=name,
        )


class CannotReach(NotLetIn, Unavailable):
    """The provider does not answer, or not as it should; the log says why."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "sign-in-unreachable",
            N_("%(name)s can’t be reached at the moment. Try again in a minute, or choose another way."),
            retry_after=60,
            name=name,
        )


class AddressTaken(NotLetIn, Conflict):
    """The address is that of an account that is somebody else there."""

    def __init__(self) -> None:
        super().__init__(
            "address-taken",
            N_("Somebody here has your e-mail address already. Please sign in with a code instead."),
        )


class StaffElsewhere(NotLetIn, Forbidden):
    """Who has a role comes in only by ways the operator trusts with it."""

    def __init__(self) -> None:
        super().__init__(
            "staff-elsewhere",
            N_("You have a role here, and roles don’t come in this way. Please choose another way."),
        )
