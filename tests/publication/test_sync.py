"""The folder's files and the articles they mean stay one."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from publication.conftest import NOON, Sync, Write
from rejoinder.articles import queries
from rejoinder.articles.find import find_article, get_article, get_body, list_public
from rejoinder.articles.models import ArticleState, Discussion
from rejoinder.db import Database
from rejoinder.publication.seen import Seen
from rejoinder.sites.models import Site

LAMP = """---
title: The harbour light
authors: [Mara Lindqvist]
origin: https://coastwise.example/lamp
published: 2026-05-12
section: Opinion
lead: It was never meant to be a museum.
---
For ninety years the lamp told boats where the rocks were.
"""


def test_a_file_is_an_article(db: Database, site: Site, write: Write, sync: Sync) -> None:
    write("lamp.md", LAMP)

    report = sync()

    assert (report.new, report.faults) == (["/articles/lamp"], [])
    lamp = db.read_now(get_article, site.id, "/articles/lamp")
    assert (lamp.title, lamp.section, lamp.slug) == ("The harbour light", "Opinion", "lamp")
    assert lamp.lead == "It was never meant to be a museum."
    assert lamp.byline.authors[0].name == "Mara Lindqvist"
    assert lamp.origin is not None
    assert lamp.origin.name == "coastwise.example"
    assert lamp.published_at == datetime(2026, 5, 12, tzinfo=UTC)
    assert lamp.discussion is Discussion.OPEN
    body = db.read_now(get_body, lamp)
    assert body.html == "<p>For ninety years the lamp told boats where the rocks were.</p>"
    assert body.body.written() == "For ninety years the lamp told boats where the rocks were."


def test_a_folder_synchronised_twice_changes_once(write: Write, sync: Sync) -> None:
    write("lamp.md", LAMP)
    sync()

    report = sync()

    assert report.is_quiet
    assert report.same == 1


def test_a_removed_file_withdraws_its_article_and_its_return_brings_it_back(
    db: Database, site: Site, write: Write, sync: Sync
) -> None:
    lamp = write("lamp.md", LAMP)
    sync()
    before = db.read_now(get_article, site.id, "/articles/lamp")

    lamp.unlink()
    assert sync().removed == ["/articles/lamp"]
    assert db.read_now(get_article, site.id, "/articles/lamp").state is ArticleState.GONE
    assert db.read_now(list_public, site.id, limit=10) == []
    assert sync().is_quiet

    write("lamp.md", LAMP)
    sync()
    after = db.read_now(get_article, site.id, "/articles/lamp")
    assert (after.id, after.state) == (before.id, ArticleState.PUBLIC)


def test_a_renamed_file_takes_its_article_along(db: Database, site: Site, write: Write, sync: Sync) -> None:
    lamp = write("lamp.md", LAMP)
    sync()
    before = db.read_now(get_article, site.id, "/articles/lamp")

    lamp.rename(lamp.with_name("light.md"))
    sync()

    found = db.read_now(find_article, site.id, "/articles/lamp")
    assert (found.article.id, found.article.url, found.moved) == (before.id, "/articles/light", True)


def test_a_file_renamed_and_rewritten_at_once_takes_its_article_along_by_its_alias(
    db: Database, site: Site, write: Write, sync: Sync
) -> None:
    lamp = write("lamp.md", LAMP)
    sync()
    before = db.read_now(get_article, site.id, "/articles/lamp")

    lamp.unlink()
    write("light.md", LAMP.replace("section:", "aliases: lamp\nsection:").replace("ninety", "ninety-one"))
    sync()

    found = db.read_now(find_article, site.id, "/articles/lamp")
    assert (found.article.id, found.moved) == (before.id, True)
    assert len(db.read_now(queries.list_revisions, before.id)) == 2


def test_an_alias_that_is_another_articles_address_is_reported(write: Write, sync: Sync) -> None:
    write("lamp.md", LAMP)
    write("other.md", "---\ntitle: Other\naliases:\n  - /2019/other.html\n  - lamp\n---\n")

    report = sync()

    assert [str(fault) for fault in report.faults] == [
        "other.md:5: warning: alias `/articles/lamp` is the address of another article"
    ]


def test_a_broken_file_keeps_its_last_good_text_and_takes_nothing_else_down(
    db: Database, site: Site, write: Write, sync: Sync
) -> None:
    write("lamp.md", LAMP)
    write("other.md", "# Other\n")
    sync()

    write("lamp.md", LAMP.replace("published: 2026-05-12", "published: soon"))
    write("third.md", "# Third\n")
    report = sync()

    assert [str(fault) for fault in report.errors] == [
        "lamp.md:5: error: `published` must be a date such as 2026-05-12 or 2026-05-12 09:30"
    ]
    assert (report.new, report.removed) == (["/articles/third"], [])
    lamp = db.read_now(get_article, site.id, "/articles/lamp")
    assert lamp.state is ArticleState.PUBLIC
    assert "ninety" in db.read_now(get_body, lamp).html


def test_only_what_changed_is_read_again(write: Write, sync: Sync) -> None:
    seen = Seen()
    lamp = write("lamp.md", LAMP)
    write("other.md", "# Other\n")
    sync(seen)
    (lamp.parent / "other.md").chmod(0)  # would be reported if it were read

    write("lamp.md", LAMP.replace("ninety", "a hundred"))
    report = sync(seen)

    assert (report.changed, report.same, report.faults) == (["/articles/lamp"], 1, [])


def test_a_draft_and_an_article_of_tomorrow_are_private(
    db: Database, site: Site, write: Write, sync: Sync
) -> None:
    seen = Seen()
    write("draft.md", "---\ndraft: true\n---\n# Draft\n")
    write("tomorrow.md", "---\npublished: 2026-05-13\n---\n# Tomorrow\n")

    report = sync(seen)

    assert db.read_now(list_public, site.id, limit=10) == []
    assert report.due == datetime(2026, 5, 13, tzinfo=UTC)

    sync(seen, now=NOON + timedelta(days=1))
    assert [article.title for article in db.read_now(list_public, site.id, limit=10)] == ["Tomorrow"]


def test_every_text_of_27_real_articles_is_kept(
    db: Database, site: Site, folder: Path, sync: Sync, shared: Path
) -> None:
    seen = Seen()
    with gzip.open(shared / "corpora" / "article-revisions.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    # Blank lines around a text are not part of it.
    texts = {a["article"]: [each["markdown"].strip() for each in a["revisions"]] for a in articles}
    expected = {name: 1 + sum(a != b for a, b in pairwise(t)) for name, t in texts.items()}

    for number in range(max(map(len, texts.values()))):
        for name, revisions in texts.items():
            if number < len(revisions):
                (folder / name).write_text(f"---\ntitle: {name}\n---\n{revisions[number]}", encoding="utf-8")
        assert sync(seen).errors == []

    stored = {
        known.source_path: len(db.read_now(queries.list_revisions, known.id))
        for known in db.read_now(queries.list_known, site.id, "folder")
    }
    assert sum(expected.values()) > 600
    assert stored == expected
