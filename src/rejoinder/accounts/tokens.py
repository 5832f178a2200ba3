"""Secrets that browsers and programs hold: 32 random bytes, of which the server keeps a hash."""

import hashlib
import re
import secrets

SERVICE_MARK = "rejoinder_"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """A fresh secret: 256 random bits in 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether the text has the shape of a secret; anything else is no credential at all."""
    return _TOKEN.fullmatch(text) is not None


def new_service_token() -> str:
    """A fresh secret for a program; its beginning says what it is, to people and to those who search for leaks."""
    return SERVICE_MARK + new_token()


def is_service_token(text: str) -> bool:
    """Whether the text says of itself that it is a program's token."""
    return text.startswith(SERVICE_MARK)


def hash_token(token: str) -> bytes:
    """What the server keeps. The token is random, so a plain hash can't be guessed back."""
    return hashlib.sha256(token.encode()).digest()
