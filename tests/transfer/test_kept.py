"""What was decided, edited or taken away here since stays when a later export says something else, and is named."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cast import NELL, stranger
from rejoinder.accounts.models import Person, Signature
from rejoinder.accounts.queries.staff import insert_member
from rejoinder.articles.find import find_article, get_body
from rejoinder.articles.models import Article, ArticleState
from rejoinder.comments.claim import Answer, offer_left, take_left
from rejoinder.comments.delete import delete_comment, erase_comment
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.models import ThreadState
from rejoinder.comments.moderate import Actor, act, set_thread_state
from rejoinder.comments.move import move_branch
from rejoinder.comments.post import post_comment
from rejoinder.comments.queries.writing import get_stored
from rejoinder.db import Database, Tx, new_id, show_id
from rejoinder.publication.sync import sync_folder
from rejoinder.sites.models import Site
from rejoinder.transfer.errors import AnotherImport
from rejoinder.transfer.load import import_files
from transfer.archives import Load, article, assert_counted_right, comment, rows_of, shapes, vote, write

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
DECIDED = "line 3: decided here on 2026-05-12, kept as it is."


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a comment a later export could change."""

    status: str
    text: str
    name: str
    pinned: bool
    closed: bool


def shown(db: Database, name: str = "a1") -> Shown:
    def read(tx: Tx) -> Shown:
        return tx.one(
            Shown,
            """
            SELECT c.status, r.text, a.name, CASE WHEN c.pinned_until IS NULL THEN 0 ELSE 1 END AS pinned,
                   CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END AS closed
            FROM comments c
            JOIN source_ids s ON s.local_id = c.id AND s.kind = 'comment' AND s.source_id = :name
            JOIN authors a ON a.id = c.author_id
            JOIN comment_revisions r
                ON r.comment_id = c.id AND r.n = COALESCE(c.revision_published, c.revision_pending)
            """,
            name=name,
        )

    return db.read_now(read)


def decide(db: Database, site: Site, *verbs: str) -> None:
    [row] = rows_of(db)
    for verb in verbs:
        db.write_now(act, site, row.id, verb, Actor(None), now=NOW)


@pytest.mark.parametrize(
    ("came", "verbs", "stands"),
    [
        ("published", ["remove"], "removed"),
        ("published", ["spam"], "spam"),
        ("published", ["remove", "approve"], "published"),
        ("held", ["approve"], "published"),
        ("held", ["reject"], "rejected"),
        ("spam", ["approve"], "published"),
    ],
)
@pytest.mark.parametrize("says", ["published", "held", "spam", "removed", "deleted"])
def test_what_staff_decided_here_stays_whatever_its_source_says(
    db: Database, site: Site, load: Load, *, came: str, verbs: list[str], stands: str, says: str
) -> None:
    load([article(), comment("a1", status=came)])
    decide(db, site, *verbs)

    report = load([article(), comment("a1", status=says, text="Something else.", up=3)])

    now = shown(db)
    assert (now.status, now.text) == (stands, "Comment a1.")
    assert report["repairs"] == [DECIDED]
    assert report["updated"] == 1
    assert_counted_right(db)


def test_it_is_named_once_and_then_again_only_when_its_source_changes(
    db: Database, site: Site, load: Load
) -> None:
    load([article(), comment("a1")])
    decide(db, site, "remove")

    changed = [article(), comment("a1", status="spam")]
    assert load(changed)["repairs"] == [DECIDED]
    assert load(changed)["repairs"] == []
    assert load([article(), comment("a1", status="held")])["repairs"] == [DECIDED]


def test_a_dry_run_names_it_too(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1")])
    decide(db, site, "remove")

    assert load([article(), comment("a1", text="New.")], dry_run=True)["repairs"] == [DECIDED]


def test_what_nobody_decided_here_follows_its_source(db: Database, load: Load) -> None:
    load([article(), comment("a1", closed="2026-01-01T00:00:00Z")])

    report = load([article(), comment("a1", pinned=True, text="New.", author={"name": "Nell N."})])

    assert shown(db) == Shown("published", "New.", "Nell N.", pinned=True, closed=False)
    assert report["repairs"] == []
    load([article(), comment("a1", closed="2026-01-01T00:00:00Z")])
    assert shown(db) == Shown("published", "Comment a1.", "Nell", pinned=False, closed=True)
    load([article(), comment("a1", status="spam", pinned=True)])
    assert not shown(db).pinned, "what is not published is not pinned"


@pytest.mark.parametrize(
    ("came", "verb", "pinned", "closed"),
    [
        ({}, "pin", True, False),
        ({"pinned": True}, "unpin", False, False),
        ({}, "close", False, True),
        ({"closed": "2026-01-01T00:00:00Z"}, "reopen", False, False),
    ],
)
def test_what_was_pinned_or_closed_here_stays_so_and_its_text_follows(
    db: Database, site: Site, load: Load, *, came: dict[str, Any], verb: str, pinned: bool, closed: bool
) -> None:
    load([article(), comment("a1", **came)])
    decide(db, site, verb)

    report = load([article(), comment("a1", text="New.", **came)])

    assert shown(db) == Shown("published", "New.", "Nell", pinned=pinned, closed=closed)
    assert report["repairs"] == [DECIDED]


def test_a_discussion_that_was_opened_here_stays_open(db: Database, site: Site, load: Load) -> None:
    load([article(closed=True), comment("a1")])
    [row] = rows_of(db)
    db.write_now(set_thread_state, site, row.thread_id, ThreadState.OPEN, Actor(None), now=NOW)

    load([article(closed=True, title="New."), comment("a1")])

    assert db.read_now(lambda tx: tx.value("SELECT state FROM threads")) == "open"


def own_comment(db: Database, site: Site, load: Load) -> int:
    """An imported comment signed by an author who was here before, with a browser: they may change it."""
    load([article(), comment("first")])
    [thread] = {row.thread_id for row in rows_of(db)}
    draft = CommentDraft(
        thread, None, None, write_text("Here.", site.rules), sign("Nell", "", "", site.rules)
    )
    db.write_now(post_comment, site, draft, NELL, now=NOW)
    author: int = db.read_now(lambda tx: tx.value("SELECT id FROM authors WHERE visitor_id IS NOT NULL"))
    load([article(), comment("a1", **signed(author), posted="2026-05-12T11:59:00Z")])
    imported: int = db.read_now(
        lambda tx: tx.value("SELECT local_id FROM source_ids WHERE source_id = 'a1' AND kind = 'comment'")
    )
    return imported


def signed(author: int) -> dict[str, Any]:
    return {"author": {"name": "Nell", "id": show_id(author)}}


def test_a_comment_edited_here_keeps_its_text(db: Database, site: Site, load: Load) -> None:
    own = own_comment(db, site, load)
    written = write_text("As I meant it.", site.rules)
    db.write_now(edit_comment, site, own, written, NELL, revision=1, now=NOW)

    report = load([article(), comment("a1", text="As it was there.", pinned=True)])

    assert shown(db) == Shown("published", "As I meant it.", "Nell", pinned=True, closed=False)
    assert report["repairs"] == ["line 3: edited here on 2026-05-12, kept as it is."]
    assert_counted_right(db)


def test_a_comment_that_a_member_took_stays_theirs_and_follows_its_source(
    db: Database, site: Site, load: Load
) -> None:
    load([article(), comment("a1"), comment("a2", author={"name": "Nell", "id": "8"})])

    def take(tx: Tx) -> None:
        tx.run("UPDATE authors SET email = 'nell@mail.example'")
        signature = Signature("Nora", "nora", "nell@mail.example")
        account = insert_member(tx, new_id(), site.id, signature, email_key="nell@mail.example", now=NOW)
        assert account
        nora = Person(account.id, site.id, "Nora", frozenset(), NOW, NOW, NOW)
        newest = offer_left(tx, site.id, nora).newest
        mine = [left.id for left in offer_left(tx, site.id, nora).comments if "a1" in left.html]
        assert take_left(tx, site.id, nora, Answer(mine, 0, newest), now=NOW) == 1

    db.write_now(take)
    changed = {"text": "Said better.", "author": {"name": "Nell N."}}
    load([article(), comment("a1", **changed), comment("a2", **changed)])
    assert (shown(db).text, shown(db).name) == ("Said better.", "Nora")
    assert (shown(db, "a2").text, shown(db, "a2").name) == ("Said better.", "Nell N.")


@pytest.mark.parametrize("erased", [False, True])
def test_a_comment_its_author_deleted_here_stays_deleted_and_without_a_text(
    db: Database, site: Site, load: Load, erased: bool
) -> None:
    own = own_comment(db, site, load)
    db.write_now(delete_comment, site, own, NELL, now=NOW)
    if erased:
        db.write_now(erase_comment, own, NOW)
    before = shown(db)

    report = load([article(), comment("a1", text="Back again.")])

    assert shown(db) == before
    assert before.status == "deleted"
    assert report["repairs"] == ["line 3: deleted here on 2026-05-12, kept as it is."]
    texts = db.read_now(
        lambda tx: tx.value("SELECT count(*) FROM comment_revisions WHERE text = 'Back again.'")
    )
    assert texts == 0
    assert_counted_right(db)


def test_what_was_deleted_at_the_source_and_comes_back_there_comes_back_here(
    db: Database, load: Load
) -> None:
    load([article(), comment("a1")])
    load([article(), comment("a1", status="deleted")])
    assert shown(db).text == ""

    report = load([article(), comment("a1")])

    assert shown(db) == Shown("published", "Comment a1.", "Nell", pinned=False, closed=False)
    assert report["repairs"] == []
    assert_counted_right(db)


def test_an_edit_that_waited_and_was_decided_here_stays_decided(db: Database, site: Site, load: Load) -> None:
    pending = {"pending": {"text": "Longer."}}
    load([article(), comment("a1", **pending)])
    decide(db, site, "reject")

    report = load([article(), comment("a1", up=2, **pending)])

    assert shown(db).text == "Comment a1."
    assert report["repairs"] == [DECIDED]
    load([article(), comment("a1", up=3, text="Shorter.")])
    assert shown(db).text == "Comment a1."


def test_an_edit_that_waits_goes_on_waiting_when_only_votes_changed(
    db: Database, site: Site, load: Load
) -> None:
    pending = {"pending": {"text": "Longer."}}
    load([article(), comment("a1", **pending)])

    load([article(), comment("a1", up=2, **pending)])

    [row] = rows_of(db)
    stored = db.read_now(get_stored, site.id, row.id)
    assert (stored.revision_published, stored.revision_pending) == (1, 2)


def test_votes_go_on_counting_on_what_was_decided_here(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1", status="held")])
    decide(db, site, "approve")

    load([article(), comment("a1", status="held", up=5), vote("a1", "v")])

    [row] = rows_of(db)
    assert (row.up, row.imported_up) == (1, 4)
    assert_counted_right(db)


OWN: dict[str, Any] = {"url": "/articles/lamp", "title": "Lamp", "markdown": "As it was."}


def sync(db: Database, site: Site, folder: Path) -> None:
    asyncio.run(sync_folder(db, site.id, folder, now=NOW))


def lamp(db: Database, site: Site) -> tuple[Article, str]:
    def read(tx: Tx) -> tuple[Article, str]:
        found = find_article(tx, site.id, "/articles/lamp").article
        return found, get_body(tx, found).html

    return db.read_now(read)


def test_an_article_that_a_file_took_over_stays_as_the_file_says(
    db: Database, site: Site, load: Load, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    load([article(**OWN), comment("a1")])
    (folder / "lamp.md").write_text("---\ntitle: The Lamp\n---\nBetter.\n", encoding="utf-8")
    sync(db, site, folder)

    same = load([article(**OWN), comment("a1")])
    report = load([article(**{**OWN, "markdown": "Changed there."}), comment("a1"), comment("b")])

    assert same["repairs"] == []
    assert report["repairs"] == ["line 2: article a: in lamp.md here since 2026-05-12, kept as it is."]
    found, html = lamp(db, site)
    assert (found.title, html) == ("The Lamp", "<p>Better.</p>")
    assert len(rows_of(db)) == 2, "its discussion goes on"


def test_an_article_that_was_taken_away_here_stays_away(
    db: Database, site: Site, load: Load, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    load([article(**OWN), comment("a1")])
    (folder / "lamp.md").write_text("---\ntitle: The Lamp\n---\nBetter.\n", encoding="utf-8")
    sync(db, site, folder)
    (folder / "lamp.md").unlink()
    sync(db, site, folder)

    report = load([article(**{**OWN, "markdown": "Changed there."}), comment("a1")])

    assert lamp(db, site)[0].state is ArticleState.GONE
    assert report["repairs"] == ["line 2: article a: taken away here, kept as it is."]


def test_an_article_that_nobody_touched_here_follows_its_source(db: Database, site: Site, load: Load) -> None:
    load([article(**OWN)])
    report = load([article(**{**OWN, "markdown": "Changed there."})])

    assert lamp(db, site)[1] == "<p>Changed there.</p>"
    assert report["repairs"] == []


def test_a_readers_vote_and_reply_outlive_an_update(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1")])
    [row] = rows_of(db)
    draft = CommentDraft(
        row.thread_id, None, row.id, write_text("Indeed.", site.rules), sign("Nell", "", "", site.rules)
    )
    db.write_now(post_comment, site, draft, stranger(), now=NOW)

    load([article(), comment("a1", text="Changed there.")])

    assert len(rows_of(db)) == 2
    assert_counted_right(db)


def id_of(db: Database, name: str) -> int:
    id_: int = db.read_now(
        lambda tx: tx.value(
            "SELECT local_id FROM source_ids WHERE kind = 'comment' AND source_id = :name", name=name
        )
    )
    return id_


def move(db: Database, site: Site, name: str, under: str | None) -> None:
    parent = id_of(db, under) if under else None
    db.write_now(move_branch, site, id_of(db, name), under=parent, by=Actor(None), now=NOW)


def test_what_was_moved_here_stays_there_and_later_answers_stand_below_it(
    db: Database, site: Site, load: Load
) -> None:
    load([article(), comment("a1"), comment("b"), comment("c", "b")])
    move(db, site, "b", "a1")

    report = load([article(), comment("a1"), comment("b", text="New."), comment("c", "b"), comment("d", "c")])

    assert {name: parent for name, parent, _ in shapes(db)} == {"a1": None, "b": "a1", "c": "b", "d": "c"}
    assert shown(db, "b").text == "New."
    assert report["repairs"] == ["line 4: moved here on 2026-05-12, kept as it is."]
    assert_counted_right(db)


def test_an_import_stops_where_a_comment_that_it_answers_was_moved_and_then_goes_on(
    db: Database, site: Site, load: Load, tmp_path: Path
) -> None:
    load([article(), comment("a1"), comment("b")])
    later = write(tmp_path / "later.jsonl", [article(), comment("a1"), comment("b"), comment("c", "b")])

    def tell(phase: str, done: int, total: int | None) -> None:
        if phase == "comments":
            move(db, site, "b", "a1")

    with pytest.raises(AnotherImport):
        import_files(db, site, [later], tell=tell)
    report = import_files(db, site, [later])

    assert report["new"] == 1
    assert {name: parent for name, parent, _ in shapes(db)} == {"a1": None, "b": "a1", "c": "b"}
    assert_counted_right(db)
