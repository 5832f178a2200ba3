"""A discussion as a page shows it: which comments, in which order, and where the list goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from rejoinder.comments import cursors, editions
from rejoinder.comments.cursors import ByEdition, ByPlace
from rejoinder.comments.models import FOREVER, Comment, Thread
from rejoinder.comments.queries import editions as edition_queries
from rejoinder.comments.queries import reading as queries
from rejoinder.comments.queries.editions import Edition
from rejoinder.comments.queries.reading import Ping, Root
from rejoinder.comments.tree import Row, arrange, count_elided
from rejoinder.db import Tx, WriteFirst
from rejoinder.errors import N_, NotFound
from rejoinder.sites.models import Site, Sort

MOST_ROOTS = 50
MOST_ROWS = 200
MOST_REPLIES = 20
MOST_PINGS = 200

FindRoots: TypeAlias = Callable[..., list[Root]]

_FIRST = ByPlace(datetime(1970, 1, 1, tzinfo=UTC), 0)
_LAST = ByPlace(FOREVER, 2**63 - 1)


@dataclass(frozen=True, slots=True)
class View:
    """What a reader asked to see: an order, and from where on. Both are closed sets or words of ours."""

    sort: Sort
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a discussion: rows to draw, those pinned above them, and the word for the next page."""

    pinned: tuple[Row, ...]
    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Page:
    roots: Sequence[Root]
    next: str | None


def list_comments(tx: Tx, site: Site, thread: Thread, view: View, *, now: datetime) -> Listing:
    """A page of a discussion, in four statements at any size of the thread.

    Raises WriteFirst (an order has to be stored before it can be read), NotFound ("edition-gone") or Invalid (a word that is none of ours).
    """
    page = _LISTS[view.sort](tx, thread, view, now)
    pinned = queries.pinned_roots(tx, thread.id, now=now) if view.after is None else []
    by_root = rows_by_root(tx, (*pinned, *page.roots), replies=MOST_REPLIES)
    return Listing(
        _rows(pinned, by_root, site.rules.indent), _rows(page.roots, by_root, site.rules.indent), page.next
    )


def more_replies(tx: Tx, site: Site, root: Comment, after: str) -> tuple[tuple[Row, ...], str | None]:
    """The next replies of a long branch, and the word for those behind them."""
    path = cursors.read_path(after)
    replies = queries.branch_after(tx, root.id, path, most=MOST_ROWS + 1)
    more = cursors.write_path(replies[MOST_ROWS - 1].path) if len(replies) > MOST_ROWS else None
    return tuple(arrange(replies[:MOST_ROWS], indent=site.rules.indent)), more


def in_context(tx: Tx, site: Site, comment: Comment) -> tuple[Row, ...]:
    """A comment with what stands around it in its branch."""
    around = MOST_REPLIES
    before = queries.branch_before(tx, comment.root_id, comment.path, most=around) if comment.depth else []
    after = queries.branch_after(tx, comment.root_id, comment.path, most=around)
    return tuple(arrange([*reversed(before), comment, *after], indent=site.rules.indent))


def rows_by_root(tx: Tx, roots: Sequence[Root], *, replies: int) -> dict[int, list[Comment]]:
    """The rows of these branches, each at most so many replies long, in reading order."""
    by_root: dict[int, list[Comment]] = {root.id: [] for root in roots}
    for row in queries.branches(tx, list(by_root), replies=replies):
        by_root[row.root_id].append(row)
    return by_root


def start_of(view: View, *, within: bool = False) -> tuple[ByPlace, FindRoots]:
    """Where a list by time goes on, and which statement finds the top-level comments behind."""
    newest = view.sort is Sort.NEWEST
    start = cursors.read_place(view.after, within=within) if view.after else (_LAST if newest else _FIRST)
    return start, queries.newest_roots if newest else queries.oldest_roots


def _rows(roots: Sequence[Root], by_root: dict[int, list[Comment]], indent: int) -> tuple[Row, ...]:
    branches = [by_root[root.id] for root in roots if by_root[root.id]]
    return tuple(
        row for branch in branches for row in arrange(branch, indent=indent, elided=count_elided(branch))
    )


def _fit(roots: Sequence[Root]) -> Sequence[Root]:
    """As many top-level comments as a page holds with the first replies of each."""
    rows = 0
    for count, root in enumerate(roots[:MOST_ROOTS]):
        rows += 1 + min(root.branch_count, MOST_REPLIES)
        if rows > MOST_ROWS and count:
            return roots[:count]
    return roots[:MOST_ROOTS]


def _by_place(tx: Tx, thread: Thread, view: View, now: datetime) -> _Page:
    start, find = start_of(view)
    found = find(tx, thread.id, after=start.placed_at, after_id=start.id, now=now, most=MOST_ROOTS + 1)
    roots = _fit(found)
    has_more = len(roots) < len(found)
    return _Page(roots, cursors.write_place(ByPlace(roots[-1].placed_at, roots[-1].id)) if has_more else None)


def _by_edition(tx: Tx, thread: Thread, view: View, now: datetime) -> _Page:
    cursor = cursors.read_edition(view.after) if view.after else None
    edition = edition_to_read(tx, thread, view.sort, cursor, now=now)
    start = cursor.position if cursor else 0
    ids = editions.ids_of(edition, start, MOST_ROOTS)
    found = {root.id: root for root in queries.chosen_roots(tx, thread.id, ids, now=now)}
    roots = _fit([found[id_] for id_ in ids if id_ in found])
    last = ids.index(roots[-1].id) + 1 if roots else len(ids)
    behind = start + (last if len(roots) < len(found) else len(ids))
    has_more = behind * 8 < len(edition.ids)
    return _Page(roots, cursors.write_edition(ByEdition(edition.made_at, behind)) if has_more else None)


def edition_to_read(
    tx: Tx, thread: Thread, sort: Sort, cursor: ByEdition | None, *, now: datetime
) -> Edition:
    """The stored order that a cursor names, else the newest. Raises NotFound ("edition-gone") or WriteFirst."""
    if cursor is None:
        fresh = editions.fresh_edition(tx, thread, sort, now=now)
        if fresh is None:
            raise WriteFirst(editions.make_edition, thread, sort)
        return fresh
    edition = edition_queries.find_edition(tx, thread.id, sort, cursor.made_at)
    if edition is None:
        raise NotFound("edition-gone", N_("This order is an hour old and gone. The discussion begins anew."))
    return edition


_LISTS = {
    Sort.OLDEST: _by_place,
    Sort.NEWEST: _by_place,
    Sort.MOST_VOTED: _by_edition,
    Sort.BEST: _by_edition,
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A page elsewhere that mentions the article."""

    title: str
    url: str | None


def mentions_of(tx: Tx, thread: Thread) -> tuple[Mention, ...]:
    """The pages that mention the article, the first first."""
    found: list[Ping] = queries.pings(tx, thread.id, most=MOST_PINGS)
    return tuple(Mention(ping.name, ping.url) for ping in found)
