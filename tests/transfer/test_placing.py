"""Records come in any order, damaged, twice and later again; what is stored keeps every rule."""

from datetime import UTC, datetime
from typing import Any

import pytest

from rejoinder.accounts.models import Caller
from rejoinder.articles.find import find_article, list_public
from rejoinder.comments.models import Comment, Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.queries.reading import drawn, find_thread_of
from rejoinder.comments.reading import View, list_comments
from rejoinder.db import Database, Tx
from rejoinder.sites.models import Site, Sort
from rejoinder.transfer.arriving import _steps
from rejoinder.transfer.models import ArrivingArticle, Item
from rejoinder.transfer.run import AT_ONCE, TEXT_AT_ONCE
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value
from transfer.archives import Load, Record, article, assert_counted_right, comment, rows_of, shapes, vote

NOW = datetime(2026, 11, 1, tzinfo=UTC)
OLD_ARTICLE = "https://old.example/a"


def stored(db: Database) -> list[tuple[str, str | None, str]]:
    return list(shapes(db))


def one(db: Database, site: Site) -> Comment:
    """The only comment, as everybody sees it."""
    [row] = rows_of(db)
    return db.read_now(drawn, site.id, [row.id])[0]


def test_children_may_come_before_their_parents(db: Database, load: Load) -> None:
    report = load([comment("c", "b"), comment("b", "a1"), vote("c", "v"), comment("a1"), article()])

    assert stored(db) == [("a1", None, "published"), ("b", "a1", "published"), ("c", "b", "published")]
    assert (report["comments"], report["replies"], report["repairs"]) == (3, 2, [])
    assert_counted_right(db)


def test_a_comment_whose_parent_is_missing_stands_at_the_top_and_is_reported(
    db: Database, load: Load
) -> None:
    report = load([article(), comment("b", "nobody")])

    assert stored(db) == [("b", None, "published")]
    assert report["repairs"] == ["b: its parent nobody is not there, so it stands at the top level."]
    assert report["replies"] == 0


def test_a_parent_in_another_thread_is_none(db: Database, load: Load) -> None:
    report = load([article(), article("z"), comment("a1"), comment("b", "a1", article="z")])

    assert stored(db) == [("a1", None, "published"), ("b", None, "published")]
    assert len(report["repairs"]) == 1
    assert_counted_right(db)


@pytest.mark.parametrize("ring", [["x"], ["x", "y"], ["x", "y", "z"]])
def test_a_ring_of_replies_is_broken_at_its_first_comment(db: Database, load: Load, ring: list[str]) -> None:
    parents = [*ring[1:], ring[0]]
    records = [comment(own, parent) for own, parent in zip(ring, parents, strict=True)]
    report = load([article(), *records, comment("below", ring[-1])])

    assert [row.depth for row in rows_of(db)].count(0) == 1
    assert len(rows_of(db)) == len(ring) + 1
    assert report["repairs"] == ["x: it was among its own ancestors, so it stands at the top level."]
    assert_counted_right(db)


def test_a_chain_of_three_thousand_is_placed(db: Database, load: Load) -> None:
    chain = [comment("0"), *(comment(str(n), str(n - 1)) for n in range(1, 3000))]
    load([article(), *reversed(chain)])

    assert max(row.depth for row in rows_of(db)) == 2999
    assert_counted_right(db)


def test_a_reply_never_stands_before_its_parent_whatever_its_date_says(db: Database, load: Load) -> None:
    load(
        [
            article(),
            comment("a1", posted="2020-05-01T10:00:00Z"),
            comment("b", "a1", posted="2019-01-01T00:00:00+02:00"),
            comment("c", "b", posted=None),
        ]
    )

    a, b, c = sorted(rows_of(db), key=lambda row: row.depth)
    assert (b.placed_at, c.placed_at) == (a.placed_at + 1, b.placed_at + 1)


def test_an_unknown_date_stays_unknown_and_stands_behind_its_neighbour(
    db: Database, site: Site, load: Load
) -> None:
    known = {"posted": "2020-05-01T10:00:00Z"}
    report = load(
        [
            article(),
            comment("1", **known),
            comment("2", posted=None),
            comment("3", posted="1969-01-01T00:00:00Z"),
        ]
    )

    first, second, third = sorted(rows_of(db), key=lambda row: row.placed_at)
    assert (second.placed_at, third.placed_at) == (first.placed_at + 1, first.placed_at + 2)
    shown = db.read_now(drawn, site.id, [second.id, third.id])
    assert [comment.posted_at for comment in shown] == [None, None]
    assert report["repairs"] == ["line 5: 1969-01-01 00:00:00+00:00 can't be right, so the date is unknown."]


def test_what_is_not_shown_is_kept_and_stands_above_its_replies(db: Database, site: Site, load: Load) -> None:
    report = load(
        [
            article(),
            comment("gone", status="deleted", author={"name": "Nell"}, text=""),
            comment("b", "gone"),
            comment("spam", status="spam"),
            comment("held", status="held"),
            comment("under-held", "held", status="removed"),
            comment("deep", "under-held"),
        ]
    )

    assert (report["published"], report["pending"], report["tombstones"]) == (2, 1, 3)
    assert report["comments"] == 3
    assert_counted_right(db)
    thread = db.read_now(find_thread_of, site.id, db.read_now(find_article, site.id, OLD_ARTICLE).article.id)
    assert thread
    listing = db.read_now(list_comments, site, thread, View(Sort.OLDEST), now=NOW)
    drawn_rows = [(row.level, row.comment.status, row.comment.author_name) for row in listing.rows]
    assert sorted(drawn_rows, key=str) == sorted(
        [
            (0, Status.DELETED, None),
            (1, Status.PUBLISHED, "Nell"),
            (0, Status.HELD, None),
            (1, Status.REMOVED, None),
            (2, Status.PUBLISHED, "Nell"),
        ],
        key=str,
    )


def test_pings_are_counted_apart(db: Database, load: Load) -> None:
    report = load([article(), comment("p", kind="ping", url="https://else.example/"), comment("b", "p")])

    assert (report["pings"], report["comments"], report["records"]) == (1, 1, 2)
    assert stored(db) == [("b", None, "published"), ("p", None, "published")]
    assert_counted_right(db)


def test_the_same_file_twice_adds_nothing(db: Database, load: Load) -> None:
    records: list[Record | str] = [article(), comment("a1", up=3), comment("b", "a1"), vote("b", "v")]
    load(records)
    before = rows_of(db)

    report = load(records)

    assert rows_of(db) == before
    assert (report["new"], report["updated"], report["unchanged"]) == (0, 0, 2)


def test_a_later_export_adds_what_is_new_under_what_was_there(db: Database, load: Load) -> None:
    load([article(), comment("a1", status="removed"), comment("c", status="held")])
    assert_counted_right(db)

    report = load(
        [article(), comment("a1", status="removed"), comment("b", "a1"), comment("d", "b"), comment("e", "c")]
    )

    assert (report["new"], report["unchanged"]) == (3, 1)
    assert ("b", "a1", "published") in stored(db)
    assert_counted_right(db)


def test_a_later_export_changes_what_changed_at_the_source(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1", up=1), comment("b", "a1"), comment("c", "a1")])

    report = load(
        [
            article(),
            comment("a1", text="Better.", up=4, author={"name": "Nell N."}),
            comment("b", "a1", status="deleted"),
            comment("c", "a1"),
        ]
    )

    assert (report["updated"], report["unchanged"]) == (2, 1)
    root = next(row for row in rows_of(db) if row.parent_id is None)
    shown = db.read_now(drawn, site.id, [root.id])[0]
    assert (shown.html, shown.author_name, shown.up) == ("<p>Better.</p>", "Nell N.", 4)
    assert ("b", "a1", "deleted") in stored(db)
    assert_counted_right(db)


def test_what_moderators_decided_here_outlives_a_later_export(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1")])
    [row] = rows_of(db)
    db.write_now(act, site, row.id, "remove", Actor(None), now=NOW)

    load([article(), comment("a1", text="Changed at the source.")])

    assert [row.status for row in rows_of(db)] == ["removed"]
    assert_counted_right(db)


def test_votes_add_up_to_what_the_source_showed(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1", up=5, down=1), vote("a1", "v1"), vote("a1", "v2"), vote("a1", "v3", -1)])

    shown = one(db, site)
    assert (shown.up, shown.down) == (5, 1)
    [row] = rows_of(db)
    assert (row.up, row.down, row.imported_up, row.imported_down) == (2, 1, 3, 0)
    assert_counted_right(db)


@pytest.mark.parametrize(("score", "up", "down"), [(7, 7, 0), (-3, 0, 3), (0, 0, 0)])
def test_a_net_score_is_never_made_into_voters(
    db: Database, site: Site, load: Load, *, score: int, up: int, down: int
) -> None:
    load([article(), comment("a1", score=score)])

    shown = one(db, site)
    assert (shown.up, shown.down) == (up, down)
    assert_counted_right(db)


def test_votes_may_come_in_a_file_of_their_own_and_count_once(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1")])

    for _ in range(2):
        report = load(
            [vote("a1", "v1"), vote("a1", "v2", -1), vote("a1", "v3", waits=True), vote("gone", "v1")]
        )

    shown = one(db, site)
    assert (shown.up, shown.down) == (1, 1)
    assert report["repairs"] == ["line 5: the comment 'gone' of this vote is not there."]
    assert_counted_right(db)


def test_readers_vote_on_top_of_imported_votes(db: Database, site: Site, load: Load) -> None:
    load([article(), comment("a1", up=2), vote("a1", "v1")])
    [row] = rows_of(db)

    cast = db.write_now(cast_vote, site, row.id, Value.UP, Caller(b"t" * 32, b"n" * 16), now=NOW)

    assert cast.up == 3
    assert_counted_right(db)


def test_of_many_pinned_comments_three_stay_pinned(db: Database, load: Load) -> None:
    load([article(), *(comment(str(n), pinned=True) for n in range(5)), comment("r", "1", pinned=True)])

    pinned: Any = db.read_now(
        lambda tx: tx.value("SELECT count(*) FROM comments WHERE pinned_until IS NOT NULL")
    )
    assert pinned == 3


def test_comments_of_an_unknown_article_are_skipped_and_counted(db: Database, load: Load) -> None:
    report = load([article(), comment("a1"), comment("b", article="nowhere")])

    assert report["skipped"] == {"unknown-article": 1}
    assert (report["records"], report["comments"]) == (2, 1)


def test_an_id_that_comes_twice_is_taken_once(db: Database, load: Load) -> None:
    report = load([article(), comment("a1"), comment("a1", text="Another."), article("a")])

    assert (report["records"], report["comments"], report["skipped"]) == (2, 1, {"duplicate": 1})
    assert len(report["repairs"]) == 2


def test_a_dry_run_says_what_a_real_one_would_and_does_nothing(db: Database, load: Load) -> None:
    records: list[Record | str] = [
        article(),
        article("bad", url="nonsense"),
        comment("a1"),
        comment("b", "a1", status="held"),
        comment("c", "nobody"),
        comment("d", article="bad"),
        vote("a1", "v"),
        vote("nobody", "v"),
        "{",
    ]
    before = db.read_now(everything)
    dry = load(records, dry_run=True)

    assert db.read_now(everything) == before
    assert dry == load(records)
    assert dry == {**load(records, dry_run=True), "new": 3, "unchanged": 0}


def everything(tx: Tx) -> list[int]:
    """How many rows the tables hold that an import may write."""
    return [
        tx.value("SELECT count(*) FROM articles"),
        tx.value("SELECT count(*) FROM comments"),
        tx.value("SELECT count(*) FROM source_ids"),
        tx.value("SELECT count(*) FROM imports"),
        tx.value("SELECT count(*) FROM arrivals"),
        tx.value("SELECT count(*) FROM authors"),
    ]


def test_an_article_with_a_text_is_served_here_and_one_without_stays_where_it_is(
    db: Database, site: Site, load: Load
) -> None:
    load(
        [
            article(
                "own",
                url="/articles/lamp",
                html="<p onclick=x>Light.<script>x</script></p>",
                aliases=["https://old.example/lamp"],
            ),
            article("there"),
        ]
    )

    own = db.read_now(find_article, site.id, "https://old.example/lamp").article
    assert (own.url, own.slug, own.source) == ("/articles/lamp", "lamp", "import")
    html = db.read_now(
        lambda tx: tx.value("SELECT html FROM article_revisions WHERE article_id = :id", id=own.id)
    )
    assert html == "<p>Light.</p>"
    assert len(db.read_now(list_public, site.id, limit=10)) == 2


def test_the_articles_of_two_records_with_one_address_are_one(db: Database, load: Load) -> None:
    load(
        [article(), article("z", url="http://old.example/a"), comment("a1"), comment("b", "a1", article="z")]
    )

    assert len({row.thread_id for row in rows_of(db)}) == 1
    assert stored(db) == [("a1", None, "published"), ("b", "a1", "published")]
    assert_counted_right(db)


def test_a_step_holds_few_long_texts_or_many_short_ones() -> None:
    def item(place: int, length: int) -> Item:
        return Item(place, ArrivingArticle(id=str(place), url="/x", html="x" * length))

    long = [item(n, TEXT_AT_ONCE // 2) for n in range(5)]
    short = [item(n, 10) for n in range(AT_ONCE + 1)]

    assert [len(step) for step in _steps(iter(long))] == [2, 2, 1]
    assert [len(step) for step in _steps(iter(short))] == [AT_ONCE, 1]
