"""What the pages of this feature share: a file to keep, a last word, and reading what somebody chose."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from rejoinder.errors import N_, Invalid
from rejoinder.privacy.models import Wish
from rejoinder.sites.models import Site
from rejoinder.web.answers import no_store


def download(lines: Iterator[str]) -> StreamingResponse:
    """All that is known of somebody, as a file that is written as it is read."""
    headers = {"content-disposition": 'attachment; filename="my-data.json"'}
    return StreamingResponse(lines, media_type="application/json", headers=headers)


def told(request: Request, site: Site, what: str) -> Response:
    """A page that only says what was done: `sent`, `done` or `left`."""
    return no_store(request, "privacy/told.html", {"site": site, "what": what})


def wish_in(word: str) -> Wish:
    """What somebody chose. Raises Invalid where it is nothing that can be chosen."""
    if word not in set(Wish):
        raise Invalid("choice-missing", N_("Please choose what becomes of your comments."), field="wish")
    return Wish(word)
