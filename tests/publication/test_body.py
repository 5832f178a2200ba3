"""From Markdown to what is served: nothing hostile, nothing fetched from others, posts drawn by us."""

from pathlib import Path

import pytest

from publication.conftest import png
from rejoinder.publication.body import draw_body
from rejoinder.publication.faults import Faults
from rejoinder.publication.pictures import Beside
from text.markup import ARTICLE, faults

SIGNED = "— Ansel Berg (@anselberg)"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a b.png").write_bytes(png(640, 480))
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "deep.png").write_bytes(png(3, 2))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "plain.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>')
    (tmp_path / ".hidden.png").write_bytes(png(1, 1))
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "out.png").symlink_to("/etc/hostname")
    return tmp_path


def draw(root: Path, text: str, language: str = "en") -> tuple[str, list[str]]:
    found = Faults("a.md")
    html = draw_body(text, Beside("lamp", root, root), language, found, 5)
    return html, [str(fault) for fault in found.found]


@pytest.mark.parametrize(
    ("signature", "footer"),
    [
        (f"{SIGNED}", "— Ansel Berg (@anselberg) "),
        (
            f"{SIGNED}, 18 April 2026",
            '— Ansel Berg (@anselberg) <time datetime="2026-04-18">18 April 2026</time>',
        ),
        (
            f"{SIGNED}, 18 April 2026, https://s.example/1?a=1&b=2",
            (
                '— Ansel Berg (@anselberg) <a href="https://s.example/1?a=1&amp;b=2" rel="noopener">'
                '<time datetime="2026-04-18">18 April 2026</time></a>'
            ),
        ),
        (
            f"{SIGNED} [April 18, 2026](https://s.example/1)",
            (
                '— Ansel Berg (@anselberg) <a href="https://s.example/1" rel="noopener">'
                '<time datetime="2026-04-18">April 18, 2026</time></a>'
            ),
        ),
        (
            f"{SIGNED}, 18. April 2026, <https://s.example/1>",
            (
                '— Ansel Berg (@anselberg) <a href="https://s.example/1" rel="noopener">'
                '<time datetime="2026-04-18">18. April 2026</time></a>'
            ),
        ),
        (
            f"{SIGNED}, last spring, https://s.example/1",
            '— Ansel Berg (@anselberg) <a href="https://s.example/1" rel="noopener">last spring</a>',
        ),
        (
            f"{SIGNED}, https://s.example/1",
            '— Ansel Berg (@anselberg) <a href="https://s.example/1" rel="noopener">s.example</a>',
        ),
        (f'{SIGNED}, <a href="javascript:alert(1)">yesterday</a>', "— Ansel Berg (@anselberg) yesterday"),
        ("— R & D (@rd@social.example), 2026-04-18", None),
    ],
)
@pytest.mark.parametrize("gap", ["\n>\n> ", "\n> ", "\\\n> "])
def test_a_quoted_post_is_drawn_by_us(root: Path, gap: str, signature: str, footer: str | None) -> None:
    html, wrong = draw(root, f"> Came in through fog.{gap}{signature}\n")

    expected = footer or '— R &amp; D (@rd@social.example) <time datetime="2026-04-18">2026-04-18</time>'
    assert wrong == []
    assert html == (
        f'<blockquote class="post"><p>Came in through fog.</p><footer>{expected}</footer></blockquote>'
    )


def test_a_post_embedded_from_elsewhere_becomes_a_quotation_and_its_script_is_gone(root: Path) -> None:
    html, _ = draw(
        root,
        '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Hi</p>&mdash; Name (@handle) '
        '<a href="https://t.example/1?ref_src=x">April 18, 2026</a></blockquote> '
        '<script async src="https://platform.example/widgets.js"></script>',
    )

    assert html == (
        '<blockquote class="post"><p lang="en" dir="ltr">Hi</p><footer>— Name (@handle) '
        '<a href="https://t.example/1?ref_src=x" rel="noopener">'
        '<time datetime="2026-04-18">April 18, 2026</time></a></footer></blockquote>'
    )


@pytest.mark.parametrize(
    "quotation",
    [
        "> Only a quotation.",
        "> — Ansel Berg (@anselberg)",
        "> He said — Ansel Berg (@x) did\n> more.",
        "> a (@b)",
    ],
)
def test_another_quotation_stays_one(root: Path, quotation: str) -> None:
    assert 'class="post"' not in draw(root, quotation)[0]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("18. Mai 2026", "2026-05-18"),
        ("18 May 2026", "2026-05-18"),
        ("9:41 PM · May 18, 2026", "2026-05-18"),
        ("May 2026", None),
        ("31 February 2026", None),
        ("18 or 19 May 2026", None),
    ],
)
def test_a_date_is_machine_readable_where_it_is_certain(root: Path, words: str, day: str | None) -> None:
    html, _ = draw(root, f"> Moin.\n>\n> {SIGNED}, {words}", "de")

    assert words in html
    assert (f'<time datetime="{day}">' in html) if day else ("<time" not in html)


def test_a_question_to_readers_is_plain_text(root: Path) -> None:
    html, _ = draw(root, 'Look: [the *old* lamp]{ask="Did you see it?" open} and [so]{ask="x"}.')

    assert html == "<p>Look: the <em>old</em> lamp and so.</p>"


def test_footnotes_lead_to_and_fro(root: Path) -> None:
    html, _ = draw(root, "Text.[^1]\n\n[^1]: A note.\n")

    assert 'href="#article-fn1" id="article-fnref1"' in html
    assert '<li id="article-fn1">' in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "![The lamp](a%20b.png)",
            '<p><img src="/articles/lamp/a%20b.png" alt="The lamp" width="640" height="480" loading="lazy"></p>',
        ),
        (
            '<img src="./img/deep.png" alt="x" onerror="alert(1)" width="9000">',
            '<img src="/articles/lamp/img/deep.png" alt="x" width="3" height="2" loading="lazy">',
        ),
        (
            "![](plain.svg)",
            '<p><img src="/articles/lamp/plain.svg" alt="" width="30" height="20" loading="lazy"></p>',
        ),
        (
            "[big](a%20b.png) [other](../x/other.md#part) [next](next/index.md)",
            (
                '<p><a href="/articles/lamp/a%20b.png" rel="noopener">big</a> '
                '<a href="/articles/other#part" rel="noopener">other</a> '
                '<a href="/articles/next" rel="noopener">next</a></p>'
            ),
        ),
        (
            "![A map](https://maps.example/x.png)",
            '<p><a href="https://maps.example/x.png" rel="noopener">A map</a></p>',
        ),
        (
            "[![A map](https://maps.example/x.png)](https://maps.example/)",
            '<p><a href="https://maps.example/" rel="noopener">A map</a></p>',
        ),
    ],
)
def test_pictures_and_links_lead_where_we_serve_them(root: Path, text: str, html: str) -> None:
    assert draw(root, text) == (html, [])


@pytest.mark.parametrize(
    ("src", "why"),
    [
        ("none.png", "is not there"),
        ("../a.png", "must lie beside the article or in a folder below it"),
        (".hidden.png", "must lie beside the article or in a folder below it"),
        ("/a.png", "is not a file beside the article"),
        ("secret.txt", "is not one of .avif, .gif, .jpeg, .jpg, .png, .svg, .webp"),
        ("out.png", "leads out of the publication's folder"),
    ],
)
def test_what_is_no_picture_of_ours_is_left_out_and_reported(root: Path, src: str, why: str) -> None:
    html, wrong = draw(root, f"Text.\n\n![What it shows]({src})")

    assert wrong == [f"a.md:7: warning: picture `{src}` {why}"]
    assert html == "<p>Text.</p>\n<p>What it shows</p>"


def test_a_picture_of_unknown_size_is_shown_and_reported(root: Path) -> None:
    html, wrong = draw(root, "![x](broken.png)")

    assert '<img src="/articles/lamp/broken.png" alt="x" loading="lazy">' in html
    assert len(wrong) == 1


DRAWN = ARTICLE | {"blockquote": {"class", "lang", "dir"}, "footer": set()}


@pytest.mark.parametrize(
    "block",
    ["{}", "> {}\n>\n> — A (@b), {}, https://x.example", "> A\n>\n> — {} (@b), {}", "![{}](a%20b.png)"],
)
def test_no_hostile_text_becomes_live_markup(root: Path, shared: Path, block: str) -> None:
    vectors = (shared / "corpora" / "html5-security-vectors.txt").read_text(encoding="utf-8").splitlines()

    for vector in vectors:
        html, _ = draw(root, block.replace("{}", vector))
        assert faults(html, DRAWN, rel="noopener", base="https://coast.example/articles/lamp") == [], vector
