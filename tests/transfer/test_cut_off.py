"""An import that is killed in the middle shows nothing, and goes on where it was."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from databases import Databases
from rejoinder.articles.find import list_public
from rejoinder.db import Database, open_database
from rejoinder.sites.models import Site
from rejoinder.sites.settle import settle_site
from rejoinder.transfer.export import export_lines
from rejoinder.transfer.formats import Format
from rejoinder.transfer.load import import_files
from transfer.archives import assert_counted_right, rows_of
from transfer.exports import columns, comment, post
from transfer.exports import write as write_wxr

PROGRAM = Path(__file__).with_name("cut_off.py")
SOURCE = Path(__file__).parents[2] / "src"


def kill_in_the_middle(url: str, archive: Path, phase: str, at: int) -> None:
    command = [sys.executable, str(PROGRAM), url, str(archive), phase, str(at)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"now\n"
        process.kill()


@pytest.mark.parametrize(("phase", "at"), [("read", 900_000), ("articles", 100), ("comments", 700)])
def test_killed_and_run_again_it_is_as_if_nothing_had_happened(
    db: Database, site: Site, database_url: str, archive: Path, *, phase: str, at: int
) -> None:
    kill_in_the_middle(database_url, archive, phase, at)
    if phase == "comments":
        assert 0 < len(rows_of(db)) < 1100
        assert_counted_right(db)
    assert db.read_now(list_public, site.id, limit=10) == [], "readers see a half import"

    report = import_files(db, site, [archive])

    assert report["new"] == report["records"] == report["comments"] == 1100
    assert "".join(export_lines(db, site, keep_addresses=False)) == archive.read_text(encoding="utf-8")
    assert_counted_right(db)
    assert db.read_now(lambda tx: tx.value("SELECT count(*) FROM arrivals")) == 0


def test_run_a_third_time_it_adds_nothing(db: Database, site: Site, archive: Path) -> None:
    import_files(db, site, [archive])
    before = rows_of(db)

    report = import_files(db, site, [archive])

    assert (report["new"], report["updated"], report["unchanged"]) == (0, 0, 1100)
    assert rows_of(db) == before


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,100 comments of WordPress on 12 posts, every tenth thrown away."""
    posts = [
        post(
            number,
            *(
                comment(
                    n,
                    n - 12 if n % 3 and n > 24 else 0,
                    approved="0" if n % 7 == 0 else "trash" if n % 10 == 0 else "1",
                )
                for n in range(number, 1101, 12)
            ),
        )
        for number in range(1, 13)
    ]
    return write_wxr(tmp_path_factory.mktemp("cut-off") / "export.xml", *posts)


def story_of(db: Database) -> list[object]:
    """Everything that was said, without the ids, which are drawn anew."""
    return [
        *columns(
            db,
            """
            SELECT s.source_id, p.source_id, c.status, c.depth, c.placed_at, c.reply_count, c.branch_count, r.html
            FROM comments c JOIN source_ids s ON s.local_id = c.id JOIN comment_revisions r ON r.comment_id = c.id
            LEFT JOIN source_ids p ON p.local_id = c.parent_id ORDER BY s.source_id
            """,
        ),
        *columns(db, "SELECT url, state, title FROM articles ORDER BY url"),
        *columns(
            db,
            "SELECT a.url, t.comment_count, t.top_count FROM threads t JOIN articles a ON a.id = t.article_id ORDER BY a.url",
        ),
    ]


@pytest.fixture(scope="module")
def undisturbed(databases: Databases, export: Path) -> tuple[dict[str, object], list[object]]:
    """What the report says, and the database holds, where nobody cut anything off."""
    with databases.migrated("sqlite") as url:
        db = open_database(url)
        site = db.write_now(settle_site, "http://127.0.0.1:8080")
        report = import_files(db, site, [export], format_=Format.WORDPRESS)
        story = story_of(db)
        db.close()
    return report, story


@pytest.mark.parametrize(
    ("phase", "at"), [("read", 200_000), ("read", 600_000), ("articles", 12), ("comments", 700)]
)
def test_an_export_of_wordpress_that_was_cut_off_goes_on_where_it_was(
    db: Database,
    site: Site,
    database_url: str,
    export: Path,
    undisturbed: tuple[dict[str, object], list[object]],
    *,
    phase: str,
    at: int,
) -> None:
    kill_in_the_middle(database_url, export, phase, at)
    assert db.read_now(list_public, site.id, limit=10) == [], "readers see a half import"

    report = import_files(db, site, [export], format_=Format.WORDPRESS)

    assert (report, story_of(db)) == undisturbed
    assert_counted_right(db)
    assert db.read_now(lambda tx: tx.value("SELECT count(*) FROM arrivals")) == 0
