"""The headers that are the same on every answer."""

from collections.abc import Iterable
from typing import TypeAlias

Header: TypeAlias = tuple[bytes, bytes]

# What a page may load: our own files and nothing else. Nothing inline, no frame around us, no third party.
CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# The same, but for pages with comments of a site that lets readers show images: they lie wherever their readers put them.
WITH_IMAGES: Header = (
    b"content-security-policy",
    CONTENT_SECURITY_POLICY.replace(b"img-src 'self' data:", b"img-src 'self' data: https: http:"),
)

SECURITY: tuple[Header, ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)

# What an answer has that says nothing else: it is for one reader and for now.
PRIVATE: Header = (b"cache-control", b"private, no-store")


def completed(headers: Iterable[Header]) -> list[Header]:
    """Headers with what every answer carries; what an answer says itself stays."""
    headers = list(headers)
    said = {name.lower() for name, _ in headers}
    return headers + [header for header in (*SECURITY, PRIVATE) if header[0] not in said]
