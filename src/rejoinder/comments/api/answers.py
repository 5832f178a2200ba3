"""Comments as JSON answers: data and the same HTML that pages show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from rejoinder.accounts.models import Caller
from rejoinder.comments.discussion import drawer, fill_places
from rejoinder.comments.draft import CommentDraft
from rejoinder.comments.drawing import Drawer
from rejoinder.comments.models import Comment, Status, Thread
from rejoinder.comments.own import (
    REPLY_VERBS,
    TOP_VERBS,
    Managed,
    NotForYou,
    held_of_thread,
    manage,
    manage_fresh,
    own_of_thread,
    verbs_in_thread,
)
from rejoinder.comments.pages.asking import language_for
from rejoinder.comments.post import Posted, post_comment
from rejoinder.comments.queries.reading import get_thread
from rejoinder.db import Tx, show_id
from rejoinder.sites.models import Site
from rejoinder.web.house import House
from rejoinder.web.models import Attempt
from rejoinder.web.slots import Filled

Fields = dict[str, Any]


def as_json(content: Fields, *, status: int = 200) -> Response:
    """An answer for this one reader and this one moment."""
    headers = {"cache-control": "private, no-store"}
    return Response(to_json(content), status, headers, media_type="application/json")


def managed_json(
    tx: Tx, rooms: House, site: Site, comment_id: int, caller: Caller, *, now: datetime
) -> Fields:
    """One comment for its author or for staff. Raises NotForYou or NotFound."""
    managed = manage(tx, site, comment_id, caller, now=now)
    return _managed(managed, _drawer(tx, rooms, site, managed.thread, [managed.comment]))


def post(
    tx: Tx,
    rooms: House,
    site: Site,
    draft: CommentDraft,
    caller: Caller,
    *,
    attempt: Attempt | None,
    now: datetime,
) -> tuple[Posted, list[Filled]]:
    """Post a comment, and ask in the same transaction what other features add to it. Raises what `post_comment` does."""
    posted = post_comment(tx, site, draft, caller, attempt=attempt, now=now)
    return posted, fill_places(tx, rooms, [posted.comment_id])


def fresh_json(
    rooms: House, site: Site, posted: Posted, filled: Sequence[Filled], caller: Caller, *, now: datetime
) -> Fields:
    """A new comment as its post is answered with it; the database is not asked again."""
    assert posted.fresh is not None
    managed = manage_fresh(site, posted.fresh, caller, now=now)
    draw = Drawer(rooms.rendering, site, language_for({}, site, managed.thread.language), filled)
    return _managed(managed, draw) | _outcome(posted)


def again_json(tx: Tx, rooms: House, site: Site, posted: Posted, caller: Caller, *, now: datetime) -> Fields:
    """A comment that had been posted before, as posting it again is answered.

    Words that this network sent before from another browser are that comment: named, and not handed over.
    """
    try:
        return managed_json(tx, rooms, site, posted.comment_id, caller, now=now) | _outcome(posted)
    except NotForYou:
        return _outcome(posted) | {
            "id": show_id(posted.comment_id),
            "permalink": _permalink(posted.comment_id),
            "can": [],
        }


def mine_json(tx: Tx, rooms: House, site: Site, thread_id: int, caller: Caller, *, now: datetime) -> Fields:
    """Votes, own comments of the last day, and for staff what waits and what may be done."""
    thread = get_thread(tx, site.id, thread_id)
    own = own_of_thread(tx, site, thread, caller, now=now)
    held = held_of_thread(tx, site, thread, now=now) if caller.may_moderate else []
    draw = _drawer(tx, rooms, site, thread, [managed.comment for managed in (*own, *held)])
    votes: dict[str, int] = {}
    for extra in rooms.mine:
        votes |= {show_id(id_): value for id_, value in extra(tx, site.id, thread.id, caller).items()}
    content: Fields = {
        "version": thread.version,
        "votes": votes,
        "comments": [_managed(managed, draw) for managed in own],
    }
    if caller.may_moderate:
        content["staff"] = {
            "held": [_managed(managed, draw) for managed in held],
            "verbs": {"top": sorted(TOP_VERBS), "reply": sorted(REPLY_VERBS)}
            | {show_id(id_): sorted(verbs) for id_, verbs in verbs_in_thread(tx, thread, now).items()},
        }
    return content


def _drawer(tx: Tx, rooms: House, site: Site, thread: Thread, comments: list[Comment]) -> Drawer:
    return drawer(tx, rooms, site, comments, language_for({}, site, thread.language))


def _outcome(posted: Posted) -> Fields:
    status = Status.HELD if posted.status is Status.SPAM else posted.status
    return {"status": status, "version": posted.version}


def _managed(managed: Managed, draw: Drawer) -> Fields:
    comment = managed.comment
    return {
        "id": show_id(comment.id),
        "parent_id": show_id(comment.parent_id) if comment.parent_id else None,
        "fragment": str(draw(comment)),
        "text": managed.revision.text,
        "revision": managed.revision.n,
        "status": managed.status,
        "waits": managed.waits,
        "can": sorted(managed.can),
        "edit_until": managed.edit_until,
        "undo_until": managed.undo_until,
        "permalink": _permalink(comment.id),
    }


def _permalink(comment_id: int) -> str:
    return f"/comments/{show_id(comment_id)}#comment-{show_id(comment_id)}"
