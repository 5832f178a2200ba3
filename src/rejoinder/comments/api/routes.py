"""The same acts as JSON, for our own script and for any other client: same rules, same functions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.models import Caller
from rejoinder.accounts.pages import bearer_of, caller_of
from rejoinder.accounts.tokens import hash_token, is_token, new_token
from rejoinder.comments import moderate
from rejoinder.comments.api.answers import (
    again_json,
    as_json,
    fresh_json,
    managed_json,
    mine_json,
    post,
)
from rejoinder.comments.api.bodies import EditBody, PostBody, PreviewBody, StatusBody
from rejoinder.comments.delete import delete_comment, undo_delete
from rejoinder.comments.draft import write_text
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.errors import StaffOnly
from rejoinder.comments.moderate import Actor
from rejoinder.comments.pages.posting import attempt_of, read_draft
from rejoinder.db import read_id
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.cookies import carries_ours, read_visitor, set_visitor
from rejoinder.web.direct import DirectRoute
from rejoinder.web.house import house
from rejoinder.web.idempotency import read_key
from rejoinder.web.json_body import read_json
from rejoinder.web.origin import check_listed, check_own

router = APIRouter(prefix="/api/v1", route_class=DirectRoute)


@router.post("/preview")
async def preview(request: Request) -> Response:
    """How a text will look; nothing is kept."""
    site = await site_of(request)
    body = await read_json(request, PreviewBody)
    return as_json({"html": write_text(body.text, site.rules).html})


@router.post("/comments")
async def create_comment(request: Request) -> Response:
    """Post a comment; the answer has it as everybody will see it, and what its author may do with it.

    A program that sends no token is given one, once, with which it can change the comment.
    """
    site, caller, now = await enter(request)
    fresh_token = new_token() if caller.token_hash is None and caller.staff is None else None
    body = await read_json(request, PostBody)
    form = body.as_form() | {"key": read_key(request) or ""}
    typing = None if body.elapsed is None else timedelta(milliseconds=body.elapsed)
    draft = await read_draft(request, site, form, caller, typing_time=typing)
    attempt = attempt_of(site, form, caller)
    if fresh_token:
        caller = replace(caller, token_hash=hash_token(fresh_token))
    rooms = house(request)
    posted, filled = await rooms.db.write(post, rooms, site, draft, caller, attempt=attempt, now=now)
    if posted.again:
        content = await rooms.db.read(again_json, rooms, site, posted, caller, now=now)
    else:
        content = fresh_json(rooms, site, posted, filled, caller, now=now)
    if fresh_token and not posted.again:
        content["visitor_token"] = fresh_token
    return keep_known(request, site, as_json(content, status=200 if posted.again else 201))


@router.get("/comments/{comment_id}")
async def get_comment(request: Request, comment_id: str) -> Response:
    """One's own comment as it was written, with its revision; for staff, anybody's."""
    site, caller, now = await enter(request)
    return as_json(
        await house(request).db.read(managed_json, house(request), site, read_id(comment_id), caller, now=now)
    )


@router.patch("/comments/{comment_id}")
async def edit(request: Request, comment_id: str) -> Response:
    """Give one's comment a new text; 409 with the text that stands when it crossed another change."""
    site, caller, now = await enter(request)
    body = await read_json(request, EditBody)
    written = write_text(body.text, site.rules)
    edited = await house(request).db.write(
        edit_comment, site, read_id(comment_id), written, caller, revision=body.revision, now=now
    )
    return as_json(
        await house(request).db.read(managed_json, house(request), site, edited.comment_id, caller, now=now)
        | {"version": edited.version}
    )


@router.delete("/comments/{comment_id}")
async def delete(request: Request, comment_id: str) -> Response:
    """Delete one's comment at once; it can be brought back for a minute."""
    site, caller, now = await enter(request)
    deleted = await house(request).db.write(delete_comment, site, read_id(comment_id), caller, now=now)
    return as_json(
        {
            "status": deleted.status,
            "version": deleted.version,
            "undo_until": deleted.undo_until,
        }
    )


@router.post("/comments/{comment_id}/undo-delete")
async def undo(request: Request, comment_id: str) -> Response:
    """Bring one's comment back where it stood."""
    site, caller, now = await enter(request)
    restored = await house(request).db.write(undo_delete, site, read_id(comment_id), caller, now=now)
    return as_json({"status": restored.status, "version": restored.version})


@router.put("/comments/{comment_id}/status")
async def set_status(request: Request, comment_id: str) -> Response:
    """One staff verb for one comment, with its reason."""
    site, caller, now = await enter(request)
    if not caller.may_moderate or caller.staff is None:
        raise StaffOnly
    body = await read_json(request, StatusBody)
    by = Actor(caller.staff.account_id, body.reason or None)
    decided = await house(request).db.write(moderate.act, site, read_id(comment_id), body.verb, by, now=now)
    managed = await house(request).db.read(
        managed_json, house(request), site, read_id(comment_id), caller, now=now
    )
    return as_json(managed | {"version": decided.version})


@router.get("/threads/{thread_id}/mine")
async def mine(request: Request, thread_id: str) -> Response:
    """What of a thread belongs to this reader, and what staff may do in it: never kept by a cache."""
    site, caller, now = await enter(request)
    return as_json(
        await house(request).db.read(mine_json, house(request), site, read_id(thread_id), caller, now=now)
    )


async def enter(request: Request) -> tuple[Site, Caller, datetime]:
    """Whose request this is, at which site, and when. Raises Foreign where another site uses our reader's cookies."""
    site = await site_of(request)
    if request.method != "GET":
        _check_origin(request, site)
    now = datetime.now(UTC)
    return site, await caller_of(request, site, now=now), now


def _check_origin(request: Request, site: Site) -> None:
    if carries_ours(request, site.base_url):
        check_own(request, site.base_url)
    else:
        check_listed(request, site.base_url, site.origins)


def keep_known(request: Request, site: Site, response: Response) -> Response:
    """A browser that came with a token of its own making has it as a cookie from now on."""
    token = bearer_of(request)
    is_page_of_ours = request.headers.get("sec-fetch-site") == "same-origin"
    if is_page_of_ours and token and is_token(token) and not read_visitor(request, site.base_url):
        set_visitor(response, site.base_url, token)
    return response
