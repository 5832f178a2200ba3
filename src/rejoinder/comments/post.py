"""Posting a comment: the one way a comment comes into being.

The article page, the JSON API and whatever door comes later all end here.
"""

from dataclasses import dataclass, field
from datetime import datetime

from rejoinder.accounts.know import ensure_visitor, sign_as_account, sign_as_guest
from rejoinder.accounts.models import Author, Caller, Visitor
from rejoinder.comments.draft import CommentDraft
from rejoinder.comments.errors import BranchClosed, NoComment, ParentGone, ThreadClosed, TooManyWaiting
from rejoinder.comments.events import CommentPosted
from rejoinder.comments.fresh import Fresh, as_stored
from rejoinder.comments.judging import judge, look_up
from rejoinder.comments.labels import label_for
from rejoinder.comments.models import Status, Thread
from rejoinder.comments.places import place_below, top_place
from rejoinder.comments.queries import moving, reading, writing
from rejoinder.comments.queries.counting import Known
from rejoinder.comments.queries.writing import NewComment, Revision, Stored
from rejoinder.comments.ranking import best_score
from rejoinder.comments.threads import ensure_thread
from rejoinder.comments.visibility import appear
from rejoinder.db import Tx, new_id
from rejoinder.screening.judge import Outcome, Verdict
from rejoinder.screening.limits import Act, Acts, Left, Sender, count_act, give_back
from rejoinder.screening.queries import insert_fingerprint
from rejoinder.sites.models import Site
from rejoinder.text.markdown import RENDER_VERSION
from rejoinder.web.idempotency import claim
from rejoinder.web.models import Attempt

_STATUS = {Outcome.PUBLISH: Status.PUBLISHED, Outcome.HOLD: Status.HELD, Outcome.SPAM: Status.SPAM}


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a draft. `again` says that it had been posted before; if not, `fresh` is what is stored now.

    `left` is what is left of the sender's allowance, where one is counted.
    """

    comment_id: int
    thread_id: int
    version: int
    status: Status
    again: bool = False
    fresh: Fresh | None = field(default=None, compare=False)
    left: Left | None = field(default=None, compare=False)


def post_comment(
    tx: Tx, site: Site, draft: CommentDraft, caller: Caller, *, attempt: Attempt | None = None, now: datetime
) -> Posted:
    """Store a comment and say how it now stands: published, or held for a moderator.

    Raises ThreadClosed, BranchClosed, ParentGone, TooManyWaiting, TooMany or NotFound; nothing is stored then.
    """
    comment_id = new_id()
    visitor = _visitor(tx, site, caller, now)
    if attempt and (earlier := claim(tx, attempt, str(comment_id), now=now)):
        return _posted_before(tx, site, int(earlier))

    sender = Sender(visitor.id if visitor else None, caller.network)
    acts = count_act(tx, site.id, Act.COMMENT, sender, now=now)
    thread = ensure_thread(tx, site, thread_id=draft.thread_id, url=draft.url)
    parent = _parent(tx, site, draft.reply_to) if draft.reply_to else None
    _check_place(thread, parent, now)

    place_id = draft.reply_to or thread.id
    known = look_up(tx, site, draft.written, sender, caller.person, place_id=place_id, now=now)
    twin = known.twin if attempt is None else None
    left = _settle(tx, acts, is_free=twin is not None or caller.may_moderate)
    if twin:
        return _posted_before(tx, site, twin)
    verdict = _judge(site, draft, thread, caller, known)

    author = _author(tx, site, draft, visitor, caller)
    new = NewComment(
        id=comment_id,
        site_id=site.id,
        thread_id=thread.id,
        parent_id=draft.reply_to,
        place=place_below(parent.place, comment_id, now) if parent else top_place(comment_id, now),
        author_id=author.id,
        label=label_for(tx, caller.staff, thread.article_id) if caller.staff else None,
        status=_STATUS[verdict.outcome],
        posted_at=now,
        best=best_score(0, 0),
    )
    _store(tx, new, draft, verdict, caller)
    # Announced before any row is locked that others wait for: what follows may take its time.
    tx.announce(CommentPosted(site.id, thread.id, comment_id, new.status, now))
    fresh = as_stored(new, draft, thread, parent=parent, author=author)
    if parent:
        writing.lock_thread(tx, thread.id)
        moving.check_unmoved(tx, parent.id, parent.place)
    if new.status is not Status.PUBLISHED:
        return Posted(comment_id, thread.id, thread.version, new.status, fresh=fresh, left=left)
    version = appear(tx, thread.id, parent_id=new.parent_id, root_id=new.place.root_id)
    return Posted(comment_id, thread.id, version, new.status, fresh=fresh, left=left)


def _visitor(tx: Tx, site: Site, caller: Caller, now: datetime) -> Visitor | None:
    if caller.token_hash is None:
        return None
    visitor = ensure_visitor(tx, site.id, caller.token_hash, network=caller.network, now=now)
    return None if caller.is_guest_on(visitor) else visitor


def _posted_before(tx: Tx, site: Site, comment_id: int) -> Posted:
    stored = writing.get_stored(tx, site.id, comment_id)
    thread = reading.get_thread(tx, site.id, stored.thread_id)
    return Posted(stored.id, thread.id, thread.version, stored.status, again=True)


def _parent(tx: Tx, site: Site, comment_id: int) -> Stored:
    """What is answered; one that never was looks like one that is gone, or that nobody sees yet."""
    try:
        return writing.get_stored(tx, site.id, comment_id)
    except NoComment:
        raise ParentGone from None


def _check_place(thread: Thread, parent: Stored | None, now: datetime) -> None:
    if not thread.is_open(now):
        raise ThreadClosed
    if parent is None:
        return
    if parent.thread_id != thread.id or parent.status is not Status.PUBLISHED:
        raise ParentGone
    if parent.root_closed_at or parent.closed_at:
        raise BranchClosed


def _settle(tx: Tx, acts: Acts, *, is_free: bool) -> Left | None:
    if is_free:
        give_back(tx, acts)
        return None
    acts.check()
    return acts.left


def _judge(site: Site, draft: CommentDraft, thread: Thread, caller: Caller, known: Known) -> Verdict:
    trap, typing = draft.trap_filled, draft.typing_time
    verdict = judge(site, thread, draft.written, caller, known, trap_filled=trap, typing_time=typing)
    if verdict.outcome is Outcome.REFUSE:
        raise TooManyWaiting
    return verdict


def _author(tx: Tx, site: Site, draft: CommentDraft, visitor: Visitor | None, caller: Caller) -> Author:
    if caller.person:
        return sign_as_account(tx, caller.person, draft.signature)
    return sign_as_guest(tx, site.id, visitor, draft.signature)


def _store(tx: Tx, new: NewComment, draft: CommentDraft, verdict: Verdict, caller: Caller) -> None:
    writing.insert_comment(tx, new)
    writing.insert_revision(
        tx,
        new.id,
        Revision(
            n=1,
            text=draft.written.text,
            html=draft.written.html,
            author_name=draft.signature.name,
            website=draft.signature.website,
            at=new.posted_at,
            reason=verdict.reason,
        ),
        render_version=RENDER_VERSION,
        by="author",
    )
    insert_fingerprint(
        tx,
        new.site_id,
        draft.written.fingerprint,
        comment_id=new.id,
        place_id=new.parent_id or new.thread_id,
        network=caller.network,
        now=new.posted_at,
    )
