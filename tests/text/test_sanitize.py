"""HTML from elsewhere: what an article and an imported comment may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.text.sanitize import ARTICLE_ID_PREFIX, LONGEST_COMMENT, clean_article, clean_comment
from text.markup import ARTICLE, COMMENT, faults

SOMEWHERE = "https://publication.example/articles/a"

TAGS = "a b blockquote button code div em font form h2 i img li math mtext ol p pre s select style svg table td template tr ul x"
HTML = st.lists(
    st.sampled_from([form.format(tag) for tag in TAGS.split() for form in ("<{}>", "</{}>")])
    | st.sampled_from(
        [
            "\n",
            "x",
            "&lt;",
            "&#13;",
            "&nbsp;",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            '<a href="http://a.b" id=c>',
            "<p title='",
        ]
    )
    | st.text(max_size=3),
    max_size=40,
).map("".join)


def test_a_comment_keeps_its_emphasis_and_loses_its_dress():
    dressed = '<div class="c"><p style="color:red" id="x">One <strong>two</strong><script>alert(1)</script></p></div>'

    assert clean_comment(dressed) == "<p>One <strong>two</strong></p>"


def test_no_tag_of_a_comment_keeps_an_attribute_that_is_not_listed():
    for tag in COMMENT:
        dressed = f'<{tag} id="x" class="x" style="x" title="x" lang="x" dir="rtl" target="x" name="x" onclick="x">x</{tag}>'

        assert faults(clean_comment(dressed), COMMENT) == []


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<h1>One</h1>\n<H2 class=x>Two</H2>", "<p><strong>One</strong></p>\n<p><strong>Two</strong></p>"),
        ("<div>a<div>b</div></div>", "<p>a</p><p>b</p>"),
        ("<div><p>a</p></div>", "<p>a</p>"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "<p>a b </p><p>c </p>"),
        ("<ul><li><div>a</div></li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<h3></h3>a", "a"),
    ],
)
def test_what_a_comment_has_no_boxes_for_stays_apart(html: str, kept: str) -> None:
    assert clean_comment(html) == kept
    assert clean_comment(kept) == kept


def test_a_link_that_does_not_lead_out_is_no_link():
    for address in ("/a", "javascript:x", "http://u@h/", "&#1;javascript:x", "http://%zz"):
        assert "href" not in clean_comment(f'<a href="{address}">b</a>')


@pytest.mark.parametrize(
    "html",
    ["<pre>\n\n\n\nx</pre>", "<pre><x>\n\ny</x></pre>", "<p><button><p>x</button>", "a&#13;&#10;&#1;b&#x85;", "&nbsp;<",
     "<a href='http://a.b'><table><a href='http://c.d'>z", "<p>" + "<button><p>" * 30 + "x"],
)  # fmt: skip
def test_cleaning_again_changes_nothing(html):
    for clean in (clean_comment, clean_article):
        once = clean(html)

        assert clean(once) == once


@given(HTML)
def test_cleaned_html_is_stable_and_within_the_list(html):
    comment, article = clean_comment(html), clean_article(html)

    assert clean_comment(comment) == comment
    assert clean_article(article) == article
    assert faults(comment, COMMENT) == []
    assert faults(article, ARTICLE, rel="noopener", base=SOMEWHERE) == []


def test_html_made_to_grow_is_kept_as_text():
    bomb = "<p>" + "".join(f"<b a={n}>" for n in range(900)) + "</p>" + "<p>word</p>" * 900

    cleaned = clean_comment(bomb)

    assert "<" not in cleaned
    assert cleaned.count("word") == 900
    assert len(cleaned) < len(bomb)


def test_a_comment_longer_than_any_of_ours_is_kept_as_text():
    assert clean_comment("<p>word</p>" * LONGEST_COMMENT).count("word") == LONGEST_COMMENT


def test_an_article_keeps_its_structure():
    html = (
        '<h2 id="article-why" lang="de" dir="ltr">Warum</h2>'
        '<figure><img src="/media/a.png" alt="A street" width="640" height="480" loading="lazy">'
        "<figcaption>A street</figcaption></figure>"
        '<table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td colspan="2">b</td></tr></tbody></table>'
        '<aside><p>Note<sup id="article-ref"><a href="#article-why" rel="noopener">1</a></sup></p></aside>'
    )

    assert clean_article(html) == html


def test_ids_of_an_article_and_links_to_them_stay_together():
    html = clean_article('<h2 id="comments">x</h2><a href="#comments">y</a>')

    assert f'id="{ARTICLE_ID_PREFIX}comments"' in html
    assert f'href="#{ARTICLE_ID_PREFIX}comments"' in html


@pytest.mark.parametrize(
    ("attribute", "kept"),
    [
        ('href="/about"', True),
        ('href="other#part"', True),
        ('href="https://example.org/"', True),
        ('href="//evil.example/"', False),
        ('href="/\\evil.example"', False),
        ('href="javascript:x"', False),
        ('lang="de-AT"', True),
        ('lang="x y"', False),
        ('dir="sideways"', False),
        ('class="x"', False),
        ('style="x:y"', False),
        ('onclick="x"', False),
    ],
)
def test_attributes_of_an_article_are_held_to_their_shape(attribute, kept):
    assert (attribute in clean_article(f"<p><a {attribute}>x</a></p>")) is kept


def test_an_image_of_an_article_is_never_data_or_mail():
    for source in ("data:image/png;base64,xx", "mailto:a@b.org", "//evil.example/a.png"):
        assert "src" not in clean_article(f'<img src="{source}">')


def test_no_corpus_makes_an_article_live(vectors, naughty, spec_examples):
    for source in vectors + naughty + [html for _, _, html in spec_examples]:
        once = clean_article(source)

        assert clean_article(once) == once
        assert faults(once, ARTICLE, rel="noopener", base=SOMEWHERE) == []
