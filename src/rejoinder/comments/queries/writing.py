"""Statements that change threads, comments and their revisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.errors import ChangedMeanwhile, NoComment
from rejoinder.comments.models import Label, Status, ThreadState, is_pinned
from rejoinder.comments.places import Place
from rejoinder.db import Tx


@dataclass(frozen=True, slots=True)
class Stored:
    """A comment as its rules see it: where it stands, whose it is, which texts it has."""

    id: int
    thread_id: int
    parent_id: int | None
    root_id: int
    depth: int
    path: bytes
    placed_at: datetime
    posted_at: datetime | None
    status: Status
    changed: int
    shown: bool
    revision_published: int | None
    revision_pending: int | None
    reply_count: int
    pinned_until: datetime | None
    closed_at: datetime | None
    gone_at: datetime | None
    root_closed_at: datetime | None
    author_name: str
    visitor_id: int | None
    account_id: int | None

    @property
    def place(self) -> Place:
        """Where it stands, for a reply to stand below it."""
        return Place(self.root_id, self.depth, self.path, self.placed_at)

    def is_pinned(self, now: datetime) -> bool:
        """Whether it is drawn above the first page."""
        return is_pinned(self.pinned_until, now)

    @property
    def standing(self) -> Status:
        """Where it stands for its author, who may do with spam that was never seen what one may with what waits."""
        return self.status if self.revision_published else self.status.told

    @property
    def latest_revision(self) -> int:
        """The newest text, whether published or waiting."""
        return max(self.revision_published or 0, self.revision_pending or 0)


def get_stored(tx: Tx, site_id: int, comment_id: int) -> Stored:
    found = list_stored(tx, site_id, [comment_id])
    if not found:
        raise NoComment
    return found[0]


def list_stored(tx: Tx, site_id: int, ids: Sequence[int]) -> list[Stored]:
    """The comments with these ids that are there, in no order."""
    return tx.all(
        Stored,
        """
        SELECT c.id, c.thread_id, c.parent_id, c.root_id, c.depth, c.path, c.placed_at, c.posted_at, c.status, c.changed,
               c.shown, c.revision_published, c.revision_pending, c.reply_count, c.pinned_until, c.closed_at, c.gone_at,
               root.closed_at AS root_closed_at, a.name AS author_name, a.visitor_id, a.account_id
        FROM comments c
        JOIN comments root ON root.id = c.root_id
        JOIN authors a ON a.id = c.author_id
        WHERE c.site_id = :site_id AND c.id IN :ids AND c.kind = 'comment'
        """,
        site_id=site_id,
        ids=ids,
    )


def get_root(tx: Tx, site_id: int, comment_id: int) -> Stored:
    """The top-level comment that a comment belongs to; itself, when it is one."""
    stored = get_stored(tx, site_id, comment_id)
    return stored if stored.parent_id is None else get_stored(tx, site_id, stored.root_id)


def insert_thread(tx: Tx, thread_id: int, site_id: int, article_id: int) -> int:
    return tx.run(
        """
        INSERT INTO threads (id, site_id, article_id, state, version, comment_count, top_count)
        VALUES (:id, :site_id, :article_id, 'open', 1, 0, 0) ON CONFLICT (article_id) DO NOTHING
        """,
        id=thread_id,
        site_id=site_id,
        article_id=article_id,
    )


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment on its way into the table; its first text is revision 1."""

    id: int
    site_id: int
    thread_id: int
    parent_id: int | None
    place: Place
    author_id: int
    label: Label | None
    status: Status
    posted_at: datetime
    best: float


def insert_comment(tx: Tx, new: NewComment) -> None:
    tx.run(
        """
        INSERT INTO comments (id, site_id, thread_id, parent_id, root_id, depth, path, author_id, label, kind, status,
                              posted_at, placed_at, revision_published, revision_pending, best)
        VALUES (:id, :site_id, :thread_id, :parent_id, :root_id, :depth, :path, :author_id, :label, 'comment', :status,
                :posted_at, :placed_at, :published, :pending, :best)
        """,
        id=new.id,
        site_id=new.site_id,
        thread_id=new.thread_id,
        parent_id=new.parent_id,
        root_id=new.place.root_id,
        depth=new.place.depth,
        path=new.place.path,
        author_id=new.author_id,
        label=new.label,
        status=new.status,
        posted_at=new.posted_at,
        placed_at=new.place.placed_at,
        published=1 if new.status is Status.PUBLISHED else None,
        pending=None if new.status is Status.PUBLISHED else 1,
        best=new.best,
    )


@dataclass(frozen=True, slots=True)
class Revision:
    """One text of a comment, as it was written and as it is drawn; `reason` says why it waits, if it does."""

    n: int
    text: str
    html: str
    author_name: str
    website: str | None
    at: datetime
    reason: str | None


def insert_revision(tx: Tx, comment_id: int, revision: Revision, *, render_version: int, by: str) -> None:
    tx.run(
        """
        INSERT INTO comment_revisions (comment_id, n, text, format, html, render_version, author_name, website, at, by,
                                       reason)
        VALUES (:comment_id, :n, :text, 'markdown', :html, :render_version, :author_name, :website, :at, :by, :reason)
        """,
        comment_id=comment_id,
        n=revision.n,
        text=revision.text,
        html=revision.html,
        render_version=render_version,
        author_name=revision.author_name,
        website=revision.website,
        at=revision.at,
        by=by,
        reason=revision.reason,
    )


def get_revision(tx: Tx, comment_id: int, n: int) -> Revision:
    return tx.one(
        Revision,
        """
        SELECT n, text, html, author_name, website, at, reason FROM comment_revisions
        WHERE comment_id = :comment_id AND n = :n
        """,
        comment_id=comment_id,
        n=n,
    )


def next_revision(tx: Tx, comment_id: int) -> int:
    """The number of a comment's next text; those that were rejected keep theirs."""
    n: int = tx.value(
        "SELECT coalesce(max(n), 0) + 1 FROM comment_revisions WHERE comment_id = :comment_id",
        comment_id=comment_id,
    )
    return n


def lock_thread(tx: Tx, thread_id: int) -> None:
    """Let changes of one thread wait for each other, so that they count each other's ancestors right.

    Called before anything is written to a comment that others may write to: so nobody holds what another waits for.
    """
    tx.run("UPDATE threads SET version = version WHERE id = :thread_id", thread_id=thread_id)


def set_status(
    tx: Tx,
    stored: Stored,
    status: Status,
    *,
    published: int | None,
    pending: int | None,
    gone_at: datetime | None,
) -> int:
    """Let the comment stand there, if nobody moved it meanwhile; how many shown children it has."""
    shown_children: int | None = tx.value(
        """
        UPDATE comments SET status = :status, revision_published = :published, revision_pending = :pending,
               gone_at = :gone_at, changed = changed + 1,
               pinned_until = CASE WHEN :status = 'published' THEN pinned_until END
        WHERE id = :comment_id AND changed = :changed
        RETURNING shown_children
        """,
        comment_id=stored.id,
        changed=stored.changed,
        status=status,
        published=published,
        pending=pending,
        gone_at=gone_at,
    )
    if shown_children is None:
        raise ChangedMeanwhile
    return shown_children


def set_revisions(tx: Tx, stored: Stored, *, published: int | None, pending: int | None) -> None:
    moved = tx.run(
        """
        UPDATE comments SET revision_published = :published, revision_pending = :pending, changed = changed + 1
        WHERE id = :comment_id AND changed = :changed
        """,
        comment_id=stored.id,
        changed=stored.changed,
        published=published,
        pending=pending,
    )
    if not moved:
        raise ChangedMeanwhile


def set_thread_state(tx: Tx, thread_id: int, state: ThreadState) -> None:
    tx.run("UPDATE threads SET state = :state WHERE id = :thread_id", thread_id=thread_id, state=state)


def set_pinned(tx: Tx, comment_id: int, until: datetime | None) -> None:
    tx.run(
        "UPDATE comments SET pinned_until = :until, changed = changed + 1 WHERE id = :comment_id",
        comment_id=comment_id,
        until=until,
    )


def count_pinned(tx: Tx, thread_id: int, now: datetime) -> int:
    count: int = tx.value(
        "SELECT count(*) FROM comments WHERE thread_id = :thread_id AND pinned_until > :now",
        thread_id=thread_id,
        now=now,
    )
    return count


def set_closed(tx: Tx, comment_id: int, closed_at: datetime | None) -> None:
    tx.run(
        "UPDATE comments SET closed_at = :closed_at, changed = changed + 1 WHERE id = :comment_id",
        comment_id=comment_id,
        closed_at=closed_at,
    )


def erase_texts(tx: Tx, comment_id: int, deleted_at: datetime) -> int:
    """Erase what a comment said, if it is still deleted since then."""
    return tx.run(
        """
        UPDATE comment_revisions SET text = '', html = '', author_name = '', website = NULL
        WHERE comment_id = :comment_id
          AND EXISTS (
              SELECT 1 FROM comments WHERE id = :comment_id AND status = 'deleted' AND gone_at = :deleted_at
          )
        """,
        comment_id=comment_id,
        deleted_at=deleted_at,
    )
