"""Real exports of WordPress, and what their takers counted in them."""

from pathlib import Path
from typing import Any

import pytest

from rejoinder.db import Database
from rejoinder.sites.models import Site
from rejoinder.transfer.formats import Format
from rejoinder.transfer.load import import_files
from transfer.archives import assert_counted_right

# The counts of the samples' README. Where it counts otherwise, DESIGN §7 wins: a binned comment that holds the place above
# an answer (20 in the synthetic file) is binned there and a tombstone here; a private comment is approved there and
# skipped here; approved and waiting pings are among the approved and pending there and are pings here.
SAMPLES: dict[str, dict[str, Any]] = {
    "wxr/wordpress-importer-theme-unit-test-data.xml": {
        "records": 33,
        "threads": 7,
        "published": 26,
        "pending": 3,
        "pings": 4,
        "replies": 10,
    },
    "wxr/cc-labs-pseudonymised.xml": {
        "records": 181,
        "threads": 80,
        "published": 119,
        "pings": 62,
        "replies": 3,
    },
    "wxr/isso-tests-wordpress.xml": {"records": 8, "threads": 2, "published": 8, "replies": 3},
    "wxr/wordpress-importer-test-serialized-comment-meta.xml": {"records": 1, "threads": 1, "published": 1},
    "wxr/wordpress-importer-small-export.xml": {"records": 1, "articles": 11, "published": 1},
    "wxr/wordpress-importer-valid-wxr-1.0.xml": {"records": 1, "articles": 6, "published": 1},
    "wxr/wordpress-importer-slashes.xml": {"records": 1, "published": 1},
    "wxr/artransfer-WordPress.sample.xml": {
        "records": 5,
        "articles": 3,
        "threads": 1,
        "published": 5,
        "replies": 2,
    },
    "wxr/comentario-wordpress-ok-single.zip": {"records": 1, "articles": 1, "published": 1},
    "wxr/comentario-wordpress-ok-long.zip": {"records": 1, "articles": 1, "published": 1},
    "wxr/comentario-wordpress-ok-empty.zip": {"records": 0, "articles": 0},
    "wxr/comentario-wordpress-bad-two-files.zip": {"records": 1, "articles": 1, "published": 1},
    "synthetic/wpdiscuz-meta.wxr.xml": {
        "records": 15,
        "articles": 1,
        "threads": 1,
        "published": 10,
        "pending": 1,
        "tombstones": 1,
        "pings": 1,
        "replies": 3,
        "skipped": {"private": 1, "note": 1},
    },
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_export_gives_what_was_counted_in_it(
    db: Database, site: Site, shared: Path, name: str
) -> None:
    report = import_files(db, site, [shared / "samples" / name], format_=Format.WORDPRESS)

    assert report | SAMPLES[name] == report
    assert report["comments"] == report["published"] + report["pending"]
    kept = report["comments"] + report["tombstones"] + report["pings"]
    assert report["records"] == kept + sum(report["skipped"].values())
    assert report["new"] == kept
    assert_counted_right(db)
