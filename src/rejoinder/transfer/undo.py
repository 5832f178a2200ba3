"""Taking an import back: what it brought goes, what readers wrote below it stays under places without name or text.

First every comment of the run is emptied, which moves the counters; then those that nobody answers are deleted, leaves
first, until only places are left that something of others stands below. Each step is one transaction that also notes
what was done, so an undo that was cut off goes on when it is asked for again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Concatenate, ParamSpec

from pydantic import TypeAdapter

from rejoinder.articles.queries import article_with_id
from rejoinder.comments.models import Status
from rejoinder.comments.queries import writing
from rejoinder.comments.status import set_status
from rejoinder.comments.visibility import move_version
from rejoinder.db import Database, Tx, as_json, show_id
from rejoinder.sites.models import Site
from rejoinder.transfer.cleaning import number_of
from rejoinder.transfer.errors import AnotherImport, NoSuchImport, UndoneBefore
from rejoinder.transfer.models import Source
from rejoinder.transfer.queries import identity, rows, undoing
from rejoinder.transfer.queries.rows import Row
from rejoinder.transfer.queries.undoing import Import, Named
from rejoinder.transfer.run import AT_ONCE, patiently
from rejoinder.transfer.runs import counts_of
from rejoinder.transfer.waiting import clear

P = ParamSpec("P")

HIDDEN_AT_ONCE = 100
"""Emptying a comment is ten times the work of deleting one, and readers of its thread wait for it."""

_FAR_ID = 2**63 - 1
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back so far. `comments` were hidden, `placeholders` of them left; `kept` names articles that stay."""

    comments: int = 0
    pings: int = 0
    placeholders: int = 0
    decisions: int = 0
    votes: int = 0
    authors: int = 0
    articles: int = 0
    kept: list[str] = field(default_factory=list)

    def plus(self, other: "Undone") -> "Undone":
        """Both together."""
        return Undone(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


_UNDONE = TypeAdapter(Undone)


def undo_import(
    db: Database, site: Site, run_id: int, *, tell: Callable[[int], None] = lambda comments: None
) -> dict[str, Any]:
    """Take back what an import brought, and say what that was; `tell` hears how many comments are hidden.

    Raises NoSuchImport, UndoneBefore, and what the database raises; after that the same command goes on.
    """
    found = db.read_now(undoing.find_import, site.id, run_id)
    if found is None:
        raise NoSuchImport
    if found.undone_at is not None:
        raise UndoneBefore(show_id(run_id), found.undone_at.date().isoformat())
    undo = _Undo(db, site, run_id, _UNDONE.validate_json(found.undo) if found.undo else Undone())
    undo.step(_nothing)
    clear(db, run_id)
    _hide_comments(undo, tell)
    _delete_comments(undo)
    while ids := db.read_now(undoing.placeholders_left, run_id, AT_ONCE):
        undo.step(_leave_places, run_id, ids)
    while named := db.read_now(undoing.next_article, run_id):
        undo.step(_take_article, site, run_id, named)
    patiently(db, _finish, site, run_id, as_json(undo.undone))
    return _report(found, undo.undone)


@dataclass(slots=True)
class _Undo:
    """An undo under way."""

    db: Database
    site: Site
    run_id: int
    undone: Undone

    def step(self, fn: Callable[Concatenate[Tx, P], Undone], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do something and note it, both or neither; again where a reader wrote below it at the same moment."""

        def both(tx: Tx) -> Undone:
            undone = self.undone.plus(fn(tx, *args, **kwargs))
            undoing.set_undo(tx, self.run_id, as_json(undone))
            return undone

        for _ in range(_TRIES):
            try:
                self.undone = patiently(self.db, both)
                return
            except AnotherImport:
                time.sleep(0.05)
        self.undone = patiently(self.db, both)


def _nothing(_tx: Tx) -> Undone:
    """From here on the import goes on no more."""
    return Undone()


def _hide_comments(undo: _Undo, tell: Callable[[int], None]) -> None:
    after = 0
    while ids := undo.db.read_now(undoing.comments_to_hide, undo.run_id, after, HIDDEN_AT_ONCE):
        undo.step(_hide, undo.site, undo.run_id, ids)
        after = ids[-1]
        tell(undo.undone.comments)


def _hide(tx: Tx, site: Site, run_id: int, ids: Sequence[int]) -> Undone:
    """Let comments vanish with their names, texts and votes; their places stay for now."""
    threads = _lock(tx, ids)
    comments = writing.list_stored(tx, site.id, ids)
    published = [stored for stored in comments if stored.status is Status.PUBLISHED]
    for stored in published:
        set_status(tx, stored, Status.REJECTED, now=tx.now)
    undoing.reject_hidden(tx, sorted(set(ids) - {stored.id for stored in published}))
    authors = undoing.authors_of(tx, ids)
    undone = _erase(tx, ids)
    undoing.empty_comments(tx, ids, author_id=_nobody(tx, site))
    undoing.mark_undone(tx, run_id, ids)
    forgotten = undoing.delete_unused_authors(tx, authors)
    for thread_id in threads:
        move_version(tx, thread_id)
    return undone.plus(Undone(comments=len(comments), pings=len(ids) - len(comments), authors=forgotten))


def _lock(tx: Tx, ids: Sequence[int]) -> list[int]:
    threads = undoing.threads_of(tx, ids)
    for thread_id in threads:
        writing.lock_thread(tx, thread_id)
    return threads


def _erase(tx: Tx, ids: Sequence[int]) -> Undone:
    undoing.delete_revisions(tx, ids)
    return Undone(decisions=undoing.delete_decisions(tx, ids), votes=undoing.delete_votes(tx, ids))


def _nobody_id(site: Site) -> int:
    return number_of(Source(system="rejoinder", origin=""), "undone", str(site.id))


def _nobody(tx: Tx, site: Site) -> int:
    """Who signs a place that is left: an author without a name."""
    row: Row = {"id": _nobody_id(site), "site_id": site.id}
    rows.insert_authors(tx, [row | {"name": "", "name_key": "", "email": None, "website": None}])
    return _nobody_id(site)


def _delete_comments(undo: _Undo) -> None:
    """Delete what nobody answers, again and again: with each reply that goes its parent may."""
    is_done = False
    while not is_done:
        is_done, before = True, _FAR_ID
        while ids := undo.db.read_now(undoing.childless_comments, undo.run_id, before, AT_ONCE):
            undo.step(_delete, ids)
            is_done, before = False, ids[-1]


def _delete(tx: Tx, ids: Sequence[int]) -> Undone:
    _lock(tx, ids)
    childless = undoing.still_childless(tx, ids)
    undone = _erase(tx, childless)
    undoing.delete_comments(tx, childless)
    undoing.forget_sources(tx, "comment", childless)
    return undone


def _leave_places(tx: Tx, run_id: int, ids: Sequence[int]) -> Undone:
    undoing.disown(tx, run_id, ids)
    return Undone(placeholders=len(ids))


def _take_article(tx: Tx, site: Site, run_id: int, named: Named) -> Undone:
    """Delete an article that the run brought, unless a file holds it or somebody else's comments stand below it."""
    thread = identity.thread_of(tx, site.id, named.id)
    thread_id = thread.id if thread else None
    is_discussed = thread_id is not None and undoing.has_comments(tx, thread_id)
    if not named.made or is_discussed or not undoing.close_doors(tx, named.id):
        undoing.forget_named(tx, run_id, named.id)
        if thread_id is not None and not is_discussed and not undoing.has_decisions(tx, thread_id):
            undoing.delete_thread(tx, thread_id)
        return Undone(kept=[_why_kept(tx, site, named.id, is_discussed=is_discussed)] if named.made else [])
    if thread_id is not None:
        undoing.delete_thread(tx, thread_id)
        tx.touch(f"thread:{thread_id}")
    undoing.delete_article(tx, named.id)
    undoing.forget_sources(tx, "article", [named.id])
    tx.touch(f"article:{named.id}", f"site:{site.id}")
    return Undone(articles=1)


def _why_kept(tx: Tx, site: Site, article_id: int, *, is_discussed: bool) -> str:
    article = article_with_id(tx, site.id, article_id)
    if is_discussed:
        return f"{article.url}: stays, with the comments below it that did not come with this import."
    return f"{article.url}: stays, it is in {article.source_path}."


def _finish(tx: Tx, site: Site, run_id: int, undo: str) -> None:
    undoing.delete_unused_authors(tx, [_nobody_id(site)])
    undoing.set_undo(tx, run_id, undo, undone_at=tx.now)


def _report(found: Import, undone: Undone) -> dict[str, Any]:
    return {
        "id": show_id(found.id),
        "format": found.format,
        **_UNDONE.dump_python(undone),
        "updated": counts_of(found)["updated"],
    }
