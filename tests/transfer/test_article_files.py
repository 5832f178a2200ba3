"""Imported articles leave as files; from these another site, and the same one, serves the same pages."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from databases import Databases
from publication.conftest import png
from publication.press import open_press
from rejoinder.articles.find import get_article, get_body
from rejoinder.cli import app
from rejoinder.db import Database, Engine, open_database
from rejoinder.publication.body import draw_html
from rejoinder.publication.pictures import Beside
from rejoinder.publication.sync import sync_folder
from rejoinder.sites.models import Site
from rejoinder.transfer.article_files import Exported, export_articles
from rejoinder.transfer.blocks import blocks_of, in_lines
from transfer import history
from transfer.archives import Load, Record, article, comment, rows_of, write

NOW = datetime(2026, 11, 1, tzinfo=UTC)

WHOLE: Record = article(
    "whole",
    url="/articles/whole",
    title='Lights: "out" & on',
    byline={"authors": [{"name": "Mara Lindqvist"}, {"name": "Jo Berg", "url": "https://jo.example/"}]},
    origin={"name": "Coastwise", "url": "https://coastwise.example/lamp"},
    published="2019-05-12T09:30:00.250Z",
    updated="2019-06-01T00:00:00Z",
    section="Opinion",
    language="nb",
    lead="It was never meant to be a museum.",
    aliases=["/2019/05/lamp.html", "https://old.example/?p=7"],
    discussion="held",
    closes="2019-06-11T09:30:00.250Z",
    image={
        "src": "/articles/whole/lamp.png",
        "alt": "Dusk",
        "credit": "Photo: Ansel Berg",
        "width": 640,
        "height": 480,
    },
    html="<p>For <em>ninety</em> years.</p><h2>Then</h2><p>Off *it* went.</p>"
    '<p><img src="/articles/whole/uploads/2019/key.png" alt="Key" width="3" height="2" loading="lazy"></p>',
)

BODIES = {
    "prose": "<p>One <strong>two</strong> <a href='https://x.example/a?b=1&amp;c=2' title='T'>three</a>.</p>\n\n<p>Four<br>five</p>",
    "lists": "<ul><li>A<ol><li>B</li></ol></li></ul><ul><li>C</li></ul><ol start='3'><li>D</li></ol><ol><li>E</li></ol>",
    "code": "<pre><code>a\n\n\n  b &lt;c&gt;\n</code></pre><p><code>`x`</code></p>",
    "bare text": "Text <em>that</em> nobody wrapped\n\nand a line <p>with</p> one",
    "tables": "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td colspan='2'>1</td></tr></tbody></table>",
    "anchors": "<h2 id='note'>Note</h2><p><a href='#note'>up</a></p><p id='two'>Two</p>",
    "quotes": "<blockquote><p>Fog.</p><p>— Ansel (@ansel), 18 April 2026, <a href='https://s.example/1'>link</a></p></blockquote>",
    "nested": "<section><h3>In</h3><p>side</p></section><figure><figcaption>F</figcaption></figure><hr><p>x</p>",
    "markup": '<p># not a heading</p><p>1. not a list</p><p>[not]{ask="a"} a [^1] question</p><p>--- a_b_c *d* &amp;amp;</p>',
    "title again": "<h2>Article b</h2><p>Its first heading is its title.</p>",
    "elsewhere": "<p><img src='https://else.example/x.png' alt='A dog'> and <img src='gone.png' alt='gone'></p>",
    "unsafe": "<p onclick='x'>Safe<script>alert(1)</script></p><div><p>in a div</p></div>",
    "other scripts": "<p dir='rtl' lang='ar'>مرحبا</p><p>“漢字” …</p>",
    "nothing": "",
}


def export(db: Database, site: Site, folder: Path, **options: Any) -> Exported:
    return export_articles(db, site, folder, **{"pictures": None, "force": False, "now": NOW} | options)


def body_of(db: Database, site: Site, slug: str) -> str:
    return db.read_now(lambda tx: get_body(tx, get_article(tx, site.id, f"/articles/{slug}")).html)


def sync(db: Database, site: Site, folder: Path) -> list[str]:
    report = asyncio.run(sync_folder(db, site.id, folder, now=NOW))
    return [str(fault) for fault in report.errors]


@pytest.mark.parametrize("html", BODIES.values(), ids=BODIES)
def test_every_text_is_served_as_before_from_its_file(
    db: Database, site: Site, load: Load, tmp_path: Path, html: str
) -> None:
    load([article("b", url="/articles/b", html=html or " "), comment("a1", article="b")])
    before = body_of(db, site, "b")

    exported = export(db, site, tmp_path / "folder")
    faults = sync(db, site, tmp_path / "folder")

    assert (exported.written, exported.left, exported.unlike, faults) == (["b.md"], [], [], [])
    found = db.read_now(get_article, site.id, "/articles/b")
    assert (found.source, found.source_path) == ("folder", "b.md")
    assert body_of(db, site, "b") == before
    assert db.read_now(lambda tx: tx.value("SELECT article_id FROM threads")) == found.id
    assert len(rows_of(db)) == 1, "its discussion stays"


def test_what_markdown_can_say_is_markdown(db: Database, site: Site, load: Load, tmp_path: Path) -> None:
    load(
        [
            article(
                "b",
                url="/articles/b",
                html="<p>For <em>ninety</em> years.</p><h2 id='x'>Then</h2><ul>\n<li>A</li>\n</ul>",
            )
        ]
    )

    export(db, site, tmp_path)

    text = (tmp_path / "b.md").read_text(encoding="utf-8")
    assert text == (
        '---\ntitle: Article b\n---\nFor *ninety* years.\n\n<h2 id="article-x">Then</h2>\n\n- A\n'
    )


def test_what_came_as_markdown_leaves_as_it_was_written(
    db: Database, site: Site, load: Load, tmp_path: Path
) -> None:
    written = "# A headline\n\n* One\n* Two[^1]\n\n[^1]: Three."
    load([article("b", url="/articles/b", markdown=written)])

    exported = export(db, site, tmp_path)

    assert exported.unlike == []
    assert (tmp_path / "b.md").read_text(encoding="utf-8").endswith(f"---\n{written}\n")


@pytest.mark.parametrize("other", ["the same site", "an empty one"])
def test_a_whole_page_is_served_as_before(
    databases: Databases, bundle: Path, tmp_path: Path, *, other: str
) -> None:
    """Its head, byline, dates, pictures, text, and the addresses that led to it."""
    first, second = tmp_path / "first", tmp_path / "second"
    for name in ("lamp.png", "uploads/2019/key.png"):
        (first / name).parent.mkdir(parents=True, exist_ok=True)
    (first / "lamp.png").write_bytes(png(640, 480))
    (first / "uploads/2019/key.png").write_bytes(png(3, 2))
    archive = write(tmp_path / "a.jsonl", [WHOLE])

    async def pages(url: str, folder: Path, *, sync_first: bool) -> dict[str, str]:
        async with open_press(open_database(url), bundle, folder) as press:
            if sync_first:
                assert (await press.sync()).errors == []
            else:
                run("import", "jsonl", str(archive), url=url)
            answers = {path: await press.get(path) for path in PATHS}
        return {
            path: answer.headers.get("location")
            or (unnamed(answer.text) if path in PAGES else str(answer.status_code))
            for path, answer in answers.items()
        }

    def run(*words: str, url: str) -> Result:
        environment = {"REJOINDER_DATABASE_URL": url, "REJOINDER_PUBLICATION": str(first)}
        answer = CliRunner().invoke(app, [*words], env=environment)
        assert answer.exit_code == 0, answer.output
        return answer

    with databases.migrated("sqlite") as url, databases.migrated("sqlite") as fresh:
        before = asyncio.run(pages(url, first, sync_first=False))
        assert run("articles", "export", str(second), url=url).stdout.startswith("1 articles written")
        after = asyncio.run(pages(url if other == "the same site" else fresh, second, sync_first=True))

    words = (
        "<em>ninety</em>",
        "Mara Lindqvist",
        "Coastwise",
        'content="It was never',
        'lang="nb"',
        "Photo",
        "2019",
    )
    assert [word for word in words if word not in before["/articles/whole"]] == []
    pictures = ("/articles/whole/lamp.png", "/articles/whole/uploads/2019/key.png")
    assert {path: after[path] for path in pictures} == dict.fromkeys(pictures, "200")
    assert {path: after[path] for path in PAGES} == {path: before[path] for path in PAGES}
    assert after["/2019/05/lamp.html"] == before["/2019/05/lamp.html"] == "/articles/whole"


PAGES = ("/articles/whole", "/", "/sections/Opinion")
PATHS = (*PAGES, "/articles/whole/lamp.png", "/articles/whole/uploads/2019/key.png", "/2019/05/lamp.html")


def unnamed(page: str) -> str:
    """A page without the ids of its thread, which are another database's."""
    return re.sub(r"\b[0-9A-HJKMNP-TV-Z]{13}\b", "ID", page)


def test_a_file_that_is_there_stays_unless_told_otherwise(
    db: Database, site: Site, load: Load, tmp_path: Path
) -> None:
    load([article(name, url=f"/articles/{name}", html="<p>x</p>") for name in ("a", "b", "c")])
    (tmp_path / "deeper").mkdir()
    (tmp_path / "a.md").write_text("---\ntitle: Mine\n---\nMine.\n")
    (tmp_path / "deeper" / "b.md").write_text("---\ntitle: Mine\n---\nMine.\n")

    exported = export(db, site, tmp_path)

    assert exported.written == ["c.md"]
    assert exported.left == [
        "/articles/a: a.md is there already.",
        "/articles/b: deeper/b.md is there already.",
    ]
    assert "Mine." in (tmp_path / "a.md").read_text()
    again = export(db, site, tmp_path, force=True)
    assert again.written == ["a.md", "c.md"]
    assert "Mine." not in (tmp_path / "a.md").read_text()
    assert not list(tmp_path.glob(".*")), "nothing half written is left"


@pytest.mark.parametrize(
    "slug",
    ["-rf", "a b", "a%2Fb", "..", "x" * 130, "a:b", "cafe%CC%81", ".hidden", "a%00b", "%2E%2E%2Fup"],
)
def test_an_address_that_can_not_name_a_file_is_left_and_told(
    db: Database, site: Site, load: Load, tmp_path: Path, slug: str
) -> None:
    folder = tmp_path / "deep" / "folder"
    load([article("b", url=f"/articles/{slug}", html="<p>x</p>")])

    exported = export(db, site, folder)

    assert exported.written == []
    assert all("can't be the name of a file" in line for line in exported.left)
    assert [path for path in tmp_path.rglob("*") if path.suffix == ".md"] == []


def test_names_that_differ_in_capitals_only_do_not_overwrite_each_other(
    db: Database, site: Site, load: Load, tmp_path: Path
) -> None:
    load([article(name, url=f"/articles/{name}", html="<p>x</p>") for name in ("Lamp", "lamp")])

    exported = export(db, site, tmp_path, force=True)

    assert (len(exported.written), len(exported.left)) == (1, 1)


def test_what_a_file_can_not_say_is_named(db: Database, site: Site, load: Load, tmp_path: Path) -> None:
    load(
        [
            article(
                "b",
                url="/articles/b",
                html="<p>x</p>",
                section="a/b",
                published="2019-01-01T00:00:00Z",
                closes="2019-01-02T12:00:00Z",
            ),
            article("there", url="https://old.example/there", html="<p>x</p>"),
        ]
    )

    exported = export(db, site, tmp_path)

    assert exported.written == ["b.md"]
    assert exported.unlike == ["b.md: can't say the same in section, close_after_days."]
    assert sync(db, site, tmp_path) == []


def test_a_private_article_stays_private(db: Database, site: Site, load: Load, tmp_path: Path) -> None:
    load([article("b", url="/articles/b", html="<p>x</p>", state="private")])

    assert export(db, site, tmp_path).unlike == []

    assert yaml.safe_load((tmp_path / "b.md").read_text().split("---")[1])["draft"] in (True, "true")
    sync(db, site, tmp_path)
    assert db.read_now(get_article, site.id, "/articles/b").state == "private"


def test_articles_of_a_real_site_are_served_as_before(
    db: Database, site: Site, load: Load, *, tmp_path: Path, shared: Path, engine: Engine
) -> None:
    records = [r for r in history.raw(shared) if r["type"] == "thread"][: 150 if engine == "sqlite" else 20]
    load([*history.as_archive(records, [])])
    before = {r["id"]: body_of(db, site, r["id"]) for r in records}

    exported = export(db, site, tmp_path)
    faults = sync(db, site, tmp_path)

    assert (len(exported.written), exported.left, exported.unlike, faults) == (len(records), [], [], [])
    assert {slug: body_of(db, site, slug) for slug in before} == before


@given(
    st.lists(st.sampled_from(["<p>a</p>", "<ul><li>b</li></ul>", "<hr>", "text", "<em>c</em>", "\n", " "]))
)
def test_blocks_are_all_there_is_or_none(pieces: list[str]) -> None:
    html = "".join(pieces)
    drawn = draw_html(html, Beside("b", Path("none"), Path("none")), "en")
    blocks = blocks_of(drawn)

    assert "".join(blocks) in ("", re.sub(r"\s+", "", drawn))
    assert in_lines(in_lines(drawn)) == in_lines(drawn)
