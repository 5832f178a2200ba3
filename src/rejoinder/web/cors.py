"""Which other origins' scripts may write here and read what is theirs: those that the site lists, exactly.

What everybody may read carries a constant `*` instead, so that caches keep one answer for all.
"""

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response

from .origin import is_listed

METHODS = "GET, POST, PUT, PATCH, DELETE"
HEADERS = "Authorization, Content-Type, Idempotency-Key"
REMEMBERED = "7200"  # seconds; browsers cut what asks for more


def admit(request: Request, base_url: str, listed: Collection[str]) -> bool:
    """Let the answer to this request be read by the origin that asks, where it is the site's own or listed."""
    origin = request.headers.get("origin")
    allowed = origin is not None and is_listed(origin, base_url, listed)
    request.state.varies = True
    if allowed:
        request.state.origin = origin
    return allowed


def open_to_all(request: Request) -> None:
    """Let every page read the answer, a refusal too: nothing in it depends on who asks."""
    request.state.origin = "*"


def preflight(request: Request, base_url: str, listed: Collection[str]) -> Response:
    """What a browser asks before it lets another origin's script write."""
    if not admit(request, base_url, listed):
        return Response(status_code=403)
    return Response(
        status_code=204,
        headers={
            "access-control-allow-methods": METHODS,
            "access-control-allow-headers": HEADERS,
            "access-control-max-age": REMEMBERED,
        },
    )


def with_origin(state: dict[str, object], headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, with those that tell a browser who may read it."""
    origin = state.get("origin")
    if any(name.lower() == b"access-control-allow-origin" for name, _ in headers):
        return headers
    added = [(b"vary", b"Origin")] if state.get("varies") else []
    if origin:
        added.append((b"access-control-allow-origin", str(origin).encode()))
        added.append(
            (b"access-control-expose-headers", b"Location, RateLimit, RateLimit-Policy, Retry-After")
        )
    return headers + added
