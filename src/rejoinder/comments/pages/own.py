"""Where the author of a comment, without script, looks after it: edit, delete, undo."""

from datetime import UTC, datetime

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.models import Caller
from rejoinder.accounts.pages import ask_to_sign_in, caller_of
from rejoinder.comments.delete import delete_comment, undo_delete
from rejoinder.comments.discussion import drawer
from rejoinder.comments.draft import write_text
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.errors import AnsweredMeanwhile, CommentChanged
from rejoinder.comments.models import Status
from rejoinder.comments.own import Managed, NotForYou, manage
from rejoinder.comments.pages.asking import language_for
from rejoinder.comments.queries.writing import get_stored
from rejoinder.db import Tx, read_id
from rejoinder.errors import N_, Invalid, NotFound
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.forms import read_form
from rejoinder.web.house import House, house
from rejoinder.web.origin import check_own

router = APIRouter()


@router.get("/comments/{comment_id}/manage")
async def manage_page(request: Request, comment_id: str) -> Response:
    """One comment for its author or for staff; everybody else is told who may come in."""
    site = await site_of(request)
    now, id_ = datetime.now(UTC), read_id(comment_id)
    caller = await caller_of(request, site, now=now)
    try:
        managed, fragment = await house(request).db.read(
            _load_managed, house(request), site, id_, caller, now=now
        )
    except (NotForYou, NotFound):
        if caller.may_moderate:
            raise
        return ask_to_sign_in(request, site)
    context = {
        "site": site,
        "thread": managed.thread,
        "comment": managed.comment,
        "fragment": None if managed.status is Status.DELETED else fragment,
        "text": managed.revision.text,
        "revision": managed.revision.n,
        "status": managed.status,
        "notice": None,
        "can": managed.can,
        "edit_until": managed.edit_until,
        "undo_until": managed.undo_until,
        "thread_url": f"{managed.thread.url}#discussion",
        "permalink": f"/comments/{comment_id}#comment-{comment_id}",
    }
    language = language_for({}, site, managed.thread.language)
    return no_store(request, "comments/manage.html", context, language=language, images=site.rules.images)


@router.post("/comments/{comment_id}/edit")
async def edit(request: Request, comment_id: str) -> Response:
    """Give one's comment a new text; when it crossed another change, both texts are shown."""
    site = await site_of(request)
    check_own(request, site.base_url, may_be_sent=True)
    form = await read_form(request, {"text": 65_536, "revision": 9})
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    written = write_text(form.get("text", ""), site.rules)
    try:
        edited = await house(request).db.write(
            edit_comment,
            site,
            read_id(comment_id),
            written,
            caller,
            revision=_revision(form.get("revision", "")),
            now=now,
        )
    except (CommentChanged, AnsweredMeanwhile) as crossed:
        return await _conflict(request, site, comment_id, crossed, form["text"])
    if edited.waits:
        return see_other(f"/comments/{comment_id}/manage")
    return see_other(f"/comments/{comment_id}?v={edited.version}#comment-{comment_id}")


@router.post("/comments/{comment_id}/delete")
async def delete(request: Request, comment_id: str) -> Response:
    """Delete one's comment; the page that follows can undo it for a minute."""
    site = await site_of(request)
    check_own(request, site.base_url)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    await house(request).db.write(delete_comment, site, read_id(comment_id), caller, now=now)
    return see_other(f"/comments/{comment_id}/manage")


@router.post("/comments/{comment_id}/undo-delete")
async def undo(request: Request, comment_id: str) -> Response:
    """Bring one's comment back."""
    site = await site_of(request)
    check_own(request, site.base_url)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    await house(request).db.write(undo_delete, site, read_id(comment_id), caller, now=now)
    return see_other(f"/comments/{comment_id}/manage")


def _load_managed(
    tx: Tx, rooms: House, site: Site, comment_id: int, caller: Caller, *, now: datetime
) -> tuple[Managed, Markup]:
    managed = manage(tx, site, comment_id, caller, now=now)
    language = language_for({}, site, managed.thread.language)
    return managed, drawer(tx, rooms, site, [managed.comment], language)(managed.comment)


async def _conflict(
    request: Request, site: Site, comment_id: str, crossed: CommentChanged | AnsweredMeanwhile, mine: str
) -> Response:
    context = {
        "site": site,
        "comment": await house(request).db.read(get_stored, site.id, read_id(comment_id)),
        "reason": house(request).rendering.translate(request.state.language, crossed.message),
        "theirs": crossed.theirs,
        "mine": mine,
        "revision": crossed.revision,
        "can_edit": isinstance(crossed, CommentChanged),
    }
    return no_store(request, "comments/conflict.html", context, status=409)


def _revision(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Invalid(
            "wrong-parameter", N_("It isn't said which text this edit began with."), field="revision"
        )
    return int(text)
