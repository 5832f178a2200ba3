"""An import is taken back: nothing of it is left but places below which readers wrote."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cast import all_at_once, stranger
from databases import Databases
from publication.press import Press, open_press
from rejoinder.accounts.models import Caller
from rejoinder.articles.find import find_article, list_public
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.models import Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.post import post_comment
from rejoinder.db import Database, Engine, Tx, open_database, show_id
from rejoinder.errors import Conflict, NotFound, Refusal
from rejoinder.publication.sync import sync_folder
from rejoinder.sites.models import Site
from rejoinder.transfer.errors import BeingUndone, NoSuchImport, UndoneBefore
from rejoinder.transfer.load import import_files
from rejoinder.transfer.queries import undoing
from rejoinder.transfer.runs import list_runs
from rejoinder.transfer.undo import undo_import
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value
from transfer.archives import Load, article, assert_counted_right, comment, rows_of, shapes, vote, write
from transfer.test_cut_off import SOURCE, kill_in_the_middle

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PROGRAM = Path(__file__).with_name("undo_cut_off.py")
OWN: dict[str, Any] = {"url": "/articles/lamp", "html": "<p>Light.</p>", "aliases": ["/2019/lamp.html"]}
TABLES = (
    "articles article_aliases article_revisions authors comments comment_revisions decisions editions source_ids threads votes"
).split()


def run_of(db: Database, number: int = -1) -> int:
    """The id of an import, the last one if none is named."""
    runs = db.read_now(lambda tx: [run.id for run in undoing.list_imports(tx, site_id(tx))])
    return sorted(runs)[number]


def site_id(tx: Tx) -> int:
    id_: int = tx.value("SELECT id FROM sites")
    return id_


def counts(db: Database) -> dict[str, int]:
    """How many rows each table has that an import writes to."""
    sizes: dict[str, Callable[[Tx], int]] = {
        table: (lambda tx, table=table: tx.value(f"SELECT count(*) FROM {table}")) for table in TABLES
    }
    return {table: db.read_now(size) for table, size in sizes.items()}


def answer(db: Database, site: Site, name: str, by: Caller | None = None, text: str = "Indeed.") -> int:
    """A reader's own reply below an imported comment."""
    parent = id_of(db, name)
    thread: int = db.read_now(lambda tx: tx.value("SELECT thread_id FROM comments WHERE id = :id", id=parent))
    draft = CommentDraft(thread, None, parent, write_text(text, site.rules), sign("Ann", "", "", site.rules))
    return db.write_now(post_comment, site, draft, by or stranger(), now=NOW).comment_id


def id_of(db: Database, name: str) -> int:
    id_: int = db.read_now(
        lambda tx: tx.value(
            "SELECT local_id FROM source_ids WHERE kind = 'comment' AND source_id = :name", name=name
        )
    )
    return id_


def nothing_personal(db: Database, *words: str) -> None:
    """No word of the import is left in any table that held it."""
    held = db.read_now(
        lambda tx: [
            *(str(row) for row in tx.all(Text, "SELECT name AS text FROM authors")),
            *(str(row) for row in tx.all(Text, "SELECT text FROM comment_revisions")),
            *(str(row) for row in tx.all(Text, "SELECT COALESCE(extras, '') AS text FROM source_ids")),
        ]
    )
    assert [line for line in held if any(word in line for word in words)] == []


@dataclass(frozen=True, slots=True)
class Text:
    """One text."""

    text: str


def test_an_import_that_nobody_answered_goes_whole(db: Database, site: Site, load: Load) -> None:
    before = counts(db)
    load(
        [
            article(closed=True, sources=[{"system": "s", "origin": "o", "id": "9"}]),
            article("lamp", **OWN),
            comment("a1", up=4, sources=[{"system": "s", "origin": "o", "id": "1"}]),
            comment("b", "a1", author={"name": "Ann", "website": "https://ann.example"}),
            comment("c", "b", status="held"),
            comment("d", "c", revisions=[{"text": "Earlier."}], edited="2021-01-01T00:00:00Z"),
            comment("e", "d", status="deleted"),
            comment("p", kind="ping", url="https://else.example/"),
            vote("a1", "v1"),
            vote("d", "v2", -1),
        ]
    )

    report = undo_import(db, site, run_of(db))

    assert counts(db) == before
    assert {name: report[name] for name in ("comments", "pings", "placeholders", "articles", "votes")} == {
        "comments": 5,
        "pings": 1,
        "placeholders": 0,
        "articles": 2,
        "votes": 2,
    }
    assert report["kept"] == []
    assert db.read_now(list_runs, site)[0]["state"] == "undone"


def test_a_second_time_is_refused_with_the_day(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1")])
    undo_import(db, site, run_of(db))

    with pytest.raises(UndoneBefore, match="was taken back on 20"):
        undo_import(db, site, run_of(db))


def test_what_is_no_import_is_refused(db: Database, site: Site) -> None:
    with pytest.raises(NoSuchImport, match="rejoinder import list"):
        undo_import(db, site, 4711)


def test_readers_replies_stay_below_places_without_name_or_text(db: Database, site: Site, load: Load) -> None:
    load(
        [
            article("a", **OWN, article="x"),
            comment("a1", author={"name": "Oldname"}, text="Oldtext", label="staff", up=5, extra="Oldextra"),
            comment("b", "a1", author={"name": "Oldname"}, text="Oldtext"),
            comment("c", "b", author={"name": "Oldname"}, text="Oldtext"),
            comment("beside", "a1", text="Oldtext"),
            comment("alone", text="Oldtext", pinned=True),
        ]
    )
    own = answer(db, site, "b")
    voter = stranger()
    for id_ in (own, id_of(db, "a1")):
        db.write_now(cast_vote, site, id_, Value.UP, voter, now=NOW)

    report = undo_import(db, site, run_of(db))

    rows = {row.id: row for row in rows_of(db)}
    mine = rows[own]
    above = rows[mine.parent_id or 0]
    top = rows[above.parent_id or 0]
    assert len(rows) == 3
    assert [(row.status, row.shown) for row in (mine, above, top)] == [
        ("published", 1),
        ("rejected", 1),
        ("rejected", 1),
    ]
    assert (mine.up, above.up, top.up, top.imported_up) == (1, 0, 0, 0)
    assert (report["comments"], report["placeholders"], report["votes"]) == (5, 2, 1)
    assert report["kept"] == [
        "/articles/lamp: stays, with the comments below it that did not come with this import."
    ]
    nothing_personal(db, "Oldname", "Oldtext", "Oldextra")
    assert_counted_right(db)


def test_a_place_that_is_left_can_neither_be_approved_nor_answered(
    db: Database, site: Site, load: Load
) -> None:
    load([article(), comment("a1")])
    answer(db, site, "a1")
    undo_import(db, site, run_of(db))
    place = next(row.id for row in rows_of(db) if row.parent_id is None)

    with pytest.raises(NotFound):
        db.write_now(act, site, place, "approve", Actor(None), now=NOW)
    with pytest.raises(Conflict):
        answer(db, site, "a1")


def test_imported_again_it_fills_the_places_it_left(db: Database, site: Site, load: Load) -> None:
    records = [article(), comment("a1", pinned=True), comment("b", "a1"), comment("c", "b"), vote("a1", "v")]
    load(records)
    before = [(row.status, row.shown, row.up) for row in rows_of(db)]
    own = answer(db, site, "b")
    undo_import(db, site, run_of(db))

    report = load(records)

    assert (report["new"], report["updated"]) == (1, 2)
    assert sorted((r.status, r.shown, r.up) for r in rows_of(db) if r.id != own) == sorted(before)
    assert {name: parent for name, parent, _ in shapes(db)} == {"a1": None, "b": "a1", "c": "b"}
    assert_counted_right(db)
    again = undo_import(db, site, run_of(db))
    assert (again["comments"], again["placeholders"]) == (3, 2)
    assert_counted_right(db)


@pytest.mark.parametrize("verb", ["remove", "spam", "pin", "close"])
def test_what_was_decided_here_of_its_comments_goes_with_them(
    db: Database, site: Site, load: Load, verb: str
) -> None:
    load([article(), comment("a1"), comment("b", "a1")])
    db.write_now(act, site, id_of(db, "a1"), verb, Actor(None), now=NOW)

    report = undo_import(db, site, run_of(db))

    assert rows_of(db) == []
    assert report["decisions"] == 1
    assert_counted_right(db)


def test_what_a_later_import_added_stays_and_what_it_changed_goes(
    db: Database, site: Site, load: Load
) -> None:
    load([article(), comment("a1"), comment("b", "a1")])
    load([article(), comment("a1", text="Changed."), comment("b", "a1"), comment("c", "b")])

    first = undo_import(db, site, run_of(db, 0))

    assert [name for name, _, status in shapes(db) if status == "published"] == ["c"]
    assert (first["comments"], first["placeholders"], len(rows_of(db))) == (2, 2, 3)
    assert_counted_right(db)


def test_undoing_the_later_import_takes_what_it_added_and_leaves_what_it_changed(
    db: Database, site: Site, load: Load
) -> None:
    load([article(), comment("a1"), comment("b", "a1")])
    load([article(), comment("a1", text="Changed."), comment("b", "a1"), comment("c", "b")])

    later = undo_import(db, site, run_of(db))

    assert [name for name, _, _ in shapes(db)] == ["a1", "b"]
    assert (later["comments"], later["updated"], later["articles"]) == (1, 1, 0)
    text = db.read_now(lambda tx: tx.value("SELECT count(*) FROM comment_revisions WHERE text = 'Changed.'"))
    assert text == 1
    assert_counted_right(db)
    undo_import(db, site, run_of(db, 0))
    assert rows_of(db) == []
    assert sum(counts(db).values()) == 0


def test_an_article_that_was_here_before_stays_without_a_word(
    db: Database, site: Site, load: Load, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "lamp.md").write_text("---\ntitle: The Lamp\n---\nOurs.\n", encoding="utf-8")
    sync(db, site, folder)
    before = counts(db)
    load([article(**OWN), comment("a1")])

    report = undo_import(db, site, run_of(db))

    assert report["kept"] == []
    assert counts(db) == before


def sync(db: Database, site: Site, folder: Path) -> None:
    asyncio.run(sync_folder(db, site.id, folder, now=NOW))


def test_an_article_that_a_file_took_over_stays_and_is_named(
    db: Database, site: Site, load: Load, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    load([article(**OWN), comment("a1")])
    (folder / "lamp.md").write_text("---\ntitle: The Lamp\n---\nOurs.\n", encoding="utf-8")
    sync(db, site, folder)

    report = undo_import(db, site, run_of(db))

    assert report["kept"] == ["/articles/lamp: stays, it is in lamp.md."]
    assert [a.url for a in db.read_now(list_public, site.id, limit=9)] == ["/articles/lamp"]
    assert rows_of(db) == []


def test_a_held_comment_of_a_reader_keeps_the_article(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1")])
    own = answer(db, site, "a1")
    db.write_now(act, site, own, "spam", Actor(None), now=NOW)

    report = undo_import(db, site, run_of(db))

    assert len(report["kept"]) == 1
    assert own in {row.id for row in rows_of(db)}
    assert_counted_right(db)


def test_authors_that_others_use_stay(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1", author={"name": "Both"}), comment("b", author={"name": "Once"})])
    load([article("z"), comment("y", article="z", author={"name": "Both"})])

    undo_import(db, site, run_of(db, 0))

    names = db.read_now(lambda tx: [row.text for row in tx.all(Text, "SELECT name AS text FROM authors")])
    assert names == ["Both"]


def test_deep_and_wide_threads_go_in_small_steps(db: Database, site: Site, load: Load) -> None:
    chain = [comment("0"), *(comment(str(n), str(n - 1)) for n in range(1, 700))]
    load([article(), *reversed(chain), *(comment(f"w{n}", "7") for n in range(300))])
    own = answer(db, site, "600")

    report = undo_import(db, site, run_of(db))

    assert (report["comments"], report["placeholders"]) == (1000, 601)
    assert {row.status for row in rows_of(db) if row.id != own} == {"rejected"}
    assert_counted_right(db)


def test_an_import_that_was_cut_off_can_be_undone_and_begun_anew(
    db: Database, site: Site, database_url: str, archive: Path
) -> None:
    kill_in_the_middle(database_url, archive, "comments", 700)
    assert db.read_now(list_runs, site)[0]["state"] == "not complete"

    undo_import(db, site, run_of(db))

    assert sum(counts(db).values()) == 0
    assert db.read_now(lambda tx: tx.value("SELECT count(*) FROM arrivals")) == 0
    report = import_files(db, site, [archive])
    assert report["new"] == 1100
    assert_counted_right(db)


@pytest.mark.parametrize("at", [1, 300, 1000])
def test_an_undo_that_was_cut_off_goes_on(
    db: Database, site: Site, database_url: str, archive: Path, at: int
) -> None:
    import_files(db, site, [archive])
    command = [sys.executable, str(PROGRAM), database_url, show_id(run_of(db)), str(at)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"now\n"
        process.kill()
    assert db.read_now(list_runs, site)[0]["state"] == "being undone"
    assert_counted_right(db)
    with pytest.raises(BeingUndone, match="rejoinder import undo"):
        import_files(db, site, [archive])

    report = undo_import(db, site, run_of(db))

    assert report["comments"] == 1100
    assert sum(counts(db).values()) == 0


def test_an_import_that_is_undone_while_it_runs_stops(db: Database, site: Site, tmp_path: Path) -> None:
    records = [article(), *(comment(str(n)) for n in range(1200))]

    def tell(phase: str, done: int, total: int | None) -> None:
        if phase == "articles":
            undo_import(db, site, run_of(db))

    with pytest.raises(BeingUndone):
        import_files(db, site, [write(tmp_path / "a.jsonl", records)], tell=tell)
    assert sum(counts(db).values()) == 0


def test_readers_who_write_meanwhile_are_answered_and_lose_nothing(
    db: Database, site: Site, load: Load
) -> None:
    load([article(), *(comment(str(n)) for n in range(150)), *(comment(f"r{n}", str(n)) for n in range(150))])
    ids = {name: id_of(db, name) for name in map(str, range(150))}
    run = run_of(db)

    def do(number: int) -> object:
        if number == 0:
            return undo_import(db, site, run)
        if number % 3 == 0:
            return db.write_now(cast_vote, site, ids[str(number)], Value.UP, stranger(), now=NOW)
        return answer_at(db, site, ids[str(number)])

    answers = all_at_once(60, do)

    errors = [a for a in answers if isinstance(a, Exception)]
    assert [error for error in errors if not isinstance(error, Refusal)] == []
    assert not isinstance(answers[0], Exception), answers[0]
    posted = sum(isinstance(a, int) for a in answers)
    assert sum(row.status == Status.PUBLISHED for row in rows_of(db)) == posted
    assert_counted_right(db)


def answer_at(db: Database, site: Site, parent: int) -> int:
    thread: int | None = db.read_now(lambda tx: tx.value("SELECT id FROM threads"))
    draft = CommentDraft(
        thread, None, parent, write_text("Meanwhile.", site.rules), sign("Ann", "", "", site.rules)
    )
    return db.write_now(post_comment, site, draft, stranger(), now=NOW).comment_id


def test_an_address_that_led_to_it_is_free_again(db: Database, site: Site, load: Load) -> None:
    load([article(**OWN)])
    undo_import(db, site, run_of(db))

    with pytest.raises(NotFound):
        db.read_now(find_article, site.id, "/2019/lamp.html")


@pytest.mark.parametrize("answered", [True, False])
def test_pages_that_were_read_before_show_it(
    databases: Databases, engine: Engine, bundle: Path, *, tmp_path: Path, answered: bool
) -> None:
    """A server goes on: the page it kept is drawn again, or gone with its article; the front page too."""
    file = write(tmp_path / "a.jsonl", [article(**OWN), comment("a1", text="Oldtext.")])

    async def look(press: Press) -> tuple[int, bool, bool]:
        page, front = await press.get("/articles/lamp"), await press.get("/")
        return page.status_code, "Oldtext" in page.text, "Article a" in front.text

    async def read(url: str) -> tuple[tuple[int, bool, bool], tuple[int, bool, bool]]:
        async with open_press(open_database(url), bundle, tmp_path) as press:
            await asyncio.to_thread(import_files, press.db, press.site, [file])
            if answered:
                await asyncio.to_thread(answer, press.db, press.site, "a1")
            before = await look(press)
            await asyncio.to_thread(undo_import, press.db, press.site, run_of(press.db))
            after = before
            for _ in range(50):  # a page is drawn again when somebody comes for it
                after = await look(press)
                if after[:2] != before[:2] and after[2] is answered:
                    break
                await asyncio.sleep(0.1)
            return before, after

    with databases.migrated(engine) as url:
        before, after = asyncio.run(read(url))

    assert before == (200, True, True)
    assert after == ((200, False, True) if answered else (404, False, False))
