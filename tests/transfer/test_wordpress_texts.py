"""Texts of WordPress: paragraphs, links, shortcodes, and what is shown from elsewhere."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.transfer.wordpress.embeds import clean_body, plain_embeds
from rejoinder.transfer.wordpress.shortcodes import Passage, without_shortcodes
from rejoinder.transfer.wordpress.texts import linked, paragraphs, without_remarks

PARAGRAPHS = {
    "": "",
    "One.": "<p>One.</p>",
    "One\ntwo\n\nthree": "<p>One<br>\ntwo</p>\n<p>three</p>",
    "One<br />\ntwo": "<p>One<br />\ntwo</p>",
    "A\n \t\n\n\nB": "<p>A</p>\n<p>B</p>",
    "<p>One\ntwo</p>": "<p>One<br>\ntwo</p>",
    "A<blockquote>B\n\nC</blockquote>D": "<p>A</p>\n<blockquote>\n<p>B</p>\n<p>C</p>\n</blockquote>\n<p>D</p>",
    "<ul>\n<li>A</li>\n<li>B</li>\n</ul>": "<ul>\n<li>A</li>\n<li>B</li>\n</ul>",
    "<h2>A</h2>\nB": "<h2>A</h2>\n<p>B</p>",
    "A\n<pre>x\n\n  y</pre>\nB": "<p>A</p>\n<pre>x\n\n  y</pre>\n<p>B</p>",
    "<strong>A</strong> b": "<p><strong>A</strong> b</p>",
}


@pytest.mark.parametrize("text", PARAGRAPHS)
def test_paragraphs_are_made_as_wordpress_makes_them(text: str) -> None:
    assert paragraphs(text) == PARAGRAPHS[text]


@given(st.text("ab \n\t&;é", max_size=80))
def test_paragraphs_lose_no_letter(text: str) -> None:
    without_tags = paragraphs(text).replace("<p>", "").replace("</p>", "").replace("<br>", "")

    assert "".join(without_tags.split()) == "".join(text.split())


LINKS = {
    "no address": "no address",
    "see https://x.example.": 'see <a href="https://x.example">https://x.example</a>.',
    "(https://x.example/a_(b))": '(<a href="https://x.example/a_(b)">https://x.example/a_(b)</a>)',
    '<a href="https://x.example">https://x.example</a>': '<a href="https://x.example">https://x.example</a>',
    "<code>https://x.example</code>": "<code>https://x.example</code>",
    "<b>https://x.example</b>": '<b><a href="https://x.example">https://x.example</a></b>',
    "</a>https://x.example": '</a><a href="https://x.example">https://x.example</a>',
}


@pytest.mark.parametrize("html", LINKS)
def test_bare_addresses_become_links_once(html: str) -> None:
    assert linked(html) == LINKS[html]


SHORTCODES = {
    "no brackets": "no brackets",
    "a [sic] b [1] [Update] [see below] […]": "a [sic] b [1] [Update] [see below] […]",
    "[[gallery]]": "[gallery]",
    "a[gallery ids='1,2']b": "ab",
    '[contact-form-7 id="12" title="x"]': "",
    "[b]bold[/b] [quote name=x]said[/quote]": "bold said",
    "[embed]https://x.example/v[/embed]": '<p><a href="https://x.example/v">https://x.example/v</a></p>',
    "[youtube https://youtu.be/abc]": '<p><a href="https://youtu.be/abc">https://youtu.be/abc</a></p>',
    "[youtube=https://youtu.be/abc&w=3]": '<p><a href="https://youtu.be/abc&amp;w=3">https://youtu.be/abc&amp;w=3</a></p>',
    '[vimeo id="12345678"]': '<p><a href="https://vimeo.com/12345678">https://vimeo.com/12345678</a></p>',
    '[video mp4="https://x.example/a.mp4"][/video]': '<p><a href="https://x.example/a.mp4">https://x.example/a.mp4</a></p>',
    '[caption width="3"]<img src="a"> Words <i>here</i>[/caption]': '<figure><img src="a"><figcaption>Words <i>here</i></figcaption></figure>',
    "[caption caption='Old']<a href='b'><img src='a'></a>[/caption]": "<figure><a href='b'><img src='a'></a><figcaption>Old</figcaption></figure>",
    "[caption]<img src='a'>[/caption]": "<img src='a'>",
    "[a]one [b]two[/a] three[/b]": "one two three",
    "[/b] lone": " lone",
    "[open]never closed": "[open]never closed",
}


@pytest.mark.parametrize("text", SHORTCODES)
def test_of_shortcodes_the_words_and_links_are_kept(text: str) -> None:
    assert without_shortcodes(text).text.strip("\n") == SHORTCODES[text]


def test_a_passage_keeps_its_words_and_is_remembered() -> None:
    text = 'A [wpdiscuz-feedback id="x1" question="Do you?" opened="1"]<b>marked</b> &amp; bold[/wpdiscuz-feedback] b'

    read = without_shortcodes(text)

    assert read.text == "A <b>marked</b> &amp; bold b"
    assert read.passages == [Passage("x1", "Do you?", True, "marked & bold")]


def test_what_is_lost_is_named() -> None:
    assert without_shortcodes('[gallery] [sic] [contact-form-7 id="1"]').lost == ["gallery", "contact-form-7"]


EMBEDS = {
    '<iframe width="3" src="https://www.youtube-nocookie.com/embed/abc?x=1"></iframe>': "https://www.youtube.com/watch?v=abc",
    "<iframe src='//player.vimeo.com/video/123?h=1'></iframe>": "https://vimeo.com/123",
    '<object><param name="movie" value="https://x.example/a.swf"></object>': "https://x.example/a.swf",
    '<video controls><source src="https://x.example/a.mp4">No video?</video>': "https://x.example/a.mp4",
    '<embed src="https://x.example/b">': "https://x.example/b",
}


@pytest.mark.parametrize("html", EMBEDS)
def test_a_player_becomes_a_link(html: str) -> None:
    shown = clean_body(plain_embeds(f"<p>a {html} b</p>"), lambda address: None)

    assert (
        shown == f'<p>a <a href="{EMBEDS[html]}" rel="noopener">{EMBEDS[html].partition("://")[2]}</a> b</p>'
    )


def test_a_post_of_a_network_stays_a_quotation() -> None:
    html = (
        '<blockquote class="twitter-tweet"><p>Words.</p>&mdash; Ann (@ann) <a href="https://twitter.com/ann/1">May 1</a>'
        '</blockquote><script async src="https://platform.twitter.com/widgets.js"></script>'
    )

    shown = clean_body(plain_embeds(html), lambda address: None)

    assert shown.startswith("<blockquote><p>Words.</p>— Ann (@ann) <a href=")
    assert "script" not in shown


def test_a_picture_in_a_link_becomes_its_words() -> None:
    html = '<a href="/big"><img src="https://x.example/a.png" alt="A &amp; B"></a> <img src="https://x.example/b.png">'

    shown = clean_body(html, lambda address: None)

    assert shown == '<a href="/big" rel="noopener">A &amp; B</a> <a href="https://x.example/b.png">b.png</a>'


@pytest.mark.parametrize(
    "html",
    [
        "<IMG SRC=x.png>",
        "<img src='https://x.example/a.png'",
        '<picture><source srcset="https://x.example/a"><img src="https://x.example/a">',
        '<svg><image href="https://x.example/a"/></svg>',
        '<p style="background:url(https://x.example/a)">b',
        "<link rel=stylesheet href=https://x.example/a>",
        "<img/src=https://x.example/a>",
        '<a href="x"><img src="https://x.example/a" srcset="https://x.example/b 2x"></a>',
    ],
)
def test_nothing_is_shown_from_elsewhere(html: str) -> None:
    shown = clean_body(plain_embeds(html), lambda address: None)

    for mark in ("<img", "src", "srcset", "style", "<link", "<image"):
        assert mark not in shown


@pytest.mark.parametrize(
    "piece",
    [
        "<pre>",
        "[a",
        "[a]",
        '[a b="',
        "[a]x[/b]",
        "<iframe ",
        "<iframe>",
        "<!--",
        "\n",
        "\n \n",
        "<p>",
        "https://",
        "<a>",
        "&",
        "[caption]",
        " " * 50 + "x",
    ],
)
def test_long_texts_of_any_kind_are_read_in_time_that_grows_with_them(piece: str) -> None:
    text = piece * (300_000 // len(piece))

    began = time.process_time()
    shown = without_shortcodes(without_remarks(text)).text
    linked(plain_embeds(paragraphs(shown)))

    assert time.process_time() - began < 4
