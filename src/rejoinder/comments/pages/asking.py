"""What an address of a discussion says: ids, an order, a place in the list."""

from starlette.requests import Request

from rejoinder.comments.models import Thread
from rejoinder.comments.reading import View
from rejoinder.sites.models import Site, Sort
from rejoinder.text.languages import LANGUAGES
from rejoinder.web.params import closed

SORTS = tuple(sort.value for sort in Sort)
FILTERS = ("all",)


def ask(request: Request, *, free: tuple[str, ...] = ("after",)) -> dict[str, str]:
    """The closed parameters of a discussion's page. Raises Invalid."""
    return closed(request, {"sort": SORTS, "filter": FILTERS, "lang": LANGUAGES}, free=free)


def view_of(asked: dict[str, str], site: Site) -> View:
    """The view that parameters ask for."""
    return View(Sort(asked.get("sort", site.rules.sort)), asked.get("after"))


def language_for(asked: dict[str, str], site: Site, written_in: str | None) -> str:
    """The language of a page: asked for, else the article's where we speak it, else the site's."""
    language = asked.get("lang") or (written_in or "").partition("-")[0]
    return language if language in LANGUAGES else site.rules.language


def tags_of(thread: Thread) -> frozenset[str]:
    """What a page of a thread shows, by the names under which changes are told."""
    return frozenset({f"thread:{thread.id}", f"article:{thread.article_id}", f"site:{thread.site_id}"})
