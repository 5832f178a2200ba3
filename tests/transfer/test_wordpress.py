"""A WordPress export, trap by trap: what becomes of its comments and posts here."""

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.db import Database
from rejoinder.sites.models import Site
from rejoinder.transfer.errors import Damaged, NotOurs
from rejoinder.transfer.formats import Format
from rejoinder.transfer.load import Options, import_files
from rejoinder.transfer.models import Reading
from rejoinder.transfer.wordpress.read import open_wordpress, read_wordpress
from transfer.archives import assert_counted_right, shapes
from transfer.exports import HEAD, TAIL, Import, cdata, columns, comment, post, write


@pytest.fixture
def load(db: Database, site: Site, tmp_path: Path) -> Import:
    """Import the items of one export, or files."""
    count = iter(range(100))

    def load(*items: str | Path, **options: Any) -> dict[str, Any]:
        files = [item for item in items if isinstance(item, Path)]
        if not files:
            files = [write(tmp_path / f"{next(count)}.xml", *(str(item) for item in items))]
        report = import_files(db, site, files, format_=Format.WORDPRESS, options=Options(**options))
        kept = report["comments"] + report["tombstones"] + report["pings"]
        assert report["records"] == kept + sum(report["skipped"].values())
        assert kept == report["new"] + report["updated"] + report["unchanged"]
        assert_counted_right(db)
        return report

    return load


def texts(db: Database) -> list[str]:
    return [row[0] for row in columns(db, "SELECT html FROM comment_revisions ORDER BY comment_id, n")]


def articles(db: Database, what: str) -> list[Any]:
    return [row[0] for row in columns(db, f"SELECT {what} FROM articles ORDER BY published_at, url")]


# Comments


def test_replies_stand_before_or_behind_what_they_answer(db: Database, load: Import) -> None:
    report = load(post(1, comment(12, 11), comment(11), comment(13, 12), comment(14, 999), comment(15, 15)))

    assert list(shapes(db)) == [
        ("1/11", None, "published"),
        ("1/12", "1/11", "published"),
        ("1/13", "1/12", "published"),
        ("1/14", None, "published"),
        ("1/15", None, "published"),
    ]
    assert len(report["repairs"]) == 2


def test_a_parent_in_another_discussion_is_none(db: Database, load: Import) -> None:
    load(post(1, comment(1)), post(2, comment(2, 1)))

    assert list(shapes(db)) == [("1/1", None, "published"), ("2/2", None, "published")]


@pytest.mark.parametrize(
    ("approved", "status"),
    [
        ("1", "published"),
        ("approve", "published"),
        ("0", "held"),
        ("hold", "held"),
        ("", "held"),
        ("x", "held"),
    ],
)
def test_what_was_approved_is_public_and_nothing_else(
    db: Database, load: Import, approved: str, status: str
) -> None:
    load(post(1, comment(1, approved=approved)))

    assert [shape[2] for shape in shapes(db)] == [status]


@pytest.mark.parametrize(
    ("approved", "status"), [("spam", "spam"), ("trash", "removed"), ("post-trashed", "removed")]
)
def test_what_was_thrown_away_is_left_out_unless_it_holds_a_place(
    db: Database, load: Import, approved: str, status: str
) -> None:
    thrown = [comment(1, approved=approved), comment(2, 1, approved=approved), comment(3, approved=approved)]

    report = load(post(1, *thrown, comment(4, 2), comment(5, 4, approved=approved)))

    assert list(shapes(db)) == [("1/1", None, status), ("1/2", "1/1", status), ("1/4", "1/2", "published")]
    assert (report["tombstones"], report["skipped"], report["records"]) == (2, {status: 2}, 5)
    assert texts(db) == ["", "", "<p>Comment 4.</p>"]
    assert columns(db, "SELECT count(*) FROM authors WHERE name = 'Nell'") == [(1,)]


def test_what_waits_keeps_its_place_below_what_was_thrown_away(db: Database, load: Import) -> None:
    load(post(1, comment(1, approved="trash"), comment(2, 1, approved="0")))

    assert list(shapes(db)) == [("1/1", None, "removed"), ("1/2", "1/1", "held")]


@pytest.mark.parametrize(
    "kind", ["note", "private", "order_note", "action_log", "webmention", "Something-Else"]
)
def test_kinds_that_are_not_for_everybody_are_skipped_by_name(db: Database, load: Import, kind: str) -> None:
    report = load(post(1, comment(1, type=kind), comment(2)))

    assert report["skipped"] == {kind.lower(): 1}
    assert [shape[0] for shape in shapes(db)] == ["1/2"]


def test_the_names_of_kinds_are_few_and_short(load: Import) -> None:
    report = load(post(1, *(comment(n, type=f"kind-{n}") for n in range(60)), comment(99, type="<b>" * 30)))

    assert len(report["skipped"]) == 51
    assert report["skipped"]["unknown-kind"] == 11


def test_pings_are_mentions_if_they_were_approved(db: Database, load: Import) -> None:
    there = "https://there.example/post"
    report = load(
        post(
            1,
            comment(1, type="pingback", author="There &#187; Post", author_url=there),
            comment(2, type="trackback", approved="0", author_url=there),
            comment(3, type="pingback", approved="spam", author_url=there),
        )
    )

    assert (report["pings"], report["comments"], report["skipped"]) == (2, 0, {"spam": 1})
    assert columns(db, "SELECT kind, status, origin_url FROM comments ORDER BY status") == [
        ("ping", "held", there),
        ("ping", "published", there),
    ]


def test_names_are_unescaped_once(db: Database, load: Import) -> None:
    load(post(1, comment(1, author="Tom &amp; Jerry"), comment(2, author="&amp;lt;b&amp;gt;")))

    assert columns(db, "SELECT name FROM authors ORDER BY name") == [("&lt;b&gt;",), ("Tom & Jerry",)]


def test_an_address_that_says_nothing_is_none(db: Database, load: Import) -> None:
    report = load(post(1, comment(1, author_url="http://"), comment(2, author_url="/about")))

    assert columns(db, "SELECT DISTINCT website FROM authors") == [(None,)]
    assert len(report["repairs"]) == 1


def test_mail_and_network_addresses_do_not_come_along(db: Database, load: Import) -> None:
    load(post(1, comment(1)))

    everything = json.dumps(
        columns(db, "SELECT extras FROM source_ids") + columns(db, "SELECT email FROM authors")
    )
    assert "nell@there.example" not in everything and "192.0.2.7" not in everything


def test_mail_addresses_come_along_if_they_are_to(db: Database, load: Import) -> None:
    load(post(1, comment(1)), keep_addresses=True)

    assert columns(db, "SELECT email FROM authors") == [("nell@there.example",)]


def test_who_wrote_the_post_is_marked_in_its_discussion(db: Database, load: Import) -> None:
    load(
        post(1, comment(1, user_id="7"), comment(2, user_id="8")),
        post(2, comment(3, user_id="7"), creator="bob"),
    )

    assert columns(db, "SELECT label FROM comments ORDER BY placed_at") == [("author",), (None,), (None,)]


TIMES = [
    ("2020-05-01 10:00:00", "2020-05-01 12:00:00", None, "2020-05-01T10:00:00"),
    ("0000-00-00 00:00:00", "2020-05-01 12:00:00", "Europe/Oslo", "2020-05-01T10:00:00"),
    ("0000-00-00 00:00:00", "2020-01-01 12:00:00", "Europe/Oslo", "2020-01-01T11:00:00"),
    ("0000-00-00 00:00:00", "2020-05-01 12:00:00", None, "2020-05-01T12:00:00"),
    ("2020-02-31 10:00:00", "2020-05-01 12:00:00", "Europe/Oslo", "2020-05-01T10:00:00"),
    (None, "2020-05-01 12:00:00", "UTC", "2020-05-01T12:00:00"),
    ("2020-02-31 10:00:00", None, None, None),
    ("0000-00-00 00:00:00", "0000-00-00 00:00:00", None, None),
    ("0001-01-01 00:00:00", "", None, None),
    ("", "0001-01-01 00:00:00", "Asia/Tokyo", None),
]


@pytest.mark.parametrize(("utc", "local", "zone", "stored"), TIMES)
def test_a_time_is_that_in_utc_or_that_in_the_blogs_zone(
    db: Database, load: Import, utc: str | None, local: str | None, *, zone: str | None, stored: str | None
) -> None:
    report = load(post(1, comment(1, date_gmt=utc, date=local)), time_zone=ZoneInfo(zone) if zone else None)

    [(posted,)] = columns(db, "SELECT posted_at FROM comments")
    assert posted == (None if stored is None else milliseconds(stored))
    is_guess = zone is None and utc is not None and utc.startswith("0000") and stored is not None
    assert any("--timezone" in repair for repair in report["repairs"]) == is_guess


def milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_blank_lines_part_paragraphs_and_bare_addresses_are_links(db: Database, load: Import) -> None:
    load(
        post(1, comment(1, content="One\nline &amp; <b>two</b>\r\n\r\nSee https://x.example/a?b=1&amp;c=2."))
    )

    [html] = texts(db)
    assert html == (
        "<p>One<br>\nline &amp; <b>two</b></p>\n<p>See "
        '<a href="https://x.example/a?b=1&amp;c=2" rel="nofollow ugc noopener">https://x.example/a?b=1&amp;c=2</a>.</p>'
    )


def test_a_comment_of_blocks_loses_their_marks(db: Database, load: Import) -> None:
    load(post(1, comment(1, content="<!-- wp:paragraph -->\n<p>Words.</p>\n<!-- /wp:paragraph -->")))

    assert texts(db) == ["<p>Words.</p>"]


def test_split_cdata_and_backslashes_survive(db: Database, load: Import) -> None:
    load(post(1, comment(1, content=r"a ]]> b \n \\ c")))

    assert texts(db) == [r"<p>a ]]&gt; b \n \\ c</p>"]


def test_dangerous_texts_are_made_safe(db: Database, load: Import) -> None:
    load(
        post(
            1,
            comment(1, content='<script>x()</script><p onclick="x()">Hi <a href="javascript:x()">y</a></p>'),
        )
    )

    assert "x()" not in texts(db)[0]


# What wpDiscuz knows


def test_votes_are_taken_apart_where_they_are_told_apart(db: Database, load: Import) -> None:
    load(
        post(
            1,
            comment(
                1,
                meta={
                    "wpdiscuz_votes": "9",
                    "wpdiscuz_votes_seperate": 'a:2:{s:4:"like";i:7;s:7:"dislike";i:2;}',
                },
            ),
            comment(2, meta={"wpdiscuz_votes": "-3"}),
            comment(3, meta={"wpdiscuz_votes": "4", "wpdiscuz_votes_seperate": "broken"}),
            comment(4, meta={"wpdiscuz_votes_seperate": 'a:2:{s:4:"like";s:1:"5";s:7:"dislike";i:-2;}'}),
        )
    )

    sums = "SELECT imported_up, imported_down, imported_score FROM comments ORDER BY placed_at"
    assert columns(db, sums) == [(7, 2, None), (0, 0, -3), (0, 0, 4), (5, 0, None)]


def test_sticky_and_closed_and_edited_are_what_they_were(db: Database, load: Import) -> None:
    load(
        post(
            1,
            comment(1, type="wpdiscuz_sticky", meta={"wpdiscuz_closed": "1"}),
            comment(
                2,
                meta={
                    "wpdiscuz_last_edited_at": "2020-06-01 08:00:00",
                    "wpdiscuz_last_edited_by": "a@b.example",
                },
            ),
        )
    )

    rows = columns(
        db, "SELECT pinned_until IS NOT NULL, closed_at IS NOT NULL FROM comments ORDER BY placed_at"
    )
    assert [tuple(map(bool, row)) for row in rows] == [(True, True), (False, False)]
    assert columns(db, "SELECT max(at) FROM comment_revisions") == [(milliseconds("2020-06-01T08:00:00"),)]


def test_what_has_no_home_yet_is_kept_beside_a_comment(db: Database, load: Import) -> None:
    meta = {
        "rating": "5",
        "wpdiscuz_feedback_form_id": "3",
        "wmu_attachments": 'a:1:{s:6:"images";a:1:{i:0;i:345;}}',
        "akismet_history": "x",
        "_wp_trash_meta_status": "1",
        "hc_avatar": "x",
        "wpdiscuz_last_edited_by": "a@b.example",
        "email": "a@b.example",
    }
    load(post(1, comment(1, type="review", meta=meta)))

    [(extras,)] = columns(db, "SELECT extras FROM source_ids WHERE kind = 'comment'")
    assert json.loads(extras) == {
        "rating": "5",
        "wpdiscuz_feedback_form_id": "3",
        "wmu_attachments": {"images": [345]},
    }


# Posts


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "public"),
        ({"status": None}, "public"),
        ({"post_password": "secret"}, "private"),
        *(
            ({"status": status}, "private")
            for status in ("draft", "pending", "private", "future", "trash", "inherit")
        ),
    ],
)
def test_only_what_everybody_could_read_is_public(
    db: Database, load: Import, fields: dict[str, Any], state: str
) -> None:
    load(post(1, comment(1), **fields))

    assert articles(db, "state") == [state]


@pytest.mark.parametrize(
    ("status", "parent", "state"),
    [
        ("publish", "1", "public"),
        ("draft", "1", "private"),
        ("publish", "10", "private"),
        ("draft", "0", "public"),
    ],
)
def test_a_file_is_as_public_as_its_post(
    db: Database, load: Import, status: str, parent: str, state: str
) -> None:
    file = post(
        2,
        comment(2),
        post_type="attachment",
        status="inherit",
        post_parent=parent,
        post_date_gmt="2021-01-01 00:00:00",
    )

    load(post(1, status=status), file)

    assert articles(db, "state")[1] == state


def test_what_nobody_discussed_comes_along_if_it_is_a_post_or_a_page(db: Database, load: Import) -> None:
    kinds = ["post", "page", "attachment", "nav_menu_item", "recipe", "product"]

    report = load(
        *(
            post(n, *([comment(n)] if kind == "product" else []), post_type=kind)
            for n, kind in enumerate(kinds)
        )
    )

    assert articles(db, "slug") == ["post-0", "post-1", "post-5"]
    assert any("1 attachment, 1 nav_menu_item, 1 recipe" in repair for repair in report["repairs"])


def test_an_article_is_what_the_post_was(db: Database, load: Import) -> None:
    terms = (
        '<category domain="post_tag" nicename="a">' + cdata("A tag") + "</category>"
        '<category domain="category" nicename="b">' + cdata("Bread &amp; Butter") + "</category>"
        '<category domain="category" nicename="c">' + cdata("Cheese") + "</category>"
    )
    load(
        post(
            1,
            title="Tom &amp; <em>Jerry</em>",
            lead="<p>The lead.</p>",
            text="One\nline.\n\nTwo.",
            post_name="tom-%e7%8c%ab",
            comment_status="closed",
            post_modified_gmt="2021-01-01 00:00:00",
            terms=terms,
        )
    )

    what = "url, title, lead, section, language, byline, discussion, published_at, updated_at"
    [row] = columns(db, f"SELECT {what} FROM articles")
    assert row[:5] == ("/articles/tom-%E7%8C%AB", "Tom & Jerry", "The lead.", "Bread & Butter", "en-US")
    assert json.loads(row[5])["authors"][0]["name"] == "Ann & Co"
    assert row[6:] == ("closed", milliseconds("2020-04-30T10:00:00"), milliseconds("2021-01-01T00:00:00"))
    assert columns(db, "SELECT html FROM article_revisions") == [("<p>One<br>\nline.</p>\n<p>Two.</p>",)]
    [(extras,)] = columns(db, "SELECT extras FROM source_ids WHERE kind = 'article'")
    assert json.loads(extras) == {"categories": ["Bread & Butter", "Cheese"], "tags": ["A tag"]}


def test_old_addresses_lead_to_the_article_with_and_without_the_host(db: Database, load: Import) -> None:
    load(post(1))

    assert columns(db, "SELECT url FROM article_aliases ORDER BY url") == [
        ("/2020/05/post-1/",),
        ("/?p=1",),
        ("https://old.example/2020/05/post-1/",),
        ("https://old.example/?p=1",),
    ]


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [("post", ["p"]), ("page", ["p", "page_id"]), ("attachment", ["p"])],
)
def test_its_number_leads_to_what_has_another_guid(
    db: Database, load: Import, kind: str, numbers: list[str]
) -> None:
    file = "https://old.example/wp-content/uploads/pier.png"
    link = "https://old.example/pier/"

    load(post(1, comment(1), post_type=kind, link=link, guid=file if kind == "attachment" else link))

    expected = ["/pier/", *(f"/?{name}=1" for name in numbers)]
    aliases = {row[0] for row in columns(db, "SELECT url FROM article_aliases")}
    assert aliases == {*expected, *(f"https://old.example{path}" for path in expected)}


def test_no_file_takes_the_front_page(db: Database, load: Import) -> None:
    load(post(1, comment(1), post_type="attachment", link="https://old.example/?attachment_id=1", guid=None))

    assert {row[0] for row in columns(db, "SELECT url FROM article_aliases")} == {
        "/?p=1",
        "https://old.example/?p=1",
    }


def test_a_post_and_a_page_of_one_name_stay_two(db: Database, load: Import) -> None:
    about, page = (
        post(1, comment(1), post_name="about"),
        post(2, comment(2), post_name="about", post_type="page"),
    )

    load(about, page)

    assert articles(db, "url") == ["/articles/about", "/articles/about-2"]
    assert load(page, about)["new"] == 0
    assert articles(db, "url") == ["/articles/about", "/articles/about-2"]


def test_a_post_and_a_page_of_one_name_stay_two_if_they_come_apart(db: Database, load: Import) -> None:
    load(post(1, comment(1), post_name="about", text="The post."))
    load(post(2, comment(2), post_name="about", text="The page.", post_type="page"))

    assert articles(db, "url") == ["/articles/about", "/articles/about-2"]
    assert columns(db, "SELECT count(*) FROM article_revisions") == [(2,)]


def test_a_draft_without_a_name_gets_one(db: Database, load: Import) -> None:
    load(
        post(
            1,
            post_name="",
            link="https://old.example/?p=1",
            status="draft",
            post_date_gmt="0000-00-00 00:00:00",
        )
    )
    load(post(2, post_name="..", link=None))

    assert sorted(articles(db, "slug")) == ["post-1", "post-2"]


def test_the_same_comment_id_in_two_posts_is_two_comments(db: Database, load: Import) -> None:
    load(post(1, comment(5)), post(2, comment(5)))

    assert [shape[0] for shape in shapes(db)] == ["1/5", "2/5"]


def test_items_without_numbers_are_known_by_their_addresses(db: Database, load: Import) -> None:
    item = post(1, comment(1), post_id=None, post_name=None, guid="https://old.example/one")

    load(item)

    assert [shape[0] for shape in shapes(db)] == ["https://old.example/one/1"]
    assert load(item)["new"] == 0


def test_ids_that_end_in_a_zero_are_whole_ids(db: Database, load: Import, tmp_path: Path) -> None:
    head = HEAD.replace("<wp:author_id>7<", "<wp:author_id>70<")
    load(
        write(
            tmp_path / "a.xml", post(10, comment(10, user_id="70"), comment(20, 10, user_id="7")), head=head
        )
    )

    assert list(shapes(db)) == [("10/10", None, "published"), ("10/20", "10/10", "published")]
    assert columns(db, "SELECT label FROM comments ORDER BY placed_at") == [("author",), (None,)]


def test_what_other_programs_write_for_disqus_is_read(db: Database, load: Import, tmp_path: Path) -> None:
    head = HEAD.replace("<rss ", '<rss xmlns:dsq="http://www.disqus.com/" ')
    thread = "<dsq:thread_identifier>page-7</dsq:thread_identifier>"
    item = post(1, comment(9007199254740993, date=None), post_id=None, post_name=None, terms=thread)

    load(write(tmp_path / "a.xml", item, head=head))

    assert [shape[0] for shape in shapes(db)] == ["page-7/9007199254740993"]


def test_a_feed_is_no_export(db: Database, load: Import) -> None:
    report = load("<item><title>News</title><link>https://old.example/news</link></item>")

    assert report["articles"] == 0
    assert "1 feed-entry" in report["repairs"][0]


def test_a_comment_longer_than_any_is_left_out(db: Database, load: Import) -> None:
    assert load(post(1, comment(1, content="x" * 100_001)))["skipped"] == {"too-long": 1}


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.9"])
def test_every_version_is_read(load: Import, tmp_path: Path, version: str) -> None:
    head = HEAD.replace("export/1.2", f"export/{version}").replace("<wp:wxr_version>1.2</wp:wxr_version>", "")

    assert load(write(tmp_path / "a.xml", post(1, comment(1)), head=head))["comments"] == 1


# Files


def test_the_parts_of_an_export_are_one_import(db: Database, load: Import, tmp_path: Path) -> None:
    one = write(tmp_path / "a.000.xml", post(1, comment(1), comment(2, 1)))
    two = write(tmp_path / "a.001.xml", post(1, comment(2, 1), comment(3, 2)), post(2, comment(4)))

    report = load(one, two)

    assert (report["new"], report["skipped"]) == (4, {"duplicate": 1})
    assert [shape[1] for shape in shapes(db)] == [None, "1/1", "1/2", None]


def test_an_export_imported_twice_adds_nothing(db: Database, load: Import) -> None:
    items = post(1, comment(1), comment(2, 1)), post(2, comment(3))
    load(*items)
    before = (
        columns(db, "SELECT * FROM comments ORDER BY id"),
        columns(db, "SELECT * FROM articles ORDER BY id"),
    )

    report = load(*items)

    assert (report["new"], report["updated"], report["unchanged"]) == (0, 0, 3)
    after = (
        columns(db, "SELECT * FROM comments ORDER BY id"),
        columns(db, "SELECT * FROM articles ORDER BY id"),
    )
    assert after == before


def test_a_later_export_adds_what_is_new_and_follows_what_changed(db: Database, load: Import) -> None:
    load(post(1, comment(1), comment(2, 1), comment(3, approved="0"), text="Old."))

    report = load(
        post(
            1,
            comment(1, content="Other words."),
            comment(2, 1, approved="trash"),
            comment(3),
            comment(4, 2),
            text="New.",
        )
    )

    assert (report["new"], report["updated"], report["unchanged"]) == (1, 3, 0)
    assert list(shapes(db)) == [
        ("1/1", None, "published"),
        ("1/2", "1/1", "removed"),
        ("1/3", None, "published"),
        ("1/4", "1/2", "published"),
    ]
    assert "<p>Other words.</p>" in texts(db)
    assert columns(db, "SELECT html FROM article_revisions ORDER BY n") == [
        ("<p>Old.</p>",),
        ("<p>New.</p>",),
    ]


def test_a_blog_that_moved_to_https_is_the_same_blog(load: Import, tmp_path: Path) -> None:
    load(write(tmp_path / "a.xml", post(1, comment(1)), head=HEAD.replace("https://old", "http://old")))

    assert load(post(1, comment(1), comment(2)))["new"] == 1


def test_files_of_two_blogs_are_refused(load: Import, tmp_path: Path) -> None:
    one = write(tmp_path / "a.xml", post(1))
    two = write(tmp_path / "b.xml", post(1), head=HEAD.replace("old.example", "other.example"))

    with pytest.raises(NotOurs, match="another blog"):
        load(one, two)


# Broken files


def test_a_broken_file_is_mended_and_every_repair_is_told_with_its_line(
    db: Database, load: Import, tmp_path: Path
) -> None:
    head = HEAD.replace("<channel>", '<channel>\n<atom:link href="x"/>')
    file = write(tmp_path / "a.xml", post(1, comment(1, content="one\x08two"), comment(2)), head="`" + head)

    report = load(file)

    assert texts(db) == ["<p>onetwo</p>", "<p>Comment 2.</p>"]
    assert [repair.partition(":")[0] for repair in report["repairs"]] == [
        "line 1",
        "line 1",
        "line 6",
        "line 34",
    ]
    assert "no well-formed XML" in report["repairs"][0]


def test_what_a_file_that_ends_early_has_is_imported_but_for_the_last_comment(
    db: Database, load: Import, tmp_path: Path
) -> None:
    whole = HEAD + post(1, comment(1), comment(2, content="It is not over"))
    file = tmp_path / "a.xml"
    file.write_text(whole[: whole.index("is not over")], encoding="utf-8")

    report = load(file)

    assert texts(db) == ["<p>Comment 1.</p>"]
    assert (report["records"], report["skipped"]) == (2, {"unreadable": 1})
    assert articles(db, "state") == ["public"]


def test_a_post_that_is_cut_off_is_left_out(db: Database, load: Import, tmp_path: Path) -> None:
    whole = HEAD + post(1, comment(1)) + post(2, status="private")
    file = tmp_path / "a.xml"
    file.write_text(whole[: whole.index("<wp:status><![CDATA[private")], encoding="utf-8")

    load(file)

    assert articles(db, "slug") == ["post-1"]


NONE = [
    ("", "There is no <rss> in it"),
    ("{}", "There is no <rss> in it"),
    ("<html><body>Error 500</body></html>", "There is no <rss> in it"),
    ("\x89PNG\r\n", "There is no <rss> in it"),
]


@pytest.mark.parametrize(("text", "why"), NONE)
def test_what_is_no_export_is_refused(load: Import, tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "a.xml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(NotOurs, match=why):
        load(file)


def test_a_file_that_is_refused_leaves_nothing_of_the_files_before_it(
    db: Database, load: Import, tmp_path: Path
) -> None:
    deep = write(tmp_path / "b.xml", post(1, text="x"), tail="<a>" * 200 + "</a>" * 200 + TAIL)

    with pytest.raises(Damaged, match="nested deeper"):
        load(write(tmp_path / "a.xml", post(1, comment(1))), deep)

    for table in ("articles", "comments", "arrivals", "imports"):
        assert columns(db, f"SELECT count(*) FROM {table}") == [(0,)]


ODD = st.text(max_size=12) | st.sampled_from(
    [
        "http://[",
        "//[x",
        "0",
        "-1",
        "9" * 30,
        "a:9:{",
        "[a b='",
        "<img src='http://['>",
        "2020-13-99 99:99:99",
        "..",
        "%ff%00",
    ]
)
FIELDS = "title link guid text lead creator post_id post_date post_date_gmt post_name status post_type comment_status".split()
OF_COMMENTS = "id author author_url date date_gmt content approved type parent user_id".split()


@given(
    st.dictionaries(st.sampled_from(FIELDS), ODD | st.none()),
    st.dictionaries(st.sampled_from(OF_COMMENTS), ODD | st.none()),
    st.dictionaries(
        st.sampled_from(["wpdiscuz_votes", "wpdiscuz_votes_seperate", "wpdiscuz_closed", "x"]), ODD
    ),
    st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=3)), max_size=4),
)
def test_whatever_an_export_says_it_is_read_or_refused(
    fields: dict[str, Any], of_comment: dict[str, Any], meta: dict[str, str], damage: list[tuple[int, bytes]]
) -> None:
    data = bytearray(
        (HEAD + post(1, comment(1, meta=meta, **of_comment), **fields) + TAIL).encode("utf-8", "replace")
    )
    for at, piece in damage:
        data[at : at + 2] = piece
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.xml"
        file.write_bytes(data)
        reading = Reading(files=[file], time_zone=ZoneInfo("Europe/Oslo"))
        try:
            open_wordpress(reading)
            items = list(read_wordpress(reading, lambda read: None))
        except (NotOurs, Damaged):
            return
    assert [item.place for item in items] == sorted({item.place for item in items})
