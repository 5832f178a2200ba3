"""The ways Rejoinder says no: five kinds of refusal, and one "not just now".

A refusal carries a word for programs (`code`) and a sentence for people (`message`). The sentence is an English message
id: whoever shows it translates it first and then fills in `params`. Which HTTP status a kind becomes is decided in `web/`.
"""


def N_(message: str) -> str:
    """Mark a sentence for translation where it is written; it is translated where it is shown."""
    return message


class Refusal(Exception):
    """Something was asked for and is not done; nothing that was written is lost.

    `more` is what a program is told besides, by name.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.code = code
        self.message = message
        self.field = field
        self.params = params
        self.more: dict[str, object] = {}


class Invalid(Refusal):
    """What was sent can't be taken as it is; `field` says which part of it."""


class Forbidden(Refusal):
    """Whoever asks may not do this."""


class NotFound(Refusal):
    """There is no such thing, or nobody may know that there is."""


class Conflict(Refusal):
    """It changed meanwhile, or it is there already."""


class NotNow(Refusal):
    """The same request may succeed in `retry_after` seconds."""

    def __init__(
        self, code: str, message: str, *, retry_after: int, field: str | None = None, **params: object
    ) -> None:
        super().__init__(code, message, field=field, **params)
        self.retry_after = retry_after


class TooMany(NotNow):
    """This one asks more often than a limit allows."""


class Unavailable(NotNow):
    """The server can't do it at the moment, for anybody."""
