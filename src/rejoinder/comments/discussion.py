"""The discussion under an article, ready for `_discussion.html`: the same for every reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from rejoinder.articles.models import Article
from rejoinder.articles.models import Discussion as Admission
from rejoinder.comments.cursors import write_path
from rejoinder.comments.drawing import PLACES, Drawer, DrawnRow
from rejoinder.comments.forms import FormModel
from rejoinder.comments.models import Comment, Thread
from rejoinder.comments.queries import reading as queries
from rejoinder.comments.reading import Listing, Mention, View, list_comments, mentions_of
from rejoinder.comments.threads import thread_to_be
from rejoinder.comments.tree import Row
from rejoinder.db import Tx, show_id
from rejoinder.errors import N_
from rejoinder.sites.models import Site, Sort
from rejoinder.web.house import House
from rejoinder.web.slots import Filled, fill_slots

SORT_WORDS = {
    Sort.OLDEST: N_("Oldest"),
    Sort.NEWEST: N_("Newest"),
    Sort.MOST_VOTED: N_("Most voted"),
    Sort.BEST: N_("Best"),
}


@dataclass(frozen=True, slots=True)
class Discussion:
    """What a template needs to draw a discussion."""

    thread: Thread | None
    count: int
    sort: Sort
    sorts: tuple[tuple[Sort, str, str, bool], ...]
    pinned: tuple[DrawnRow, ...]
    rows: tuple[DrawnRow, ...]
    next_url: str | None
    previous_url: str | None
    mentions: tuple[Mention, ...]
    is_open: bool
    closes_at: datetime | None
    form: FormModel

    @property
    def version(self) -> int:
        """The thread's version this shows; 0 before the first comment."""
        return self.thread.version if self.thread else 0


@dataclass(frozen=True, slots=True)
class Address:
    """Where the pages of a discussion are; `lang` is the language that was asked for, if one was."""

    path: str
    lang: str | None = None

    def of(self, site: Site, sort: Sort, after: str | None = None) -> str:
        """The page of an order that begins there, its parameters in the order of a page's own address."""
        parameters = {
            "sort": None if sort is site.rules.sort else sort.value,
            "lang": self.lang,
            "after": after,
        }
        given = {name: value for name, value in parameters.items() if value}
        return f"{self.path}?{urlencode(given)}" if given else self.path


def discussion_of(
    tx: Tx, rooms: House, site: Site, article: Article, view: View, *, language: str, at: Address
) -> Discussion | None:
    """The discussion of an article as a page at the address `at` shows it; None where the article has none.

    Raises what `list_comments` raises.
    """
    if article.discussion is Admission.NONE:
        return None
    thread = queries.find_thread_of(tx, site.id, article.id)
    listing = list_comments(tx, site, thread, view, now=tx.now) if thread else Listing((), (), None)
    draw = drawer(tx, rooms, site, [row.comment for row in (*listing.pinned, *listing.rows)], language)
    closes = article.close_at if article.close_at and article.close_at > tx.now else None
    return Discussion(
        thread=thread,
        count=thread.comment_count if thread else 0,
        sort=view.sort,
        sorts=_sort_links(rooms, site, view, language, at),
        pinned=drawn_rows(listing.pinned, draw),
        rows=drawn_rows(listing.rows, draw),
        next_url=at.of(site, view.sort, listing.next) if listing.next else None,
        previous_url=at.of(site, view.sort) if view.after else None,
        mentions=mentions_of(tx, thread) if thread and not view.after else (),
        is_open=(thread or thread_to_be(article)).is_open(tx.now),
        closes_at=closes,
        form=FormModel(site.rules, thread=thread.id if thread else None, url=article.url),
    )


def drawer(tx: Tx, rooms: House, site: Site, comments: Sequence[Comment], language: str) -> Drawer:
    """Who draws these comments, with what other features add to them."""
    ids = [comment.id for comment in comments if not comment.is_placeholder]
    return Drawer(rooms.rendering, site, language, fill_places(tx, rooms, ids))


def fill_places(tx: Tx, rooms: House, ids: Sequence[int]) -> list[Filled]:
    """What other features add to these comments."""
    return [filled for place in PLACES for filled in fill_slots(tx, rooms.slots, place, ids)]


def drawn_rows(rows: Sequence[Row], draw: Drawer) -> tuple[DrawnRow, ...]:
    """Rows with who draws them, and where the replies are that a page had no room for."""
    return tuple(
        DrawnRow(row.comment, row.level, row.more, _more_url(row.comment) if row.more else None, draw)
        for row in rows
    )


def _more_url(last: Comment) -> str:
    return f"/comments/{show_id(last.root_id)}/replies?after={write_path(last.path)}"


def _sort_links(
    rooms: House, site: Site, view: View, language: str, at: Address
) -> tuple[tuple[Sort, str, str, bool], ...]:
    """An order's word, its name in the page's language, its address, and whether it is the one shown."""
    offered = [sort for sort in Sort if site.rules.votes or sort in (Sort.OLDEST, Sort.NEWEST)]
    return tuple(
        (
            sort,
            rooms.rendering.translate(language, SORT_WORDS[sort]),
            at.of(site, sort),
            sort is view.sort,
        )
        for sort in offered
    )
