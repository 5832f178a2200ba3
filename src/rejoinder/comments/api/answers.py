"""What acts are answered with: the comment for who wrote it or for staff, and what is theirs in a thread."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from rejoinder.accounts.models import Caller
from rejoinder.comments.api.shapes import (
    CommentShape,
    MineShape,
    NamedShape,
    OwnShape,
    PostedShape,
    StaffShape,
    WrittenShape,
    comment_shape,
    own_fields,
    permalink,
)
from rejoinder.comments.discussion import drawer, fill_places
from rejoinder.comments.draft import CommentDraft
from rejoinder.comments.drawing import Drawer
from rejoinder.comments.models import Comment, Thread
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
from rejoinder.comments.pages.reading import shown_comment
from rejoinder.comments.post import Posted, post_comment
from rejoinder.comments.queries.reading import get_thread, published_texts
from rejoinder.db import Tx, show_id
from rejoinder.errors import NotFound
from rejoinder.screening.limits import Left
from rejoinder.sites.models import Site
from rejoinder.web.house import House
from rejoinder.web.models import Attempt
from rejoinder.web.rates import rate_headers
from rejoinder.web.slots import Filled


def as_json(content: BaseModel, *, status: int = 200, left: Left | None = None) -> Response:
    """An answer for this one reader and this one moment, with what is `left` of an allowance."""
    headers = {"cache-control": "private, no-store"}
    if left:
        limit = left.limit
        headers |= rate_headers(
            limit.name, most=limit.most, seconds=limit.seconds, remaining=left.remaining, reset=left.reset
        )
    return Response(content.model_dump_json(), status, headers, media_type="application/json")


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


def answer_fresh(
    rooms: House,
    site: Site,
    posted: Posted,
    filled: Sequence[Filled],
    caller: Caller,
    *,
    token: str | None,
    now: datetime,
) -> PostedShape:
    """A new comment as its post is answered with it; the database is not asked again."""
    assert posted.fresh is not None
    managed = manage_fresh(site, posted.fresh, caller, now=now)
    draw = Drawer(rooms.rendering, site, language_for({}, site, managed.thread.language), filled)
    fields = own_fields(site, managed, str(draw(managed.comment)), now=now)
    return PostedShape(
        **fields | {"status": posted.status.told, "version": posted.version, "visitor_token": token}
    )


def answer_again(
    tx: Tx, rooms: House, site: Site, posted: Posted, caller: Caller, *, now: datetime
) -> WrittenShape | NamedShape:
    """A comment that had been posted before, as posting it again is answered.

    Words that this network sent before from another browser are that comment: named, and not handed over.
    """
    try:
        return answer_written(tx, rooms, site, posted.comment_id, caller, version=posted.version, now=now)
    except NotForYou:
        return NamedShape(
            id=show_id(posted.comment_id),
            permalink=permalink(site, posted.comment_id),
            status=posted.status.told,
            version=posted.version,
            can=[],
        )


def answer_written(
    tx: Tx, rooms: House, site: Site, comment_id: int, caller: Caller, *, version: int, now: datetime
) -> WrittenShape:
    """A comment after it was written to. Raises NotForYou or NotFound."""
    managed = manage(tx, site, comment_id, caller, now=now)
    draw = _drawer(tx, rooms, site, managed.thread, [managed.comment])
    return WrittenShape(**_own(site, managed, draw, now=now), version=version)


def one_comment(
    tx: Tx, rooms: House, site: Site, comment_id: int, caller: Caller, *, now: datetime
) -> CommentShape:
    """A comment: for who wrote it and for staff with all that is theirs, for everybody else as it is published.

    Raises NotFound; to others, one that waits or is gone without a trace looks like one that never was.
    """
    try:
        managed = manage(tx, site, comment_id, caller, now=now)
    except (NotForYou, NotFound):
        comment, _ = shown_comment(tx, site, comment_id)
        text = published_texts(tx, [comment_id]).get(comment_id)
        return comment_shape(site, comment, text, now=now)
    return OwnShape(
        **_own(site, managed, _drawer(tx, rooms, site, managed.thread, [managed.comment]), now=now)
    )


def mine_in(tx: Tx, rooms: House, site: Site, thread_id: int, caller: Caller, *, now: datetime) -> MineShape:
    """Votes, own comments of the last day, and for staff what waits and what may be done."""
    thread = get_thread(tx, site.id, thread_id)
    own = own_of_thread(tx, site, thread, caller, now=now)
    held = held_of_thread(tx, site, thread, caller, now=now) if caller.may_see_all else []
    draw = _drawer(tx, rooms, site, thread, [managed.comment for managed in (*own, *held)])
    votes: dict[str, int] = {}
    for extra in rooms.mine:
        votes |= {show_id(id_): value for id_, value in extra(tx, site.id, thread.id, caller).items()}
    verbs = _verbs_of(tx, thread, now) if caller.may_decide else {}
    return MineShape(
        version=thread.version,
        votes=votes,
        comments=[OwnShape(**_own(site, managed, draw, now=now)) for managed in own],
        signed_in_as=caller.person.name if caller.person else None,
        staff=StaffShape(
            held=[OwnShape(**_own(site, managed, draw, now=now)) for managed in held], verbs=verbs
        )
        if caller.may_see_all
        else None,
    )


def _verbs_of(tx: Tx, thread: Thread, now: datetime) -> dict[str, list[str]]:
    """What may be done with a published comment of the thread, and with those that differ from the rest."""
    everywhere = {"top": TOP_VERBS, "reply": REPLY_VERBS}
    marked = {show_id(id_): verbs for id_, verbs in verbs_in_thread(tx, thread, now).items()}
    return {name: sorted(map(str, verbs)) for name, verbs in (*everywhere.items(), *marked.items())}


def _drawer(tx: Tx, rooms: House, site: Site, thread: Thread, comments: list[Comment]) -> Drawer:
    return drawer(tx, rooms, site, comments, language_for({}, site, thread.language))


def _own(site: Site, managed: Managed, draw: Drawer, *, now: datetime) -> dict[str, Any]:
    return own_fields(site, managed, str(draw(managed.comment)), now=now)
