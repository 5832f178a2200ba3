"""Why a mail is not sent."""


class Undeliverable(Exception):
    """The other side said no for good: sending it again would change nothing."""
