"""Whose request it is: a page of ours, or some other site's that uses our reader's cookies."""

from collections.abc import Collection

from ada_url import URL
from starlette.requests import Request

from rejoinder.errors import N_, Forbidden


class Foreign(Forbidden):
    """The request did not come from a page of this site.

    Where all of it is a text to be read by others (`may_be_sent`), it is shown again, to be sent from here. Nothing else is:
    one click on it would do what another site put together.
    """

    def __init__(self, *, may_be_sent: bool = False) -> None:
        self.may_be_sent = may_be_sent
        super().__init__(
            "foreign-origin",
            N_("This came from another site, so it was not done. Look it over and send it from here."),
        )


def check_own(request: Request, base_url: str, *, may_be_sent: bool = False) -> None:
    """Let a form, or a request with our cookies, pass only from a page of ours; raises `Foreign`.

    `Sec-Fetch-Site` is set by the browser itself; where an older one sends none, `Origin` has to be the site's.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        own = site == "same-origin"
    else:
        own = request.headers.get("origin") == URL(base_url).origin
    if not own:
        raise Foreign(may_be_sent=may_be_sent)


def check_listed(request: Request, base_url: str, listed: Collection[str]) -> None:
    """Let a request without our cookies pass where it names no origin, the site's own, or one of those listed.

    Programs send none; a browser names the page that it works for. Raises `Foreign`.
    """
    origin = request.headers.get("origin")
    if origin is not None and not is_listed(origin, base_url, listed):
        raise Foreign


def is_listed(origin: str, base_url: str, listed: Collection[str]) -> bool:
    """Whether an origin is the site's own or one that it lists."""
    return origin in {URL(base_url).origin, *listed}
