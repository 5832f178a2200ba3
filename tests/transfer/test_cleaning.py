"""What comes from elsewhere is made fit to be shown; what of it is personal is left where it was."""

import pytest

from rejoinder.comments.queries.reading import drawn
from rejoinder.db import Database
from rejoinder.sites.models import Site
from transfer.archives import Load, article, comment, rows_of


@pytest.mark.parametrize(
    ("fields", "html"),
    [
        ({"text": "<b>x</b><script>alert(1)</script>", "format": "html"}, "<b>x</b>"),
        ({"text": '<img src=x onerror="alert(1)"><p style="color:red">y', "format": "html"}, "<p>y</p>"),
        ({"text": "*x* <script>", "format": "markdown"}, "<p><em>x</em> &lt;script&gt;</p>"),
        ({"text": "*x* <b>\r\ny", "format": "plain"}, "<p>*x* &lt;b&gt;<br>\ny</p>"),
        ({"text": "a\x07b\ud83d\x00c", "format": "plain"}, "<p>abc</p>"),
    ],
)
def test_a_text_from_elsewhere_is_safe_to_show(
    db: Database, site: Site, load: Load, fields: dict[str, str], html: str
) -> None:
    load([article(), comment("a1", **fields)])

    [row] = rows_of(db)
    assert db.read_now(drawn, site.id, [row.id])[0].html == html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Alice\u202e evil", "Alice evil"),
        ("Bob\t\nBuilder", "Bob Builder"),
        ("Guest", ""),
        ("", ""),
        ("\u200b", ""),
        ("x" * 500, "x" * 80),
        ("José", "José"),
        ("admin", "admin"),
        ("Nell · staff", "Nell · staff"),
    ],
)
def test_a_name_is_shown_as_far_as_it_can_be(
    db: Database, site: Site, load: Load, written: str, shown: str
) -> None:
    report = load([article(), comment("a1", author={"name": written})])

    [row] = rows_of(db)
    assert db.read_now(drawn, site.id, [row.id])[0].author_name == shown
    assert bool(report["repairs"]) == (written not in (shown, ""))


@pytest.mark.parametrize("website", ["javascript:alert(1)", "https://u:p@x.example/", "nonsense"])
def test_a_website_that_is_none_is_left_out(db: Database, site: Site, load: Load, website: str) -> None:
    load([article(), comment("a1", author={"name": "Nell", "website": website})])

    [row] = rows_of(db)
    assert db.read_now(drawn, site.id, [row.id])[0].author_website is None


@pytest.mark.parametrize("keep", [False, True])
def test_addresses_of_people_are_kept_only_where_the_operator_says_so(
    db: Database, load: Load, keep: bool
) -> None:
    load(
        [article(), comment("a1", author={"name": "Nell", "email": "Nell@Post.example"}, ip="192.0.2.7")],
        keep_addresses=keep,
    )

    email = db.read_now(lambda tx: tx.value("SELECT email FROM authors"))
    extras = db.read_now(lambda tx: tx.value("SELECT extras FROM source_ids WHERE kind = 'comment'"))
    assert email == ("Nell@post.example" if keep else None)
    assert extras == ('{"ip":"192.0.2.7"}' if keep else None)


def test_people_of_one_name_stay_two_people(db: Database, load: Load) -> None:
    load(
        [
            article(),
            comment("1", author={"name": "Nell", "id": "7"}),
            comment("2", author={"name": "Nell", "id": "8"}),
            comment("3", author={"name": "Nell", "id": "7"}),
            comment("4", author={"name": "Nell Smith", "id": "7"}),
        ]
    )

    assert db.read_now(lambda tx: tx.value("SELECT count(*) FROM authors")) == 3


def test_what_we_have_no_home_for_is_kept_beside(db: Database, load: Load) -> None:
    load([article(tags=["x"]), comment("a1", licence="CC BY-SA", badge={"colour": 3})])

    kept = db.read_now(lambda tx: tx.value("SELECT extras FROM source_ids WHERE kind = 'comment'"))
    assert kept == '{"badge":{"colour":3},"licence":"CC BY-SA"}'
