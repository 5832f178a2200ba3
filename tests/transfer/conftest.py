"""A site to import into."""

from pathlib import Path
from typing import Any

import pytest

from databases import Databases
from rejoinder.db import Database, open_database
from rejoinder.sites.models import Site
from rejoinder.sites.settle import settle_site
from rejoinder.transfer.export import export_lines
from rejoinder.transfer.load import Options, import_files
from transfer import history
from transfer.archives import Load, Record, write


@pytest.fixture
def site(db: Database) -> Site:
    return db.write_now(settle_site, "http://127.0.0.1:8080")


@pytest.fixture
def load(db: Database, site: Site, tmp_path: Path) -> Load:
    """Import records, or a file, and give the report."""
    count = iter(range(100))

    def load(records: list[Record | str] | Path, **options: Any) -> dict[str, Any]:
        path = records if isinstance(records, Path) else write(tmp_path / f"{next(count)}.jsonl", records)
        return import_files(db, site, [path], options=Options(**options))

    return load


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
