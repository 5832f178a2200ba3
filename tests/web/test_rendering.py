"""Templates, languages, times, and the pieces that are kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from rejoinder.text.languages import LANGUAGES
from rejoinder.web.answers import local, moved, see_other
from rejoinder.web.fragments import OVERHEAD, Fragments
from rejoinder.web.rendering import Rendering
from rejoinder.web.static import Static
from rejoinder.web.times import show_iso, show_number, show_time

MOMENT = datetime(2026, 5, 12, 7, 14, 3, 250_000, tzinfo=UTC)


@pytest.fixture
def rendering(tmp_path: Path, static_folder: Path) -> Rendering:
    """A rendering of the templates that a test writes into its folder."""
    return Rendering(Static(static_folder), {"test": tmp_path})


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "12 May 2026, 09:14"), ("de", "12. Mai 2026, 09:14"), ("ar", "12 مايو 2026، 9:14 ص")],
)
def test_a_time_is_absolute_in_the_site_s_zone(language: str, shown: str) -> None:
    assert show_time(MOMENT, "Europe/Oslo", language).replace("\u202f", " ") == shown


def test_programs_read_utc() -> None:
    assert show_iso(MOMENT) == "2026-05-12T07:14:03Z"


def test_numbers_have_their_language_s_separators() -> None:
    assert [show_number(12345, language) for language in ("en", "de")] == ["12,345", "12.345"]


def test_text_is_escaped_and_names_are_known(rendering: Rendering, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '{{ language }} {{ dir(language) }} {{ text }} {{ static("page.css") }} {{ n|number }} {{ 1|id }} '
        '{{ moment|when("Europe/Oslo") }} {{ cookie_name("https://a.example", "marker") }}'
    )
    context = {"text": "<b>&\"'", "n": 1000, "moment": MOMENT}
    assert rendering.render("test/page.html", "de", context) == (
        "de ltr &lt;b&gt;&amp;&#34;&#39; /static/page-AAAAAAAA.css 1.000 0000000000001 "
        "12. Mai 2026, 09:14 __Host-rejoinder-marker"
    )


def test_a_name_nobody_gave_is_a_fault_and_not_a_gap(rendering: Rendering, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ nobody }}")
    with pytest.raises(UndefinedError):
        rendering.render("test/page.html", "en", {})


def test_languages_do_not_mix(rendering: Rendering, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ language }}:{{ dir(language) }}")
    drawn = [rendering.render("test/page.html", language, {}) for language in (*LANGUAGES, *LANGUAGES)]
    assert drawn == ["en:ltr", "de:ltr", "ar:rtl"] * 2


def test_a_sentence_is_filled_in_after_it_is_translated(rendering: Rendering) -> None:
    assert rendering.translate("en", "%(n)d of %(most)d", {"n": 1, "most": 2}) == "1 of 2"
    assert rendering.translate("en", "100 % sure") == "100 % sure"


def test_a_piece_is_drawn_once(rendering: Rendering, tmp_path: Path) -> None:
    (tmp_path / "_piece.html").write_text("{% macro piece(text) %}<p>{{ text }}</p>{% endmacro %}")
    draw = rendering.macro("test/_piece.html", "piece", "en")
    drawn: list[int] = []

    def make() -> Markup:
        drawn.append(1)
        return draw("<a>")

    assert [rendering.fragments.get((1, "en"), make) for _ in range(3)] == [Markup("<p>&lt;a&gt;</p>")] * 3
    assert drawn == [1]


def test_pieces_keep_within_their_bytes_and_the_longest_unused_goes() -> None:
    fragments = Fragments(limit=3 * (OVERHEAD + 100))
    for key in (1, 2, 3):
        fragments.get(key, lambda: Markup("x" * 100))
    fragments.get(1, lambda: Markup("never"))
    fragments.get(4, lambda: Markup("x" * 100))
    assert fragments.size <= fragments.limit
    assert fragments.get(1, lambda: Markup("drawn again")) == "x" * 100
    assert fragments.get(2, lambda: Markup("drawn again")) == "drawn again"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "evil",
        "",
        "/a\r\nb",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_sent_to_another_site(path: str) -> None:
    with pytest.raises(ValueError, match="not a path of our own"):
        see_other(path)


def test_a_post_is_followed_by_a_get_that_nobody_keeps() -> None:
    answer = see_other("/comments/1?v=2#comment-1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/comments/1?v=2#comment-1")
    assert answer.headers["cache-control"] == "private, no-store"
    assert moved(local("/articles/new")).status_code == 301
