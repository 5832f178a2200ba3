"""What a person may be called, and when two names are the same.

Names may hold spaces, brackets and any script. They may hold nothing that can't be seen, because what can't be seen
makes two names look like one.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import regex
from idna import valid_contextj

from rejoinder.errors import N_, Invalid
from rejoinder.text.lookalikes import imitates
from rejoinder.text.plain import graphemes, stacks

LONGEST_NAME = 80
"""In characters as a reader counts them."""

GUEST_WORDS = ("Guest", "Gast", "ضيف", "زائر")
"""What we call somebody without a name, in the languages we speak. It is no name."""

LABELS = (
    "author",
    "staff",
    "Autor",
    "Redaktion",
    "الكاتب",
    "هيئة التحرير",
    "admin",
    "administrator",
    "moderator",
)
"""What we draw beside the names of some people, in the languages we speak, and what others call that."""

_MOST_CODE_POINTS = 400
_MOST_STACKED = 2
_MOST_MARKS = 6
_TRIES = 50

_JOINERS = "\u200c\u200d"
_TAGGED_FLAGS = "|".join(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
_PICTURE = r"(?!\p{Cn})\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|[\ufe0e\ufe0f])?"
_EMOJI = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\ufe0f?\u20e3|{_TAGGED_FLAGS}|{_PICTURE}(?:\u200d{_PICTURE})*"
)
# Controls, formats, private use, unassigned, default-ignorable; line separators; and three signs drawn as blank.
_HIDDEN = regex.compile(r"[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800\ufffc\U0001d159]")
_BLANKS = regex.compile(r"\p{Zs}+")
_JOINER = regex.compile(f"[{_JOINERS}]")
_IGNORED = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_MARKS = regex.compile(r"\p{M}+")
# A sign that others draw beside names they vouch for: check marks, a shield, a name badge.
_BADGE = regex.compile(r"[\u2705\u2611\u2713\u2714\u237b\U0001f5f8\U0001f5f9\U0001f6e1\U0001f4db]")
# What sets one part of a name off from the next; a hyphen inside a word does not.
_SETS_OFF = regex.compile(r"\s[\p{Pd}.]+\s|[^\p{L}\p{M}\p{N}\s'’.\p{Pd}]+")
_SAYS_SOMETHING = regex.compile(r"[\p{L}\p{N}\p{So}]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is shown (`text`) and as it is compared (`key`)."""

    text: str
    key: str


def check_name(raw: str, *, reserved: Iterable[str] = (), may_say_label: bool = False) -> Name:
    """Return the name somebody chose, with its blanks in order. Raises Invalid.

    A name that could be taken for one of `reserved` is refused, and one with a label in it unless it `may_say_label`.
    """
    text = _spaced(raw)
    key = name_key(text)
    if not text or key in _GUEST_KEYS:
        raise _refused("name-missing", N_("Please write a name."))
    if len(text) > _MOST_CODE_POINTS or len(graphemes(text)) > LONGEST_NAME:
        raise _refused("name-too-long", N_("A name has at most %(most)d characters."), most=LONGEST_NAME)
    if hidden := _hidden_character(text):
        raise _refused(
            "name-hidden-character",
            N_("This name holds a character that can't be seen (U+%(character)s). Please remove it."),
            character=f"{ord(hidden):04X}",
        )
    if not _SAYS_SOMETHING.search(text):
        raise _refused("name-empty", N_("A name needs a letter or a digit."))
    if _has_piled_marks(text):
        raise _refused("name-marks", N_("This name has too many marks on one letter."))
    if not may_say_label and _holds_label(text):
        raise _refused(
            "name-label", N_("This name says what only we say beside a name. Please leave that out.")
        )
    if imitates(text, reserved):
        raise _refused("name-reserved", N_("This name belongs to somebody here. Please choose another."))
    return Name(text, key)


def check_guest_name(raw: str, *, reserved: Iterable[str] = ()) -> Name | None:
    """Return the name a guest signs with; None for a guest without one, who left it blank or wrote "Guest".

    Raises Invalid as `check_name` does.
    """
    text = _spaced(raw)
    return None if not text or is_guest(text) else check_name(text, reserved=reserved)


def fit_name(raw: str, *, may_say_label: bool = False) -> Name | None:
    """Return a name from elsewhere without what `check_name` refuses in it; None where nothing is left of it."""
    text = " ".join(raw.split())
    for _ in range(_TRIES):
        try:
            return check_name(text, may_say_label=may_say_label)
        except Invalid as fault:
            text = _without(text, fault)
        if not text:
            break
    return None


def is_guest(text: str) -> bool:
    """Whether this is only our word for somebody without a name."""
    return name_key(text) in _GUEST_KEYS


def name_key(text: str) -> str:
    """Return the form in which names are compared: compatible forms and cases are one, what can't be seen is ignored."""
    folded = unicodedata.normalize("NFKC", _IGNORED.sub("", text)).casefold()
    return _spaced(unicodedata.normalize("NFKC", folded))


def _spaced(raw: str) -> str:
    """Trim the name and make every run of blanks one space; tabs and line ends are no blanks but controls."""
    return _BLANKS.sub(" ", raw).strip(" ")


def _hidden_character(text: str) -> str | None:
    """Return the first character that can't be seen and has no reason to be there."""
    # An emoji may hold joiners and selectors; a square of the same length keeps the places of all others.
    without_emoji = _EMOJI.sub(lambda emoji: "\u25a1" * len(emoji[0]), text)
    for hidden in _HIDDEN.finditer(without_emoji):
        if hidden[0] not in _JOINERS or not _joins(without_emoji, hidden.start()):
            return str(hidden[0])
    return None


def _joins(text: str, position: int) -> bool:
    """Whether the script needs a joiner here (RFC 5892, A.1 and A.2)."""
    try:
        return valid_contextj(text, position)
    except ValueError:  # a neighbour that has no name in this Python's Unicode
        return False


def _has_piled_marks(text: str) -> bool:
    """Whether marks pile up on a letter, or stand before the first one.

    Vowel signs that take a place of their own (combining class 0) may be more: a Burmese syllable has five.
    """
    decomposed = unicodedata.normalize("NFD", _JOINER.sub("", text))
    if stacks(decomposed[0]):
        return True
    runs = _MARKS.findall(decomposed)
    return any(len(run) > _MOST_MARKS or sum(map(stacks, run)) > _MOST_STACKED for run in runs)


def _holds_label(text: str) -> bool:
    """Whether a name, or a part of it that is set off, reads as a label that is drawn beside names."""
    return bool(_BADGE.search(text)) or any(
        imitates(part, LABELS) for part in _SETS_OFF.split(text) if part.strip()
    )


def _without(text: str, fault: Invalid) -> str:
    """The name without what a check refused; empty where nothing is left to try."""
    if fault.code == "name-hidden-character":
        return " ".join(text.replace(chr(int(str(fault.params["character"]), 16)), "").split())
    if fault.code == "name-too-long":
        shorter = "".join(graphemes(text[:_MOST_CODE_POINTS])[:LONGEST_NAME])
        return shorter if len(shorter) < len(text) else ""
    if fault.code == "name-marks":
        return "".join(letter for letter in text if not unicodedata.category(letter).startswith("M"))
    return ""


_GUEST_KEYS = frozenset(map(name_key, GUEST_WORDS))


def _refused(code: str, message: str, **params: object) -> Invalid:
    return Invalid(code, message, field="name", **params)
