"""What staff see and decide, without script: the comments that wait, and the verbs below each."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.models import Caller
from rejoinder.accounts.pages import ask_to_sign_in, caller_of
from rejoinder.comments import moderate
from rejoinder.comments.discussion import drawer
from rejoinder.comments.errors import StaffOnly
from rejoinder.comments.models import Comment, ThreadState
from rejoinder.comments.moderate import Actor
from rejoinder.comments.own import staff_verbs
from rejoinder.comments.queries import deciding, writing
from rejoinder.comments.queries import own as own_queries
from rejoinder.db import Tx, read_id, show_id
from rejoinder.errors import N_
from rejoinder.screening.judge import Reason
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.forms import read_form
from rejoinder.web.house import House, house
from rejoinder.web.origin import check_own
from rejoinder.web.params import closed

router = APIRouter()

LISTED = 50
WHY: dict[str, str] = {
    Reason.QUICK: N_("sent faster than people type"),
    Reason.LINKS: N_("many links"),
    Reason.REPEATED: N_("the same text came several times"),
    Reason.NEWCOMER: N_("a newcomer"),
    Reason.EVERYONE: N_("every comment waits here"),
    Reason.ARTICLE: N_("comments on this article wait"),
}
VERB_FIELDS = {"verb": 20, "reason": 500, "back": 20}


@dataclass(frozen=True, slots=True)
class ThreadName:
    """A thread as a list names it."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: what waits, where, why, and what may be done."""

    comment: Comment
    thread: ThreadName
    fragment: Markup
    why: str | None
    can: frozenset[str]


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the list."""

    entries: tuple[Entry, ...]
    count: int
    next_after: int | None


@router.get("/moderation")
async def moderation_page(request: Request) -> Response:
    """The comments that wait, the oldest first, with the staff's buttons."""
    site = await site_of(request)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.staff is None or not caller.may_moderate:
        return ask_to_sign_in(request, site)
    asked = closed(request, free=("after",))
    after = read_id(asked["after"]) if "after" in asked else 0
    queue = await house(request).db.read(_load_queue, house(request), site, after, now=now)
    context = {
        "site": site,
        "waiting": queue.entries,
        "count": queue.count,
        "next_url": f"/moderation?after={show_id(queue.next_after)}" if queue.next_after else None,
        "signed_in_as": caller.staff.name,
        "owns": caller.staff.owns,
    }
    return no_store(request, "comments/moderation.html", context, images=site.rules.images)


@router.post("/comments/{comment_id}/status")
async def decide(request: Request, comment_id: str) -> Response:
    """One verb for one comment, with its reason."""
    site, caller, form, now = await _staff_form(request)
    by = Actor.of(caller, form.get("reason") or None)
    await house(request).db.write(moderate.act, site, read_id(comment_id), form.get("verb", ""), by, now=now)
    return see_other("/moderation" if form.get("back") == "moderation" else f"/comments/{comment_id}/manage")


@router.post("/threads/{thread_id}/state")
async def set_thread_state(request: Request, thread_id: str) -> Response:
    """Close a thread or open it again."""
    site, caller, form, now = await _staff_form(request)
    by = Actor.of(caller, form.get("reason") or None)
    state = ThreadState.CLOSED if form.get("verb") == "close" else ThreadState.OPEN
    decided = await house(request).db.write(
        moderate.set_thread_state, site, read_id(thread_id), state, by, now=now
    )
    return see_other(f"/threads/{thread_id}?v={decided.version}")


def _why(rooms: House, language: str, reason: str | None) -> str | None:
    return rooms.rendering.translate(language, WHY[reason]) if reason in WHY else None


async def _staff_form(request: Request) -> tuple[Site, Caller, dict[str, str], datetime]:
    site = await site_of(request)
    check_own(request, site.base_url)
    form = await read_form(request, VERB_FIELDS)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if not caller.may_moderate:
        raise StaffOnly
    return site, caller, form, now


def _load_queue(tx: Tx, rooms: House, site: Site, after: int, *, now: datetime) -> Queue:
    found = deciding.waiting(tx, site.id, after=after, most=LISTED + 1)
    listed = found[:LISTED]
    language = site.rules.language
    ids = [waiting.id for waiting in listed]
    comments = {comment.id: comment for comment in own_queries.as_written(tx, site.id, ids)}
    stored = {stored.id: stored for stored in writing.list_stored(tx, site.id, ids)}
    draw = drawer(tx, rooms, site, list(comments.values()), language)
    entries = tuple(
        Entry(
            comments[waiting.id],
            ThreadName(waiting.thread_id, waiting.title),
            draw(comments[waiting.id]),
            _why(rooms, language, waiting.reason),
            frozenset(staff_verbs(stored[waiting.id], now)),
        )
        for waiting in listed
    )
    next_after = listed[-1].id if len(found) > LISTED else None
    return Queue(entries, deciding.count_waiting(tx, site.id), next_after)
