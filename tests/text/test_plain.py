"""The gate for every string, and cutting without breaking a character."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.errors import Invalid
from rejoinder.text.plain import check_text, excerpt, graphemes, thin_marks, without_controls


@pytest.mark.parametrize(
    "text",
    ["", " a\tb\n", "e\u0301", "\u202e", "\u200b", "\U0001f469\u200d\U0001f467", "\u2028", "A\u030a Å"],
)
def test_what_was_written_is_stored(text):
    assert check_text(text, most=10) == text


def test_line_ends_of_forms_become_newlines():
    assert check_text("a\r\nb\rc\nd\r\n\r\n", most=10) == "a\nb\nc\nd\n\n"


@pytest.mark.parametrize(
    "unfit",
    [
        "\x00",
        "\x07",
        "\x0b",
        "\x0c",
        "\x1b",
        "\x7f",
        "\x80",
        "\x85",
        "\x9f",
        "\ud800",
        "\ufffe",
        "\uffff",
    ],
)
def test_what_is_not_text_is_refused(unfit):
    with pytest.raises(Invalid) as refused:
        check_text(f"a{unfit}b", most=10, field="title")

    assert refused.value.code == "unreadable-text"
    assert refused.value.field == "title"
    assert f"U+{ord(unfit):04X}" in str(refused.value)
    assert without_controls(f"a{unfit}b") == "ab"


def test_the_longest_text_fits_and_one_more_does_not():
    assert check_text("é" * 10_000, most=10_000) == "é" * 10_000
    with pytest.raises(Invalid) as refused:
        check_text("é" * 10_001, most=10_000)

    assert refused.value.code == "too-long"
    assert refused.value.params == {"length": 10_001, "most": 10_000}


def test_two_signs_for_one_line_end_count_once():
    assert check_text("\r\n" * 10, most=10) == "\n" * 10


@given(st.text())
def test_an_accepted_text_is_accepted_unchanged(raw):
    try:
        text = check_text(raw, most=100)
    except Invalid:
        return

    assert check_text(text, most=100) == text
    assert text.encode("utf-8").decode("utf-8") == text


@given(
    st.text(
        st.sampled_from(
            "ab \n\r\u0301\u200d\U0001f468\U0001f469\U0001f1e9\U0001f1ea\U0001f3fd\u0915\u094d가가\ufe0f"
        )
    ),
    st.integers(1, 8),
)
def test_an_excerpt_never_splits_a_character(text, most):
    line = " ".join(text.split())
    shown = excerpt(text, most)

    assert len(graphemes(shown)) <= most
    if shown != line:
        kept = shown.removesuffix("…")
        assert kept + "…" == shown
        assert line.startswith(kept)
        assert kept == "" or len(kept) in {end.end() for end in regex.finditer(r"\X", line)}


def test_an_excerpt_is_one_line_with_an_ellipsis():
    assert excerpt("one\n\ntwo  three", 20) == "one two three"
    assert excerpt("one two three", 9) == "one two…"
    assert excerpt("ab" + "e\u0301" * 5, 4) == "abe\u0301…"


def test_stacked_marks_are_thinned_and_ordinary_ones_kept():
    assert thin_marks("Z" + "\u0301" * 9 + "a" + "\u0316" * 9) == "Z\u0301\u0301\u0301a\u0316\u0316\u0316"
    for word in ("plain", "Thế", "မြို့", "རྒྱལ་པོ", "שָׁלוֹם", "\U0001f468\u200d\U0001f469"):
        assert thin_marks(word) == word
