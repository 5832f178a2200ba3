"""Readers' Markdown: what it may look like, and that nothing hostile comes out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.errors import Invalid
from rejoinder.text.markdown import render_comment
from rejoinder.text.plain import check_text
from rejoinder.text.rendered import render_html, render_plain
from rejoinder.text.sanitize import clean_comment
from text.markup import COMMENT, WITH_IMAGES, faults

REL = 'rel="nofollow ugc noopener"'

MARKUP = st.lists(
    st.sampled_from(
        [
            "[",
            "]",
            "(",
            ")",
            "![",
            "](http://a.b)",
            "*",
            "**",
            "_",
            "~~",
            "`",
            "```\n",
            "<",
            ">",
            "> ",
            "- ",
            "1. ",
            "\n",
            "\n\n",
            "    ",
            "&amp;",
            "&#0;",
            "\\",
            "http://",
            "https://e.org/a_b",
            "<b onclick=x>",
            "javascript:",
            '"',
            "'",
            "[a]: http://x.y\n",
            "[a]",
            "<script>",
            "\u202e",
            "\u0301",
            "\U0001f468\u200d\U0001f469",
            "é",
            "word ",
        ]
    )
).map("".join)
ANYTHING = MARKUP | st.text()


def html(source: str) -> str:
    return render_comment(source).html


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Well *said*, **Nell**.", "<p>Well <em>said</em>, <strong>Nell</strong>.</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("~~no~~", "<p><s>no</s></p>"),
        ("# not a heading", "<p># not a heading</p>"),
        ("nor\n===", "<p>nor<br>\n===</p>"),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("a | b\n--|--", "<p>a | b<br>\n--|--</p>"),
        ("```python\n1 < 2\n```", "<pre><code>1 &lt; 2\n</code></pre>"),
        ("7. seventh", '<ol start="7">\n<li>seventh</li>\n</ol>'),
        ("", ""),
    ],
)
def test_markdown_is_laid_out(source, shown):
    assert html(source) == shown


@pytest.mark.parametrize(
    "source", ["example.org", "word.Word", "www.example.org", "a@example.org", "ftp://a.b", "http://"]
)
def test_only_a_whole_web_address_becomes_a_link_by_itself(source):
    assert "<a" not in html(f"See {source} there")


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://example.org/a_b_c.", "https://example.org/a_b_c"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://example.org/a_(b)", "https://example.org/a_(b)"),
        ("**https://example.org/a**", "https://example.org/a"),
        ("见https://example.org/a。", "https://example.org/a"),
        ("“https://example.org/a”", "https://example.org/a"),
        ("<https://example.org/a>", "https://example.org/a"),
    ],
)
def test_a_bare_address_ends_where_the_sentence_goes_on(source, address):
    assert f'<a href="{address}" {REL}>{address}</a>' in html(source)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "/articles/a",
        "#comment-1",
        "//evil.example",
        "https://good.example@evil.example",
        "http://[",
        "irc://a",
        "\\\\evil.example",
    ],
)
def test_what_is_no_outgoing_link_stays_text(target):
    for source in (f"[words]({target})", f"![words]({target})", f"[words]\n\n[words]: {target}"):
        shown = render_comment(source)

        assert "<a" not in shown.html
        assert "words" in shown.plain
        assert shown.links == 0


def test_an_internationalised_host_is_shown_as_written_and_linked_as_it_is():
    assert (
        html("<https://xn--pple-43d.com/>")
        == f'<p><a href="https://xn--pple-43d.com/" {REL}>https://xn--pple-43d.com/</a></p>'
    )
    assert 'href="https://xn--pple-43d.com/"' in html("[a](https://аpple.com/)")


def test_an_image_is_a_link_with_its_words_unless_the_site_shows_images():
    source = "![a *quiet* street](https://a.example/b.png)"

    assert html(source) == f'<p><a href="https://a.example/b.png" {REL}>a quiet street</a></p>'
    assert render_comment(source, images=True).html == (
        '<p><img src="https://a.example/b.png" alt="a quiet street" loading="lazy"></p>'
    )


def test_an_image_without_words_shows_its_address_and_one_in_a_link_its_words():
    assert ">https://a.example/b.png</a>" in html("![](https://a.example/b.png)")
    assert html("[![words](https://a.example/b.png)](https://c.example/)") == (
        f'<p><a href="https://c.example/" {REL}>words</a></p>'
    )


def test_links_are_counted_and_plain_text_reads_like_the_page():
    shown = render_comment(
        "One [two](http://a.b) <http://c.d>\nthree\n\n- four\n- five\n\n> six &amp; <seven>"
    )

    assert shown.links == 2
    assert shown.plain == "One two http://c.d\nthree\n\nfour\nfive\n\nsix & <seven>"


def test_marks_do_not_pile_up_out_of_the_line():
    assert html("Z" + "\u0301" * 40) == "<p>Z\u0301\u0301\u0301</p>"
    assert html("Z" + "&#x301;\u034f\u200d" * 40).count("\u0301") <= 3
    assert html("မြို့") == "<p>မြို့</p>"


@pytest.mark.parametrize(
    "source",
    [
        "> " * 30 + "deep",
        "- " * 30 + "deep",
        "*a **b " * 40 + "c** d*" * 40,
        "[" * 1_001,
        "word " * 13_200,
        "*a\n" * 10_000,
    ],
)
def test_what_costs_too_much_is_shown_as_plain_text(source):
    assert render_comment(source) == render_plain(source)


def test_nothing_is_left_out_of_what_is_nested_as_deep_as_allowed():
    for depth in range(1, 40):
        assert "word" in render_comment("> " * depth + "word").plain
        assert "word" in render_comment("- " * depth + "word").plain


def test_a_long_definition_used_often_does_not_blow_up():
    source = f"[a]: http://a.example/{'b' * 30_000}\n\n" + "[a]" * 900

    assert render_comment(source) == render_plain(source)


def test_definitions_alone_are_shown():
    assert render_comment("[1]: https://example.org/").plain == "[1]: https://example.org/"


def test_plain_text_keeps_its_lines_and_shows_its_marks():
    assert render_plain("*a*\nb\n\n<c> & d").html == "<p>*a*<br>\nb</p>\n<p>&lt;c&gt; &amp; d</p>"


def test_html_from_elsewhere_is_cleaned_and_read():
    shown = render_html(
        '<h1>Title</h1><p onclick="x()">one<br>two <a href="http://a.b" target=_top>three</a></p>'
    )

    assert (
        shown.html == f'<p><strong>Title</strong></p><p>one<br>two <a href="http://a.b/" {REL}>three</a></p>'
    )
    assert shown.plain == "Title\n\none\ntwo three"
    assert shown.links == 1


@given(ANYTHING, st.booleans())
def test_no_text_becomes_live_markup(source, images):
    for shown in (render_comment(source, images=images), render_html(source, images=images)):
        assert faults(shown.html, WITH_IMAGES if images else COMMENT) == []
        assert clean_comment(shown.html, images=images) == shown.html


@given(ANYTHING)
def test_what_the_gate_lets_in_is_rendered(source):
    try:
        accepted = check_text(source, most=10_000)
    except Invalid:
        return
    shown = render_comment(accepted)

    assert bool(shown.plain) <= bool(shown.html)


def test_no_corpus_becomes_live_markup(naughty, vectors, spec_examples, urls):
    sources = naughty + vectors + [markdown for _, markdown, _ in spec_examples]
    sources += [html for _, _, html in spec_examples]
    sources += [
        form.format(url["input"].encode("utf-8", "replace").decode()) for url in urls for form in LINKS
    ]
    for source in sources:
        for shown in (render_comment(source), render_html(source), render_plain(source)):
            assert faults(shown.html, COMMENT) == []
            assert clean_comment(shown.html) == shown.html
        for shown in (render_comment(source, images=True), render_html(source, images=True)):
            assert faults(shown.html, WITH_IMAGES) == []


LINKS = ("[a]({0})", "<{0}>", "![a](<{0}>)", '<a href="{0}">b</a><img src="{0}">', "{0}")
