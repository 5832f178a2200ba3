"""Large discussions, stored at once with the counters that posting them one by one would have given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cast import NOON
from rejoinder.comments.models import Status
from rejoinder.comments.places import Place, place_below, top_place
from rejoinder.comments.ranking import best_score
from rejoinder.db import Tx, new_id
from rejoinder.sites.models import Site


@dataclass(slots=True)
class Planned:
    """A comment on its way into the table, with its counters."""

    id: int
    parent: "Planned | None"
    place: Place
    status: Status
    reply_count: int = 0
    branch_count: int = 0
    shown_children: int = 0
    shown: bool = field(default=False)


def grow(
    tx: Tx,
    site: Site,
    thread_id: int,
    parents: Sequence[int | None],
    *,
    statuses: Sequence[Status] | None = None,
    authors: Sequence[int] = (),
    since: datetime = NOON,
) -> list[int]:
    """Add a comment a second, each below the one at that place in the list (None: at the top); their ids."""
    planned = _plan(parents, statuses or [Status.PUBLISHED] * len(parents), since)
    _count(planned)
    _insert(tx, site, thread_id, authors or add_authors(tx, site, 1), planned)
    tx.run(
        """
        UPDATE threads SET comment_count = comment_count + :comments, top_count = top_count + :tops,
               version = version + 1 WHERE id = :thread_id
        """,
        thread_id=thread_id,
        comments=sum(one.status is Status.PUBLISHED for one in planned),
        tops=sum(one.shown for one in planned if one.parent is None),
    )
    return [one.id for one in planned]


def add_authors(tx: Tx, site: Site, count: int) -> list[int]:
    """So many guests, each with a browser; the ids of what they sign with."""
    people = [{"id": new_id(), "site_id": site.id, "token": f"token {n}".encode()} for n in range(count)]
    tx.run_many(
        """
        INSERT INTO visitors (id, site_id, token_hash, first_seen, last_seen) VALUES (:id, :site_id, :token, 1, 1)
        ON CONFLICT DO NOTHING
        """,
        people,
    )
    tx.run_many(
        """
        INSERT INTO authors (id, site_id, kind, name, name_key, visitor_id)
        VALUES (:id, :site_id, 'guest', 'Crowd', 'crowd',
                (SELECT id FROM visitors WHERE site_id = :site_id AND token_hash = :token))
        """,
        people,
    )
    return [int(one["id"]) for one in people]  # type: ignore[arg-type]


def _plan(parents: Sequence[int | None], statuses: Sequence[Status], since: datetime) -> list[Planned]:
    planned: list[Planned] = []
    for number, (parent, status) in enumerate(zip(parents, statuses, strict=True)):
        id_, at = new_id(), since + timedelta(seconds=number)
        above = None if parent is None else planned[parent]
        place = top_place(id_, at) if above is None else place_below(above.place, id_, at)
        planned.append(Planned(id_, above, place, status))
    return planned


def _count(planned: Sequence[Planned]) -> None:
    """Children stand behind their parents in the list, so they are done first from its end."""
    by_id = {one.id: one for one in planned}
    for one in reversed(planned):
        one.shown = one.status is Status.PUBLISHED or one.shown_children > 0
        if one.parent is not None:
            one.parent.shown_children += one.shown
            one.parent.reply_count += one.status is Status.PUBLISHED
            by_id[one.place.root_id].branch_count += one.status is Status.PUBLISHED


def _insert(tx: Tx, site: Site, thread_id: int, authors: Sequence[int], planned: Sequence[Planned]) -> None:
    tx.run_many(
        """
        INSERT INTO comments (id, site_id, thread_id, parent_id, root_id, depth, path, author_id, kind, status,
                              posted_at, placed_at, revision_published, reply_count, branch_count, shown_children,
                              best)
        VALUES (:id, :site_id, :thread_id, :parent_id, :root_id, :depth, :path, :author_id, 'comment', :status,
                :placed_at, :placed_at, 1, :reply_count, :branch_count, :shown_children, :best)
        """,
        [
            {
                "id": one.id,
                "site_id": site.id,
                "thread_id": thread_id,
                "parent_id": one.parent.id if one.parent else None,
                "root_id": one.place.root_id,
                "depth": one.place.depth,
                "path": one.place.path,
                "author_id": authors[number % len(authors)],
                "status": one.status,
                "placed_at": one.place.placed_at,
                "reply_count": one.reply_count,
                "branch_count": one.branch_count,
                "shown_children": one.shown_children,
                "best": best_score(0, 0),
            }
            for number, one in enumerate(planned)
        ],
    )
    tx.run_many(
        """
        INSERT INTO comment_revisions (comment_id, n, text, format, html, render_version, author_name, at, by)
        VALUES (:id, 1, 'Text.', 'markdown', '<p>Text.</p>', 1, 'Crowd', :at, 'author')
        """,
        [{"id": one.id, "at": one.place.placed_at} for one in planned],
    )
