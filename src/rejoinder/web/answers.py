"""The answers that doors give besides snapshots."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from .headers import PRIVATE, WITH_IMAGES
from .house import house
from .languages import language_of


def see_other(path: str, **headers: str) -> RedirectResponse:
    """Send the browser to another page of ours, with GET; an address that leads elsewhere raises `ValueError`."""
    return RedirectResponse(local(path), status_code=303, headers=_private(headers))


def moved(path: str) -> RedirectResponse:
    """Send the browser to where a page of ours now stands, for good."""
    return RedirectResponse(local(path), status_code=301, headers={"cache-control": "public, max-age=300"})


def no_store(
    request: Request,
    template: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
    language: str | None = None,
    images: bool = False,
) -> HTMLResponse:
    """A page for this one reader and this one moment; with `images`, comments on it may show those from elsewhere."""
    language = language or language_of(request)
    html = house(request).rendering.render(template, language, context)
    said = {name.decode(): value.decode() for name, value in ([WITH_IMAGES] if images else [])}
    return HTMLResponse(html, status_code=status, headers=_private(said))


def local(path: str) -> str:
    """A path of our own; raises `ValueError` for what a browser would read as another site's address."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        raise ValueError(f"not a path of our own: {path[:80]!r}")
    return path


def own_path(text: str) -> str:
    """The path of our own that was sent along to go on with; empty where it is none, or leads elsewhere."""
    try:
        return local(text)
    except ValueError:
        return ""


def _private(headers: Mapping[str, str]) -> dict[str, str]:
    name, value = PRIVATE
    return {name.decode(): value.decode(), **headers}
