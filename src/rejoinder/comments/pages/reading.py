"""Pages that only show: a thread, a comment in its context, the further replies of a branch."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.articles.queries import article_with_id
from rejoinder.comments.discussion import Address, discussion_of, drawer, drawn_rows
from rejoinder.comments.drawing import words_in
from rejoinder.comments.errors import NoComment
from rejoinder.comments.models import Comment, Thread
from rejoinder.comments.pages.asking import ask, language_for, tags_of, view_of
from rejoinder.comments.queries import reading as queries
from rejoinder.comments.reading import in_context, more_replies
from rejoinder.db import Tx, read_id, show_id
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.sites.queries import get_site
from rejoinder.web.house import House, house
from rejoinder.web.params import version_of
from rejoinder.web.snapshots import Sheet

router = APIRouter()


@router.get("/threads/{thread_id}")
async def thread_page(request: Request, thread_id: str) -> Response:
    """The discussion of one article on a page of its own."""
    site, asked = await site_of(request), ask(request)
    return await house(request).snapshots.answer(
        request,
        asked,
        load_thread,
        house(request),
        site.id,
        read_id(thread_id),
        asked,
        at_least=version_of(request),
    )


@router.get("/comments/{comment_id}")
async def comment_page(request: Request, comment_id: str) -> Response:
    """One comment with its branch around it, and the way to the whole."""
    site, asked = await site_of(request), ask(request, free=())
    return await house(request).snapshots.answer(
        request,
        asked,
        load_comment,
        house(request),
        site.id,
        read_id(comment_id),
        asked,
        at_least=version_of(request),
    )


@router.get("/comments/{comment_id}/replies")
async def replies_page(request: Request, comment_id: str) -> Response:
    """The replies of a branch that a page of the thread had no room for."""
    site, asked = await site_of(request), ask(request)
    return await house(request).snapshots.answer(
        request,
        asked,
        load_replies,
        house(request),
        site.id,
        read_id(comment_id),
        asked,
        at_least=version_of(request),
    )


def load_thread(tx: Tx, rooms: House, site_id: int, thread_id: int, asked: dict[str, str]) -> Sheet:
    """What the page of a thread is made from."""
    site = get_site(tx, site_id)
    thread = queries.get_thread(tx, site_id, thread_id)
    article = article_with_id(tx, site_id, thread.article_id)
    language = language_for(asked, site, thread.language)
    view = view_of(asked, site)
    at = Address(thread_url(thread), asked.get("lang"))
    discussion = discussion_of(tx, rooms, site, article, view, language=language, at=at)
    return Sheet(
        "comments/thread.html",
        {
            "site": site,
            "thread": thread,
            "discussion": discussion,
            "article_url": thread.url,
            "authors": article.byline.names,
            "published_at": article.published_at,
        },
        language,
        tags_of(thread),
        version=thread.version,
        valid_until=thread.close_at,
        images=site.rules.images,
    )


def load_comment(tx: Tx, rooms: House, site_id: int, comment_id: int, asked: dict[str, str]) -> Sheet:
    """What a permalink's page is made from."""
    site = get_site(tx, site_id)
    comment, thread = shown_comment(tx, site, comment_id)
    language = language_for(asked, site, thread.language)
    rows = in_context(tx, site, comment)
    return Sheet(
        "comments/comment.html",
        {
            "site": site,
            "thread": thread,
            "comment": comment,
            "rows": drawn_rows(rows, drawer(tx, rooms, site, [row.comment for row in rows], language)),
            "thread_url": f"{thread.url}#discussion",
            "article_url": thread.url,
            "words": words_in(rooms.rendering, language),
        },
        language,
        tags_of(thread),
        version=thread.version,
        images=site.rules.images,
    )


def load_replies(tx: Tx, rooms: House, site_id: int, comment_id: int, asked: dict[str, str]) -> Sheet:
    """What a page of further replies is made from."""
    site = get_site(tx, site_id)
    root, thread = shown_comment(tx, site, comment_id)
    if root.depth or "after" not in asked:
        raise NoComment
    language = language_for(asked, site, thread.language)
    rows, more = more_replies(tx, site, root, asked["after"])
    draw = drawer(tx, rooms, site, [root, *(row.comment for row in rows)], language)
    return Sheet(
        "comments/replies.html",
        {
            "site": site,
            "thread": thread,
            "root": draw(root),
            "rows": drawn_rows(rows, draw),
            "next_url": replies_url(root, more) if more else None,
            "thread_url": f"{thread.url}#discussion",
        },
        language,
        tags_of(thread),
        version=thread.version,
        images=site.rules.images,
    )


def shown_comment(tx: Tx, site: Site, comment_id: int) -> tuple[Comment, Thread]:
    """A comment that everybody may see, or its placeholder, with its thread.

    Raises NotFound; one that waits or is gone looks like one that never was.
    """
    found = queries.drawn(tx, site.id, [comment_id])
    if not found:
        raise NoComment
    return found[0], queries.get_thread(tx, site.id, found[0].thread_id)


def thread_url(thread: Thread) -> str:
    """Where a thread's own page is."""
    return f"/threads/{show_id(thread.id)}"


def replies_url(root: Comment, after: str) -> str:
    """Where the further replies of a branch are."""
    return f"/comments/{show_id(root.id)}/replies?after={after}"
