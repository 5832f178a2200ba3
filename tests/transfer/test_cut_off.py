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
from rejoinder.transfer.load import import_files
from transfer import history
from transfer.archives import assert_counted_right, rows_of, write

PROGRAM = Path(__file__).with_name("cut_off.py")
SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture(scope="module")
def archive(shared: Path, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 1,100 comments of the real discussion, as our own export writes them, so that ids stay."""
    folder = tmp_path_factory.mktemp("cut-off")
    raw = history.raw(shared)
    comments = [record for record in raw if record["type"] == "comment"][:1100]
    threads = {record["thread"] for record in comments}
    records = [record for record in raw if record["type"] == "thread" and record["id"] in threads]
    source = write(
        folder / "source.jsonl", history.as_archive([*records, *comments], history.raw_votes(shared))
    )
    with databases.migrated("sqlite") as url:
        db = open_database(url)
        site = db.write_now(settle_site, "http://127.0.0.1:8080")
        import_files(db, site, [source])
        archive = folder / "archive.jsonl"
        archive.write_text("".join(export_lines(db, site, keep_addresses=False)), encoding="utf-8")
        db.close()
    return archive


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
