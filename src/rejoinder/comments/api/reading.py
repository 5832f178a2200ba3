"""What everybody may read, as JSON: snapshots like pages, the same bytes for every reader."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.articles.addresses import settle_address
from rejoinder.articles.queries import public_ids_at
from rejoinder.comments.api.shapes import (
    CommentsShape,
    CountsShape,
    ThreadShape,
    comment_shape,
    thread_shape,
)
from rejoinder.comments.models import Thread
from rejoinder.comments.pages.asking import FILTERS, SORTS, tags_of, view_of
from rejoinder.comments.queries import reading as queries
from rejoinder.comments.queries.counting import counts_of
from rejoinder.comments.threads import find_discussion
from rejoinder.comments.walking import walk
from rejoinder.db import Tx, read_id
from rejoinder.errors import N_, Invalid
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.sites.queries import get_site
from rejoinder.web.cors import open_to_all
from rejoinder.web.describing import described
from rejoinder.web.house import house
from rejoinder.web.params import closed, closed_list, version_of
from rejoinder.web.sheet import Sheet, ready_sheet

MOST_ROWS = 200
ROWS = 50
LIMITS = tuple(str(rows) for rows in range(1, MOST_ROWS + 1))
MOST_ADDRESSES = 100
COUNTS_LAST = "public, max-age=0, s-maxage=5, stale-while-revalidate=30"

VERSION = {
    "description": "A thread's version: the answer is never older.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999_999_999},
}
TO_THREAD = {"thread_id": "$request.path.thread_id"}
URL = {"type": "string", "maxLength": 2048, "examples": ["/articles/lamp"]}

router = APIRouter(prefix="/api/v1")


@router.get(
    "/threads",
    **described(
        {200: ThreadShape},
        query={
            "url": {
                "description": "The address of an article, now or once.",
                "required": True,
                "schema": URL,
            },
            "v": VERSION,
        },
        problems={400: ("missing-parameter", "address-invalid"), 404: ("thread-not-found",)},
        leads={"thread_id": "$response.body#/id"},
    ),
)
async def find_thread(request: Request) -> Response:
    """The discussion of the article at an address, whichever of its addresses that is."""
    open_to_all(request)
    asked = _asked(request, free=("url",))
    if "url" not in asked:
        raise _missing("url")
    site = await site_of(request)
    return await house(request).snapshots.answer(
        request, asked, load_thread_at, site.id, asked["url"], at_least=version_of(request)
    )


@router.get(
    "/threads/{thread_id}",
    **described(
        {200: ThreadShape}, query={"v": VERSION}, problems={404: ("thread-not-found",)}, leads=TO_THREAD
    ),
)
async def get_thread(request: Request, thread_id: str) -> Response:
    """One discussion: where it belongs, whether it takes comments, how many it has."""
    open_to_all(request)
    asked = _asked(request)
    site = await site_of(request)
    return await house(request).snapshots.answer(
        request, asked, load_thread, site.id, read_id(thread_id), at_least=version_of(request)
    )


@router.get(
    "/threads/{thread_id}/comments",
    **described(
        {200: CommentsShape},
        query={
            "sort": {
                "description": "Default: the site's.",
                "schema": {"type": "string", "enum": list(SORTS)},
            },
            "filter": {"schema": {"type": "string", "enum": list(FILTERS)}},
            "after": {
                "description": "The `next` of an earlier answer.",
                "schema": {"type": "string", "maxLength": 200},
            },
            "limit": {"schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS}},
            "v": VERSION,
        },
        problems={404: ("thread-not-found",), 410: ("edition-gone",)},
        leads={"comment_id": "$response.body#/comments/0/id", **TO_THREAD},
    ),
)
async def list_comments(request: Request, thread_id: str) -> Response:
    """The comments of a discussion in reading order, `limit` rows at a time, nothing folded away."""
    open_to_all(request)
    asked = _asked(request, {"sort": SORTS, "filter": FILTERS, "limit": LIMITS}, free=("after",))
    limit = int(asked.get("limit", ROWS))
    site = await site_of(request)
    return await house(request).snapshots.answer(
        request, asked, load_comments, site.id, read_id(thread_id), asked, limit, at_least=version_of(request)
    )


@router.get(
    "/counts",
    **described(
        {200: CountsShape},
        query={
            "url": {
                "description": "Up to a hundred addresses.",
                "required": True,
                "schema": {"type": "array", "items": URL, "minItems": 1, "maxItems": MOST_ADDRESSES},
            }
        },
        problems={400: ("missing-parameter", "address-invalid")},
    ),
)
async def count_comments(request: Request) -> Response:
    """The number of comments at up to a hundred addresses; 0 where there is no discussion."""
    open_to_all(request)
    urls = closed_list(request, "url", most=MOST_ADDRESSES)
    if not urls:
        raise _missing("url")
    site = await site_of(request)
    counts = await house(request).db.read(count_at, site, urls)
    headers = {"cache-control": COUNTS_LAST}
    content = CountsShape(counts=counts).model_dump_json()
    return Response(content, headers=headers, media_type="application/json")


def load_thread_at(tx: Tx, site_id: int, url: str) -> Sheet:
    """The discussion at an address."""
    site = get_site(tx, site_id)
    return _thread_sheet(site, find_discussion(tx, site, url), tx.now)


def load_thread(tx: Tx, site_id: int, thread_id: int) -> Sheet:
    """The discussion with this id."""
    return _thread_sheet(get_site(tx, site_id), queries.get_thread(tx, site_id, thread_id), tx.now)


def load_comments(tx: Tx, site_id: int, thread_id: int, asked: dict[str, str], limit: int) -> Sheet:
    """A stretch of a discussion. Raises what `walk` raises."""
    site = get_site(tx, site_id)
    thread = queries.get_thread(tx, site_id, thread_id)
    stretch = walk(tx, thread, view_of(asked, site), limit=limit, now=tx.now)
    texts = queries.published_texts(tx, [comment.id for comment in stretch.comments])
    content = CommentsShape(
        comments=[
            comment_shape(site, comment, texts.get(comment.id), now=tx.now) for comment in stretch.comments
        ],
        next=stretch.next,
        comment_count=thread.comment_count,
        version=thread.version,
    )
    return ready_sheet(content.model_dump_json().encode(), tags_of(thread), version=thread.version)


def count_at(tx: Tx, site: Site, urls: Sequence[str]) -> dict[str, int]:
    """How many comments there are at each address, in two statements. Raises Invalid for what is no address."""
    settled = {url: settle_address(site, url) for url in urls}
    articles = {at.url: at.id for at in public_ids_at(tx, site.id, list(settled.values()))}
    counts = counts_of(tx, list(articles.values()))
    return {url: counts.get(articles.get(address, 0), 0) for url, address in settled.items()}


def _thread_sheet(site: Site, thread: Thread, now: datetime) -> Sheet:
    content = thread_shape(site, thread, now=now).model_dump_json().encode()
    return ready_sheet(content, tags_of(thread), version=thread.version, valid_until=thread.close_at)


def _asked(
    request: Request, known: dict[str, tuple[str, ...]] | None = None, free: tuple[str, ...] = ()
) -> dict[str, str]:
    asked = closed(request, known, (*free, "v"), ignore_unknown=False)
    asked.pop("v", None)  # which version is asked for makes no other page
    return asked


def _missing(name: str) -> Invalid:
    return Invalid("missing-parameter", N_("The parameter “%(name)s” is missing."), field=name, name=name)
