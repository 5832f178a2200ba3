"""Our cookies: what they are called and how they are guarded follows from the public address, here and nowhere else."""

from datetime import timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

from ada_url import URL
from starlette.requests import Request
from starlette.responses import Response

CookieKind: TypeAlias = Literal["visitor", "session", "marker", "code", "trip"]

SUFFIXES: dict[CookieKind, str] = {
    "visitor": "",
    "session": "-session",
    "marker": "-marker",
    "code": "-code",
    "trip": "-trip",
}
LONGEST = timedelta(days=400)  # browsers cut what asks for more
MOST_CHARACTERS = 200


@lru_cache(maxsize=256)
def cookie_name(base_url: str, kind: CookieKind) -> str:
    """`__Host-rejoinder…` on https; on plain http a name with the port in it, because cookies know no ports."""
    url = URL(base_url)
    if url.protocol == "https:":
        return f"__Host-rejoinder{SUFFIXES[kind]}"
    return f"rejoinder-{url.port or 80}{SUFFIXES[kind]}"


def set_visitor(response: Response, base_url: str, token: str) -> None:
    """Let this browser be known again, and leave the marker that says so to our script."""
    _set(response, base_url, "visitor", token, LONGEST)
    _set(response, base_url, "marker", "1", LONGEST)


def set_session(response: Response, base_url: str, token: str, *, lasts: timedelta) -> None:
    """Sign this browser in, and leave the marker that says so to our script."""
    _set(response, base_url, "session", token, lasts)
    _set(response, base_url, "marker", "1", LONGEST)


def set_code(response: Response, base_url: str, token: str, *, lasts: timedelta) -> None:
    """Let this browser, and no other, enter the code that was sent for it."""
    _set(response, base_url, "code", token, lasts)


def clear_code(response: Response, base_url: str) -> None:
    """Forget that a code was sent."""
    _set(response, base_url, "code", "", timedelta(0))


def clear_session(response: Response, base_url: str) -> None:
    """Sign this browser out."""
    _set(response, base_url, "session", "", timedelta(0))


def clear_visitor(response: Response, base_url: str) -> None:
    """Forget this browser: the next one to use it is somebody else."""
    _set(response, base_url, "visitor", "", timedelta(0))
    _set(response, base_url, "marker", "", timedelta(0))


def read_visitor(request: Request, base_url: str) -> str | None:
    """The visitor token a browser sent."""
    return _read(request, base_url, "visitor")


def read_session(request: Request, base_url: str) -> str | None:
    """The session token a browser sent."""
    return _read(request, base_url, "session")


def read_code(request: Request, base_url: str) -> str | None:
    """The secret of the browser that a code was sent for."""
    return _read(request, base_url, "code")


def set_trip(response: Response, base_url: str, token: str, *, lasts: timedelta) -> None:
    """Let this browser, and no other, come back from where it went to sign in."""
    _set(response, base_url, "trip", token, lasts)


def clear_trip(response: Response, base_url: str) -> None:
    """Forget that it went."""
    _set(response, base_url, "trip", "", timedelta(0))


def read_trip(request: Request, base_url: str) -> str | None:
    """The secret of the browser that went elsewhere."""
    return _read(request, base_url, "trip")


def carries_ours(request: Request, base_url: str) -> bool:
    """Whether a request carries one of our credentials."""
    return read_visitor(request, base_url) is not None or read_session(request, base_url) is not None


def _set(response: Response, base_url: str, kind: CookieKind, value: str, lasts: timedelta) -> None:
    response.set_cookie(
        cookie_name(base_url, kind),
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=URL(base_url).protocol == "https:",
        httponly=kind != "marker",  # the marker says that there is something and not what: script may see it
        samesite="lax",
    )


def _read(request: Request, base_url: str, kind: CookieKind) -> str | None:
    value = request.cookies.get(cookie_name(base_url, kind))
    return value if value and len(value) <= MOST_CHARACTERS else None
