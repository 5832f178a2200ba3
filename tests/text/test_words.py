"""The short way for texts without a mark of Markdown draws exactly what the long way draws."""

from hypothesis import given
from hypothesis import strategies as st

from rejoinder.text.markdown import _WITHOUT_IMAGES, _html, _words, render_comment
from rejoinder.text.rendered import Rendered, rendered
from rejoinder.text.sanitize import settle_comment

SIGNS = "ab Zé中ſ9_.,;:?!'\"()/=+%$€@#|^–—“”-*`~[]<>&\\\n\n\t  "


def the_long_way(source: str) -> Rendered:
    return rendered(settle_comment(_html(source, _WITHOUT_IMAGES)))


@given(st.one_of(st.text(SIGNS, min_size=1, max_size=40), st.text(max_size=40)))
def test_words_are_drawn_as_markdown_would_draw_them(source: str) -> None:
    words = _words(source)
    if words is not None:
        assert words == the_long_way(source)


def test_prose_takes_the_short_way() -> None:
    prose = "Trams came “in June”, didn't they?\n\nWe (all of us) wrote to A/B: 40 % said no!\nAnd then – nothing."
    assert _words(prose) == the_long_way(prose)
    assert render_comment(prose).plain == prose


def test_an_address_or_a_mark_does_not() -> None:
    for source in (
        "see https://example.org",
        "so *much*",
        "- a list",
        "1. one",
        "a &amp; b",
        "<b>",
        "two  blanks\nhere",
    ):
        assert _words(source) is None
