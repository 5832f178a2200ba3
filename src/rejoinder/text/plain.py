"""Plain text: the one gate that every incoming string passes, and cutting without breaking a character."""

import unicodedata

import regex

from rejoinder.errors import N_, Invalid

# C0 and C1 controls but tab and newline, halves of surrogate pairs, and the two noncharacters that no XML may hold:
# one of them in one comment would break every feed that quotes it.
_UNFIT = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# Marks that turn the direction of what follows. A page keeps them inside the comment; a terminal does not.
_TURNS = regex.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Marks that stack on one letter. The joiners are counted with them, or they would start a stack anew.
_STACK = regex.compile(r"[\p{M}\u200c\u200d]{4,}")
_MOST_STACKED = 3
_GRAPHEME = regex.compile(r"\X")
_MOST_MARKS = 6


def check_text(text: str, *, most: int, field: str = "text") -> str:
    """Return the text as it will be stored: as written, with every line end as one newline.

    `most` counts characters (code points). Raises Invalid where it is longer or holds what is not text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > most:
        raise Invalid(
            "too-long",
            N_("This is %(length)d characters long; %(most)d is the most that fits."),
            field=field,
            length=len(text),
            most=most,
        )
    if unfit := _UNFIT.search(text):
        raise Invalid(
            "unreadable-text",
            N_("This holds a character that is not text (U+%(character)s). Please remove it."),
            field=field,
            character=f"{ord(unfit[0]):04X}",
        )
    return text


def without_controls(text: str) -> str:
    """Return the text without the characters that `check_text` refuses."""
    return _UNFIT.sub("", text)


def in_a_line(text: str, most: int) -> str:
    """Return the beginning of a text for a line of a terminal or a log: nothing in it can turn the line around."""
    return excerpt(_TURNS.sub("", text), most)


def graphemes(text: str) -> list[str]:
    """Split text into what a reader calls characters (UAX #29)."""
    return _GRAPHEME.findall(text)


def excerpt(text: str, most: int) -> str:
    """Return the text on one line, cut to at most `most` characters as a reader counts them, with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    shown = graphemes(line)
    if len(shown) <= most:
        return line
    return "".join(shown[: max(most - 1, 0)]).rstrip() + "…"


def thin_marks(text: str) -> str:
    """Return the text with at most three marks stacked on a letter, so that it stays inside its line.

    Vowel signs that don't stack (combining class 0, as in Burmese or Tibetan) are kept up to six.
    """
    if text.isascii():
        return text
    return _STACK.sub(lambda run: _thinned(run[0]), text)


def _thinned(run: str) -> str:
    kept: list[str] = []
    stacked = 0
    for mark in run:
        stacked += stacks(mark)
        if stacks(mark) and stacked > _MOST_STACKED:
            continue
        kept.append(mark)
    return "".join(kept[:_MOST_MARKS])


def stacks(mark: str) -> bool:
    """Whether this combining mark is set above, below or around the letter, where more of them pile up."""
    return unicodedata.combining(mark) != 0 or unicodedata.category(mark) == "Me"
