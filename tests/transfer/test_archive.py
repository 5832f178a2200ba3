"""What leaves comes back: an export, imported into an empty database, is exported the same."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from databases import Databases
from rejoinder.accounts.models import Caller
from rejoinder.articles.find import get_article
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.models import ThreadState
from rejoinder.comments.moderate import Actor, act, set_thread_state
from rejoinder.comments.post import post_comment
from rejoinder.db import Database, Engine, open_database
from rejoinder.publication.sync import sync_folder
from rejoinder.sites.models import Site
from rejoinder.sites.settle import apply_publication, settle_site
from rejoinder.transfer.export import export_lines
from rejoinder.transfer.load import Options, import_files
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value
from transfer.archives import Load, Record, article, assert_counted_right, comment, rows_of, vote

ALICE, BOB = Caller(b"a" * 32, b"n" * 16), Caller(b"b" * 32, b"m" * 16)

EVERYTHING: list[Record | str] = [
    article(
        "a", url="/articles/lamp", html="<h2 id='x'>Lamp</h2><p>Light.</p>", byline="Ann", aliases=["/old"]
    ),
    article(
        "m",
        url="/articles/moon",
        markdown="*Moon*\n\n> Up.\n>\n> — Ann (@ann), May 1, 2020\n",
        byline={"authors": [{"name": "Ann"}]},
        origin={"name": "Elsewhere", "url": "https://else.example/"},
        section="sky",
        language="en",
        discussion="held",
        closes="2031-01-01T00:00:00Z",
        published="2020-01-01T00:00:00.123456+01:00",
        state="gone",
        closed=True,
        tags=["x"],
    ),
    article("f", url="https://far.example/page?id=3"),
    comment("c1", up=4, down=1, licence="CC BY", author={"name": "Nell", "email": "n@x.example", "id": "7"}),
    vote("c1", "v1"),
    vote("c1", "v2", -1),
    vote("c1", "v3", waits=True),
    comment("c2", "c1", posted=None, score=-4, text="<p>x</p>", format="html", label="author"),
    comment("c3", "c2", posted="2001-01-01T00:00:00Z", status="held", reason="links"),
    comment("c4", "c3", status="deleted"),
    comment("c5", "c4", edited="2020-07-01T00:00:00Z", website="x"),
    comment("c6", status="spam", pinned=True, score=0),
    comment("c7", pinned=True, closed="2020-08-01T00:00:00Z", language="de"),
    comment(
        "c8",
        revisions=[{"text": "First.", "at": "2020-05-01T10:00:00Z"}, {"text": "<b>2</b>", "format": "html"}],
        edited="2020-05-02T10:00:00Z",
        pending={"text": "Fourth.", "at": "2020-05-03T10:00:00Z", "reason": "links"},
    ),
    comment("p1", kind="ping", url="https://else.example/mention", author={"name": "Elsewhere"}),
    comment("f1", article="f", text="Plain\n*text*", format="plain", status="removed"),
    comment("f2", "f1", article="f", author={"name": ""}),
]


def export(db: Database, site: Site, path: Path, *, keep_addresses: bool = False) -> Path:
    path.write_text("".join(export_lines(db, site, keep_addresses=keep_addresses)), encoding="utf-8")
    return path


def moved(databases: Databases, engine: Engine, archive: Path, *, keep_addresses: bool = False) -> str:
    """The archive as an empty database exports it that has imported it."""
    with databases.migrated(engine) as url:
        db = open_database(url)
        site = db.write_now(settle_site, "http://127.0.0.1:8080")
        import_files(db, site, [archive], options=Options(keep_addresses=keep_addresses))
        assert_counted_right(db)
        site = db.write_now(settle_site, None)
        again = export(db, site, archive.with_suffix(".again"), keep_addresses=keep_addresses)
        db.close()
        return again.read_text(encoding="utf-8")


def test_everything_that_was_imported_survives_two_moves(
    db: Database, site: Site, load: Load, *, databases: Databases, engine: Engine, tmp_path: Path
) -> None:
    report = load(EVERYTHING, keep_addresses=True)
    assert report["repairs"] == []
    archive = export(db, site, tmp_path / "archive.jsonl", keep_addresses=True)

    text = archive.read_text(encoding="utf-8")
    assert text == moved(databases, engine, archive, keep_addresses=True)
    assert len(text.splitlines()) == len(EVERYTHING) + 1
    assert "n@x.example" in text


def test_a_lively_database_survives_a_move_to_the_other_engine(
    db: Database, site: Site, databases: Databases, engine: Engine, tmp_path: Path
) -> None:
    site = be_lively(db, site, tmp_path)
    archive = export(db, site, tmp_path / "archive.jsonl")

    other: Engine = "postgresql" if engine == "sqlite" else "sqlite"
    assert archive.read_text(encoding="utf-8") == moved(databases, other, archive)


def be_lively(db: Database, site: Site, folder: Path) -> Site:
    """A folder of articles with comments by guests, votes, an edit, decisions, and rules of the site's own."""
    now = datetime.now(UTC)
    (folder / "articles").mkdir()
    (folder / "articles" / "lamp.md").write_text("---\ntitle: Lamp\n---\n\nIt *burns*.\n", encoding="utf-8")
    site = db.write_now(apply_publication, site, {"name": "The Lamp", "votes": True})
    asyncio.run(sync_folder(db, site.id, folder / "articles", now=now))
    url = db.read_now(get_article, site.id, "/articles/lamp").url

    def say(text: str, caller: Caller, reply_to: int | None = None) -> int:
        signature = sign("Nell" if caller is ALICE else "Bob B.", "", "nell.example", site.rules)
        draft = CommentDraft(None, url, reply_to, write_text(text, site.rules), signature)
        return db.write_now(post_comment, site, draft, caller, now=datetime.now(UTC)).comment_id

    first, second = say("First of all.", ALICE), say("Second, with a [link](https://x.example).", BOB)
    third = say("> First\n\nNo.", BOB, first)
    fourth = say("And below that.", ALICE, third)
    db.write_now(cast_vote, site, first, Value.UP, BOB, now=now)
    db.write_now(cast_vote, site, third, Value.DOWN, ALICE, now=now)
    db.write_now(
        edit_comment, site, second, write_text("Edited.", site.rules), BOB, revision=1, now=datetime.now(UTC)
    )
    db.write_now(act, site, third, "remove", Actor(None), now=now)
    db.write_now(act, site, second, "pin", Actor(None), now=now)
    db.write_now(act, site, fourth, "close", Actor(None), now=now)
    thread_id = rows_of(db)[0].thread_id
    db.write_now(set_thread_state, site, thread_id, ThreadState.CLOSED, Actor(None), now=now)
    return db.write_now(settle_site, None)


def test_an_archive_keeps_every_permalink(
    db: Database, site: Site, databases: Databases, engine: Engine, tmp_path: Path
) -> None:
    site = be_lively(db, site, tmp_path)
    archive = export(db, site, tmp_path / "archive.jsonl")

    with databases.migrated(engine) as url:
        other = open_database(url)
        import_files(other, other.write_now(settle_site, "http://127.0.0.1:8080"), [archive])
        ours, theirs = rows_of(db), rows_of(other)
        other.close()
    assert [(row.id, row.thread_id, row.path) for row in ours] == [
        (row.id, row.thread_id, row.path) for row in theirs
    ]


def test_an_archive_read_where_it_came_from_changes_nothing(db: Database, site: Site, tmp_path: Path) -> None:
    site = be_lively(db, site, tmp_path)
    archive = export(db, site, tmp_path / "archive.jsonl")
    before = rows_of(db)

    report = import_files(db, site, [archive])

    assert (report["new"], report["updated"], report["unchanged"]) == (0, 0, 4)
    assert rows_of(db) == before
    assert export(db, site, tmp_path / "again.jsonl").read_text() == archive.read_text()


def test_an_archive_holds_nobodys_address_unless_it_is_to(
    db: Database, site: Site, load: Load, tmp_path: Path
) -> None:
    load(EVERYTHING, keep_addresses=True)

    assert "n@x.example" not in export(db, site, tmp_path / "archive.jsonl").read_text()


def test_what_its_author_deleted_is_in_no_archive(db: Database, site: Site, tmp_path: Path) -> None:
    site = be_lively(db, site, tmp_path)
    last = rows_of(db)[-1]
    later = datetime.now(UTC) + timedelta(seconds=1)
    db.write_now(delete_comment, site, last.id, ALICE, now=later)

    records = [json.loads(line) for line in export_lines(db, site, keep_addresses=True)]
    deleted = next(record for record in records if record.get("status") == "deleted")
    assert {"text", "author", "revisions"}.isdisjoint(deleted)
