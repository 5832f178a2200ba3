"""A site to import into."""

from pathlib import Path
from typing import Any

import pytest

from rejoinder.db import Database
from rejoinder.sites.models import Site
from rejoinder.sites.settle import settle_site
from rejoinder.transfer.load import Options, import_files
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
