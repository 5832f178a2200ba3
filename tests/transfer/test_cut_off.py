"""An import that is killed in the middle shows nothing, and goes on where it was."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rejoinder.articles.find import list_public
from rejoinder.db import Database
from rejoinder.sites.models import Site
from rejoinder.transfer.export import export_lines
from rejoinder.transfer.load import import_files
from transfer.archives import assert_counted_right, rows_of

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
