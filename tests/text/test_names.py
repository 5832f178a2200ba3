"""What a person may be called."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.comments.models import Label
from rejoinder.errors import Invalid
from rejoinder.text.languages import LANGUAGES, translations
from rejoinder.text.names import LABELS, check_guest_name, check_name, is_guest, name_key


def refusal(name: str, **reserved: list[str]) -> str:
    with pytest.raises(Invalid) as refused:
        check_name(name, **reserved)
    assert refused.value.field == "name"
    return refused.value.code


@pytest.mark.parametrize(
    "name",
    [
        "Nell",
        "O’Brien (NYC) [guest]",
        "Dr. Nell-Ann d’Arc, Jr.",
        "李小龍",
        "Ζωή",
        "Nguyễn Thế",
        "עליזה",
        "7",
        "<3",
        "x" * 80,
        "علی\u200cرضا",
        "ශ්\u200dරී",
        "क्\u200dष",
        "မြို့",
        "กิ่งแก้ว",
        "한글",
        "שָׁלוֹם",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "1\ufe0f\u20e3",
        "\U0001f1e9\U0001f1ea",
        "\U0001f482\U0001f3fd\u200d\u2640\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_any_script_may_be_a_name(name):
    assert check_name(name).text == name


def test_blanks_are_put_in_order():
    assert check_name("\u3000 Nell \u00a0 Ann ").text == "Nell Ann"


@pytest.mark.parametrize(
    "name",
    [
        "Nell\u202eAnn",
        "Nell\u2066Ann",
        "Nell\u061c",
        "\u200bNell",
        "Nell\u200d",
        "Ne\u200cll",
        "Nell\ufe0f",
        "Bob1\ufe0f",
        "Ne\u00adll",
        "Nell\u2060",
        "Nell\ufeff",
        "\u3164",
        "\u115f\u1160",
        "\u2800",
        "Nell\ue000",
        "Nell\U000e0041",
        "\U0001f3f4\U000e0041\U000e007f",
        "Nell\n",
        "Nell\tAnn",
        "Nell\r\nBcc: x",
        "Nell\x00",
        "Nell\x85",
        "Nell\u2028Ann",
        "Nell\U0001fbff\U0003ffff",
        "Nell\ufffc",
        "Nell\ud800",
        "\u034fNell",
        "\U0001f468\u200d\u200d\U0001f469",
    ],
)
def test_what_cannot_be_seen_is_refused(name):
    assert refusal(name) == "name-hidden-character"


@pytest.mark.parametrize("name", ["...", "—", "()", "“”", "_", "!?"])
def test_punctuation_alone_is_no_name(name):
    assert refusal(name) == "name-empty"


@pytest.mark.parametrize("name", ["", "   ", "\u3000\u00a0", "Guest", "  gUEST ", "Gast", "زائر"])
def test_nothing_and_our_word_for_a_guest_are_no_names(name):
    assert check_guest_name(name) is None
    assert refusal(name) == "name-missing"


def test_a_guest_who_signs_has_a_name():
    name = check_guest_name(" Nell ", reserved=["Alice"])

    assert name is not None
    assert (name.text, name.key) == ("Nell", "nell")
    assert is_guest("guest")
    assert not is_guest("Guesthouse")


def test_a_name_is_measured_as_a_reader_counts():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

    assert check_name(family * 80).text == family * 80
    assert refusal("x" * 81) == "name-too-long"
    assert refusal(family * 81) == "name-too-long"
    assert refusal("x" * 1_000_000) == "name-too-long"


@pytest.mark.parametrize(
    "name", ["Ne\u0301\u0301\u0301ll", "Nế\u0301ll", "\u0301Nell", "N\u20dd\u20dd\u20ddell", "မ" + "ိ" * 7]
)
def test_marks_do_not_pile_up_on_a_letter(name):
    assert refusal(name) == "name-marks"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NELL", "nell"),
        ("ＮＥＬＬ", "Nell"),
        ("Straße", "STRASSE"),
        ("علی\u200cرضا", "علیرضا"),
        ("Zoë", "Zoe\u0308"),
        ("A  b", "a B"),
    ],
)
def test_names_are_compared_as_they_sound(one, other):
    assert name_key(one) == name_key(other)


def test_a_reserved_name_and_what_looks_like_it_are_refused():
    for name in ("Alice", "ALICE", "Аlice", "A.l.i.c.e", "Al ice", "Allce", "AIice", "[Alice]"):
        assert refusal(name, reserved=["Bob", "Alice"]) == "name-reserved"
    assert check_name("Alicia", reserved=["Bob", "Alice"]).key == "alicia"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Author ✓",
            "Nell ✓",
            "✔ Nell",
            "Nell ☑️",
            "🛡️ Nell",
            "Staff",
            "STAFF",
            "Ѕtaff",
            "ѕtаff",
            "[Author]",
            "ᴀuthor",
        ),
        *(
            "Nell · staff",
            "Nell (Author)",
            "Nell [staff]",
            "Nell, author",
            "Nell | Autor",
            "Nell – Redaktion",
        ),
        *("Nell - staff", "Staff: Nell", "Admin", "Nell/Moderator", "الكاتب", "نورة (هيئة التحرير)"),
    ],
)
def test_nobody_writes_a_label_into_a_name(name):
    assert refusal(name) == "name-label"
    if name == "Staff":
        assert check_name(name, may_say_label=True).key == "staff"


@pytest.mark.parametrize(
    "name",
    ["David Autor", "Staffan", "Authora", "Jean-Luc", "paul ( original )", "J. Staff-Meier", "Nell √2"],
)
def test_a_name_may_sound_like_a_label(name):
    assert check_name(name).text == name


def test_every_label_that_is_drawn_is_known_to_names():
    for language in LANGUAGES:
        catalogue = translations(language)
        for label in Label:
            assert catalogue.gettext(label.value) in LABELS


@given(st.text(max_size=100))
def test_a_name_that_is_taken_is_taken_again_unchanged(raw):
    try:
        name = check_name(raw)
    except Invalid:
        return

    assert check_name(name.text) == name
    assert name_key(name.key) == name.key
    assert not any(
        unicodedata.category(character) in ("Cc", "Cs", "Co", "Zl", "Zp") for character in name.text
    )
    with pytest.raises(Invalid):
        check_name(raw, reserved=[name.text])


def test_naughty_strings_are_taken_as_they_are_or_refused(naughty):
    taken = 0
    for raw in naughty:
        with suppress(Invalid):
            name = check_name(raw)
            taken += 1
            assert check_name(name.text) == name
    assert 100 < taken < len(naughty)
