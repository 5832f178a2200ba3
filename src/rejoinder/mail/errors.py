"""Why a mail is not sent, or not yet."""


class Undeliverable(Exception):
    """The other side said no for good: sending it again would change nothing."""


class Deferred(Exception):
    """The other side said not now; what it said may hold the address and is not repeated."""
