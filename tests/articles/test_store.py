"""Articles are stored, found, moved and withdrawn; every text they had is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rejoinder.articles import queries
from rejoinder.articles.addresses import settle_address
from rejoinder.articles.find import find_article, get_article, get_body, list_public
from rejoinder.articles.models import (
    ArticleDraft,
    ArticleSource,
    ArticleState,
    Author,
    Body,
    Byline,
    Image,
    Origin,
    Outcome,
    Place,
    Stored,
)
from rejoinder.articles.store import store_article
from rejoinder.articles.withdraw import withdraw_article
from rejoinder.db import Database
from rejoinder.errors import NotFound
from rejoinder.sites.models import Rules, Site
from rejoinder.sites.settle import settle_site

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.fixture
def site(db: Database) -> Site:
    return db.write_now(settle_site, "http://127.0.0.1:8080")


def draft(url: str, text: str = "Text.", source: ArticleSource = ArticleSource.FOLDER) -> ArticleDraft:
    body = Body.of(text, f"<p>{text}</p>", 1)
    return ArticleDraft(url=url, title="Lamp", body=body, source=source, source_path="lamp.md")


LAMP = replace(
    draft("/articles/lamp"),
    slug="lamp",
    language="nb",
    section="Opinion",
    lead="A lead 🕯.",
    byline=Byline(authors=(Author(name="Mara", url="https://mara.example"),)),
    origin=Origin(name="Coastwise", url="https://coastwise.example"),
    image=Image(src="/articles/lamp/a.png", alt="A", credit="B", width=3, height=2),
    published_at=NOON,
    updated_at=NOON + timedelta(days=1),
    close_at=NOON + timedelta(days=30),
)


def store(db: Database, site: Site, wanted: ArticleDraft, now: datetime = NOON) -> Stored:
    return db.write_now(store_article, site, wanted, now)


def test_what_is_stored_is_what_was_drafted(db: Database, site: Site) -> None:
    stored = store(db, site, LAMP)

    lamp = db.read_now(get_article, site.id, "/articles/lamp")
    assert (stored.outcome, stored.article_id) == (Outcome.NEW, lamp.id)
    assert LAMP.says_what(lamp)
    assert db.read_now(get_body, lamp).body == LAMP.body


def test_the_same_again_changes_nothing(db: Database, site: Site) -> None:
    store(db, site, LAMP)
    before = db.read_now(get_article, site.id, LAMP.url)

    assert store(db, site, LAMP, NOON + timedelta(days=1)).outcome is Outcome.SAME
    assert db.read_now(get_article, site.id, LAMP.url) == before


def test_every_text_is_kept_in_order_even_one_that_returns(db: Database, site: Site) -> None:
    for day, text in enumerate(["One.", "Two.", "Two.", "One."]):
        store(db, site, draft("/articles/lamp", text), NOON + timedelta(days=day))

    lamp = db.read_now(get_article, site.id, "/articles/lamp")
    revisions = db.read_now(queries.list_revisions, lamp.id)
    assert [(each.n, each.body.written(), each.seen_at.day) for each in revisions] == [
        (1, "One.", 12),
        (2, "Two.", 13),
        (3, "One.", 15),
    ]
    assert (lamp.revision, lamp.version) == (3, 3)


def test_a_text_drawn_anew_is_no_new_text(db: Database, site: Site) -> None:
    store(db, site, LAMP)
    anew = replace(LAMP, body=Body.of("Text.", "<p>Text, drawn better.</p>", 2))

    assert store(db, site, anew).outcome is Outcome.CHANGED

    lamp = db.read_now(get_article, site.id, LAMP.url)
    assert [each.html for each in db.read_now(queries.list_revisions, lamp.id)] == [
        "<p>Text, drawn better.</p>"
    ]
    assert lamp.version == 2


def test_readers_are_told_of_a_change_and_not_of_none(db: Database, site: Site) -> None:
    told: list[set[str]] = []
    db.on_touch.append(told.append)

    stored = store(db, site, LAMP)
    store(db, site, LAMP)

    assert told == [{f"article:{stored.article_id}", f"site:{site.id}"}]


def test_an_alias_leads_to_its_article(db: Database, site: Site) -> None:
    stored = store(db, site, replace(LAMP, aliases=("/2019/lamp.html",)))

    found = db.read_now(find_article, site.id, "/2019/lamp.html")
    assert (found.article.id, found.moved) == (stored.article_id, True)
    assert not db.read_now(find_article, site.id, LAMP.url).moved
    with pytest.raises(NotFound):
        db.read_now(find_article, site.id, "/2020/lamp.html")


def test_an_alias_stays_when_it_is_no_longer_named(db: Database, site: Site) -> None:
    store(db, site, replace(LAMP, aliases=("/2019/lamp.html",)))
    store(db, site, LAMP)

    assert db.read_now(find_article, site.id, "/2019/lamp.html").moved


def test_another_articles_address_is_never_taken_by_an_alias(db: Database, site: Site) -> None:
    first = store(db, site, replace(LAMP, aliases=("/old",)))

    second = store(db, site, replace(draft("/articles/fog"), aliases=(LAMP.url, "/old", "/fog")))

    assert second.refused == (LAMP.url, "/old")
    assert db.read_now(find_article, site.id, LAMP.url).article.id == first.article_id
    assert db.read_now(find_article, site.id, "/old").article.id == first.article_id
    assert db.read_now(find_article, site.id, "/fog").article.id == second.article_id


def test_a_new_article_at_an_old_alias_takes_the_address(db: Database, site: Site) -> None:
    store(db, site, replace(LAMP, aliases=("/articles/fog",)))

    fog = store(db, site, draft("/articles/fog"))

    found = db.read_now(find_article, site.id, "/articles/fog")
    assert (found.article.id, found.moved) == (fog.article_id, False)


def test_an_article_that_moves_back_and_forth_is_found_at_both_addresses(db: Database, site: Site) -> None:
    lamp = store(db, site, LAMP)
    for there, here in (("/articles/lamp", "/articles/light"), ("/articles/light", "/articles/lamp")):
        db.write_now(withdraw_article, site.id, lamp.article_id)
        moved = store(db, site, replace(LAMP, url=here, aliases=(there,)))
        assert (moved.article_id, moved.outcome) == (lamp.article_id, Outcome.CHANGED)

    assert not db.read_now(find_article, site.id, "/articles/lamp").moved
    assert db.read_now(find_article, site.id, "/articles/light").moved


def test_a_file_takes_over_an_import_and_not_the_other_way_round(db: Database, site: Site) -> None:
    imported = store(db, site, draft("/articles/lamp", "Imported.", ArticleSource.IMPORT))
    store(db, site, draft("/articles/lamp", "From the folder."))

    again = store(db, site, draft("/articles/lamp", "Imported again.", ArticleSource.IMPORT))

    lamp = db.read_now(get_article, site.id, "/articles/lamp")
    assert (again.outcome, lamp.id) == (Outcome.SAME, imported.article_id)
    assert db.read_now(get_body, lamp).body.written() == "From the folder."


def test_a_withdrawn_article_is_gone_until_it_is_stored_again(db: Database, site: Site) -> None:
    lamp = store(db, site, LAMP)

    gone = db.write_now(withdraw_article, site.id, lamp.article_id)
    assert (gone.state, gone.version) == (ArticleState.GONE, 2)
    assert db.write_now(withdraw_article, site.id, lamp.article_id).version == 2

    assert store(db, site, LAMP).outcome is Outcome.CHANGED
    assert db.read_now(get_article, site.id, LAMP.url).is_public


def test_one_sites_articles_are_not_anothers(db: Database, site: Site) -> None:
    store(db, site, replace(LAMP, aliases=("/old",)))

    for url in (LAMP.url, "/old"):
        with pytest.raises(NotFound):
            db.read_now(find_article, site.id + 1, url)


def test_a_list_is_newest_first_and_goes_on_exactly(db: Database, site: Site) -> None:
    for number in range(9):
        published = NOON + timedelta(days=number // 2) if number < 6 else None
        store(db, site, replace(draft(f"/articles/a{number}"), published_at=published, section="s"))

    listed: list[str] = []
    after = None
    while page := db.read_now(list_public, site.id, section="s", after=after, limit=2):
        listed += [article.url[-2:] for article in page]
        after = Place(page[-1].published_at, page[-1].id)

    assert listed == ["a5", "a4", "a3", "a2", "a1", "a0", "a8", "a7", "a6"]
    assert db.read_now(list_public, site.id, section="other", limit=2) == []


@pytest.mark.parametrize(
    ("raw", "settled"),
    [
        ("http://127.0.0.1:8080/articles/lamp", "/articles/lamp"),
        ("https://127.0.0.1:8080/articles/lamp#part", "/articles/lamp"),
        ("/articles/%C3%BCber", "/articles/%C3%BCber"),
        ("/articles/über", "/articles/%C3%BCber"),
        ("/R%26D/x", "/R&D/x"),
        ("/?p=12&utm_source=x", "/?p=12"),
        ("http://Old.example:80/a/?id=2&p=1&x=3#y", "https://old.example/a/?id=2&p=1"),
        ("http://127.0.0.1:8081/articles/lamp", "https://127.0.0.1:8081/articles/lamp"),
    ],
)
def test_our_own_addresses_are_paths_and_others_are_canonical(raw: str, settled: str) -> None:
    site = Site(1, "http://127.0.0.1:8080", Rules(), (), 1)

    assert settle_address(site, raw) == settled
