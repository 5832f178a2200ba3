"""Nobody passes for somebody else by letters that look alike."""

import json
import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.text.lookalikes import imitates, looks, skeleton


def pairs() -> list[tuple[str, str]]:
    """Every pair of Unicode's table of which one side is ASCII letters and digits, read on its own."""
    table = json.loads(
        files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8")
    )
    sides = [(one.strip("\u200e"), other["c"].strip("\u200e")) for one in table for other in table[one]]
    return [(one, other) for one, other in sides if other.isascii() and other.isalnum()]


def test_every_confusable_of_a_letter_or_digit_is_seen_through():
    found = pairs()
    missed = [
        (one, other, reserved)
        for one, other in found
        for reserved in (
            f"ka{other}to",
            f"Ka{other}to",
            f"KA{other}TO",
            f"KA{other}TO".upper(),
            f"ka{other}to".lower(),
        )
        if not imitates(f"ka{one}to", [reserved])
    ]

    assert len(found) > 1_400
    assert missed == []


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "ADMIN",
        "аdmin",
        "ΑDMΙΝ",
        "Αdmin",
        "Ad min",
        "a-d-m-i-n",
        "adrnin",
        "Ⓐdmin",
        "ａｄｍｉｎ",
        "𝐚𝐝𝐦𝐢𝐧",
        "adm1n",
        "Adm|n",
        "AdmIn",
        "admln",
        "«Admin»",
        "ad\u200bmin",
    ],
)
def test_admin_is_recognised_in_every_dress(name):
    assert imitates(name, ["Admin"])
    assert imitates(name, ["nobody", "ADMIN"])


@pytest.mark.parametrize("name", ["Adminn", "Anders", "Nadmin", "Amdin", "李", "..."])
def test_another_name_is_another_name(name):
    assert not imitates(name, ["Admin"])


def test_names_without_letters_are_compared_by_their_signs():
    assert imitates("...", ["..."])
    assert not imitates("...", ["!!!"])


def test_skeletons_are_those_of_the_standard():
    assert skeleton("paypal") == skeleton("раураl")
    assert skeleton("m") == "rn"
    assert skeleton("scope") == skeleton("ѕсоре")
    assert skeleton("O0") == "OO"


@given(st.text(max_size=30))
def test_a_skeleton_is_its_own_and_no_name_escapes_itself(name):
    assert skeleton(skeleton(name)) == skeleton(name)
    assert skeleton(unicodedata.normalize("NFC", name)) == skeleton(unicodedata.normalize("NFD", name))
    assert not looks(name).isdisjoint(looks(name.upper())) or not name.isascii()
    assert imitates(name, [name])
