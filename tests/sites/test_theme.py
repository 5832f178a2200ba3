"""Whatever accent a site chooses, a reader can read it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.sites.models import Rules
from rejoinder.sites.theme import DARK_PAPER, PAPER, READABLE, contrast, parse_colour, theme_css

colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def test_a_site_without_an_accent_of_its_own_adds_nothing() -> None:
    assert theme_css(Rules()) == ""


def test_a_readable_accent_stays_what_it_is() -> None:
    css = theme_css(Rules(accent="#8c2f1b", accent_dark="#f0997f"))

    assert "--rejoinder-accent:light-dark(#8c2f1b,#f0997f)" in css


@given(accent=colours, accent_dark=st.none() | colours)
def test_text_in_the_accent_and_on_it_can_be_read(accent: str, accent_dark: str | None) -> None:
    light, dark, on_light, on_dark = map(
        parse_colour, re.findall(r"#[0-9a-f]{6}", theme_css(Rules(accent=accent, accent_dark=accent_dark)))
    )

    assert contrast(light, parse_colour(PAPER)) >= READABLE
    assert contrast(dark, parse_colour(DARK_PAPER)) >= READABLE
    assert contrast(light, on_light) >= READABLE
    assert contrast(dark, on_dark) >= READABLE


def test_the_papers_are_those_of_the_style_sheet(request: pytest.FixtureRequest) -> None:
    tokens = (request.config.rootpath / "frontend/styles/tokens.css").read_text(encoding="utf-8")

    assert f"--paper: light-dark({PAPER}, {DARK_PAPER})" in tokens
