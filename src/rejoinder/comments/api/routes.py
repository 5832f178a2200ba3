"""The same acts as JSON, for our own script and for any other client: same rules, same functions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.models import Caller, Scope
from rejoinder.accounts.pages import bearer_of, caller_of, program_of
from rejoinder.accounts.tokens import hash_token, is_token, new_token
from rejoinder.comments import moderate
from rejoinder.comments.api.answers import (
    answer_again,
    answer_fresh,
    answer_written,
    as_json,
    mine_in,
    one_comment,
    post,
)
from rejoinder.comments.api.bodies import EditBody, PostBody, PreviewBody, StatusBody
from rejoinder.comments.api.reading import TO_THREAD
from rejoinder.comments.api.shapes import (
    CommentShape,
    GoneShape,
    MineShape,
    NamedShape,
    OwnShape,
    PostedShape,
    PreviewShape,
    WrittenShape,
)
from rejoinder.comments.delete import delete_comment, undo_delete
from rejoinder.comments.draft import write_text
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.errors import AnsweredMeanwhile, CommentChanged, StaffOnly
from rejoinder.comments.moderate import Actor
from rejoinder.comments.pages.posting import attempt_of, read_draft
from rejoinder.db import read_id
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.cookies import carries_ours, read_visitor, set_visitor
from rejoinder.web.cors import admit, preflight
from rejoinder.web.describing import described
from rejoinder.web.direct import DirectRoute
from rejoinder.web.house import house
from rejoinder.web.idempotency import read_key
from rejoinder.web.json_body import read_json
from rejoinder.web.origin import check_listed, check_own
from rejoinder.web.params import closed

# What a text, a name or an address in a body may be refused for.
TEXT = ("text-empty", "too-long", "unreadable-text")
SIGNING = (
    "name-missing",
    "name-empty",
    "name-too-long",
    "name-hidden-character",
    "name-marks",
    "name-label",
    "name-reserved",
    "email-invalid",
    "email-required",
    "website-invalid",
)
NO_COMMENT = {404: ("comment-not-found", "thread-not-found")}
TO_IT = {"comment_id": "$request.path.comment_id"}
TO_BOTH = {"comment_id": "$response.body#/id", "thread_id": "$response.body#/thread_id"}

router = APIRouter(prefix="/api/v1", route_class=DirectRoute)
preflights = APIRouter(prefix="/api/v1")


@router.post("/preview", **described({200: PreviewShape}, body=PreviewBody, problems={400: TEXT}))
async def preview(request: Request) -> Response:
    """How a text will look; nothing is kept."""
    site = await site_of(request)
    admit(request, site.base_url, site.rules.origins)
    body = await read_json(request, PreviewBody)
    return as_json(PreviewShape(html=write_text(body.text, site.rules).html))


@router.post(
    "/comments",
    **described(
        {201: PostedShape, 200: NamedShape | WrittenShape},  # type: ignore[dict-item]  # the framework takes unions
        body=PostBody,
        key=True,
        writes=True,
        leads=TO_BOTH,
        problems={
            400: (*TEXT, *SIGNING, "thread-missing", "thread-mismatch", "address-invalid"),
            404: ("thread-not-found", "comment-not-found"),
            409: ("thread-closed", "branch-closed", "parent-gone"),
            429: ("too-many-waiting",),
        },
    ),
)
async def create_comment(request: Request) -> Response:
    """Post a comment; the answer has it as everybody will see it, and what its author may do with it.

    A program that sends no token is given one, once, with which it can change the comment. What was posted before,
    by the same key or in the same words, is answered again with 200.
    """
    site, caller, now = await enter(request, Scope.POST)
    fresh_token = new_token() if caller.token_hash is None and caller.person is None else None
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
        known = await rooms.db.read(answer_again, rooms, site, posted, caller, now=now)
        return keep_known(request, site, as_json(known))
    content = answer_fresh(rooms, site, posted, filled, caller, token=fresh_token, now=now)
    answer = as_json(content, status=201, left=posted.left)
    answer.headers["location"] = f"{request.url.path}/{content.id}"
    return keep_known(request, site, answer)


@router.get(
    "/comments/{comment_id}",
    **described(
        {200: OwnShape | CommentShape},  # type: ignore[dict-item]
        known=True,
        problems=NO_COMMENT,
        leads=TO_BOTH,
    ),
)
async def get_comment(request: Request, comment_id: str) -> Response:
    """One comment; who wrote it and staff get its newest text, its revision and what may be done besides."""
    closed(request, ignore_unknown=False)
    site, caller, now = await enter(request)
    rooms = house(request)
    return as_json(await rooms.db.read(one_comment, rooms, site, read_id(comment_id), caller, now=now))


@router.patch(
    "/comments/{comment_id}",
    **described(
        {200: WrittenShape},
        body=EditBody,
        writes=True,
        leads=TO_BOTH,
        problems={
            400: TEXT,
            403: ("not-yours",),
            404: NO_COMMENT[404],
            409: (
                "comment-changed",
                "answered-meanwhile",
                "changed-meanwhile",
                "edit-window-over",
                "thread-closed",
            ),
        },
    ),
)
async def edit(request: Request, comment_id: str) -> Response:
    """Give one's comment a new text; 409 with both texts (`theirs`, `yours`) when it crossed another change."""
    site, caller, now = await enter(request, Scope.POST)
    body = await read_json(request, EditBody)
    written = write_text(body.text, site.rules)
    rooms, id_ = house(request), read_id(comment_id)
    try:
        edited = await rooms.db.write(
            edit_comment, site, id_, written, caller, revision=body.revision, now=now
        )
    except (CommentChanged, AnsweredMeanwhile) as crossed:
        crossed.more |= {"yours": body.text}
        raise
    version = edited.version
    written_to = await rooms.db.read(answer_written, rooms, site, id_, caller, version=version, now=now)
    return as_json(written_to, left=edited.left)


@router.delete(
    "/comments/{comment_id}",
    **described(
        {200: GoneShape},
        writes=True,
        leads=TO_IT,
        problems={**NO_COMMENT, 403: ("not-yours",), 409: ("wrong-status",)},
    ),
)
async def delete(request: Request, comment_id: str) -> Response:
    """Delete one's comment at once; it can be brought back for a minute."""
    site, caller, now = await enter(request, Scope.POST)
    deleted = await house(request).db.write(delete_comment, site, read_id(comment_id), caller, now=now)
    return as_json(GoneShape(status=deleted.status, version=deleted.version, undo_until=deleted.undo_until))


@router.post(
    "/comments/{comment_id}/undo-delete",
    **described(
        {200: GoneShape},
        writes=True,
        leads=TO_IT,
        problems={**NO_COMMENT, 403: ("not-yours",), 409: ("wrong-status", "undo-over")},
    ),
)
async def undo(request: Request, comment_id: str) -> Response:
    """Bring one's comment back where it stood."""
    site, caller, now = await enter(request, Scope.POST)
    restored = await house(request).db.write(undo_delete, site, read_id(comment_id), caller, now=now)
    return as_json(GoneShape(status=restored.status, version=restored.version, undo_until=None))


@router.put(
    "/comments/{comment_id}/status",
    **described(
        {200: WrittenShape},
        body=StatusBody,
        writes=True,
        leads=TO_BOTH,
        problems={
            **NO_COMMENT,
            400: ("unknown-verb",),
            403: ("staff-only",),
            409: ("wrong-status", "changed-meanwhile", "cannot-pin", "too-many-pinned"),
        },
    ),
)
async def set_status(request: Request, comment_id: str) -> Response:
    """One staff verb for one comment, with its reason."""
    site, caller, now = await enter(request, Scope.MODERATE)
    if not caller.may_decide:
        raise StaffOnly
    body = await read_json(request, StatusBody)
    by = Actor.of(caller, body.reason or None)
    rooms, id_ = house(request), read_id(comment_id)
    decided = await rooms.db.write(moderate.act, site, id_, body.verb, by, now=now)
    version = decided.version
    return as_json(await rooms.db.read(answer_written, rooms, site, id_, caller, version=version, now=now))


@router.get(
    "/threads/{thread_id}/mine",
    **described({200: MineShape}, known=True, problems={404: ("thread-not-found",)}, leads=TO_THREAD),
)
async def mine(request: Request, thread_id: str) -> Response:
    """What of a thread belongs to this reader, and what staff may do in it: never kept by a cache."""
    closed(request, ignore_unknown=False)
    site, caller, now = await enter(request)
    rooms = house(request)
    return as_json(await rooms.db.read(mine_in, rooms, site, read_id(thread_id), caller, now=now))


@preflights.options("/{path:path}", include_in_schema=False)
async def allow(request: Request, path: str) -> Response:  # noqa: ARG001 - every path is answered alike
    """What a browser asks before it lets a script of another origin write."""
    site = await site_of(request)
    return preflight(request, site.base_url, site.rules.origins)


async def enter(request: Request, scope: Scope | None = None) -> tuple[Site, Caller, datetime]:
    """Whose request this is, at which site, and when; a program writes with a token of this `scope` only.

    Raises Foreign where another site uses our reader's cookies, and what `program_of` raises.
    """
    site = await site_of(request)
    admit(request, site.base_url, site.rules.origins)
    if request.method != "GET":
        _check_origin(request, site)
    now = datetime.now(UTC)
    caller = await program_of(request, site, scope, now=now) or await caller_of(request, site, now=now)
    return site, caller, now


def _check_origin(request: Request, site: Site) -> None:
    if carries_ours(request, site.base_url):
        check_own(request, site.base_url)
    else:
        check_listed(request, site.base_url, site.rules.origins)


def keep_known(request: Request, site: Site, response: Response) -> Response:
    """A browser that came with a token of its own making has it as a cookie from now on."""
    token = bearer_of(request)
    is_page_of_ours = request.headers.get("sec-fetch-site") == "same-origin"
    if is_page_of_ours and token and is_token(token) and not read_visitor(request, site.base_url):
        set_visitor(response, site.base_url, token)
    return response
