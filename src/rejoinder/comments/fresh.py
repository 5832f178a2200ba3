"""A comment that was stored just now, as reading it again would find it: its answer needs no second look."""

from dataclasses import dataclass

from rejoinder.accounts.models import Author
from rejoinder.comments.draft import CommentDraft
from rejoinder.comments.models import Comment, Status, Thread
from rejoinder.comments.queries.own import Text
from rejoinder.comments.queries.writing import NewComment, Stored
from rejoinder.db import whole_milliseconds


@dataclass(frozen=True, slots=True)
class Fresh:
    """What the tables hold of a new comment, for its author; tests compare it with what is read from them."""

    thread: Thread
    stored: Stored
    comment: Comment
    text: Text


def as_stored(
    new: NewComment, draft: CommentDraft, thread: Thread, *, parent: Stored | None, author: Author
) -> Fresh:
    """The records that `list_stored`, `as_written` and `latest_texts` would read."""
    return Fresh(
        thread,
        _stored(new, author),
        _comment(new, draft, parent, author),
        Text(new.id, 1, draft.written.text),
    )


def _stored(new: NewComment, author: Author) -> Stored:
    is_published = new.status is Status.PUBLISHED
    return Stored(
        id=new.id,
        thread_id=new.thread_id,
        parent_id=new.parent_id,
        root_id=new.place.root_id,
        depth=new.place.depth,
        path=new.place.path,
        placed_at=whole_milliseconds(new.place.placed_at),
        posted_at=whole_milliseconds(new.posted_at),
        status=new.status,
        changed=1,
        shown=is_published,
        revision_published=1 if is_published else None,
        revision_pending=None if is_published else 1,
        reply_count=0,
        pinned_until=None,
        closed_at=None,
        gone_at=None,
        root_closed_at=None,
        author_name=author.name,
        visitor_id=author.visitor_id,
        account_id=author.account_id,
    )


def _comment(new: NewComment, draft: CommentDraft, parent: Stored | None, author: Author) -> Comment:
    return Comment(
        id=new.id,
        thread_id=new.thread_id,
        parent_id=new.parent_id,
        root_id=new.place.root_id,
        depth=new.place.depth,
        path=new.place.path,
        status=Status.PUBLISHED,
        label=new.label,
        language=None,
        posted_at=whole_milliseconds(new.posted_at),
        placed_at=whole_milliseconds(new.place.placed_at),
        edited_at=None,
        changed=1,
        up=0,
        down=0,
        reply_count=0,
        branch_count=0,
        pinned_until=None,
        closed_at=None,
        author_name=author.name,
        author_website=author.website,
        parent_name=parent.author_name if parent else None,
        html=draft.written.html,
    )
