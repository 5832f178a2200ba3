"""Names that look alike: Unicode's table of confusable characters (UTS #39), applied to whole names."""

import json
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

import regex

_IGNORED = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_SMALL_CAPITAL = regex.compile(r"LATIN LETTER SMALL CAPITAL (?=[A-Z]$)")
_GAPS = regex.compile(r"[\p{P}\p{Z}]")


def skeleton(text: str) -> str:
    """Return the text with every character replaced by the one it may be taken for (UTS #39, section 4)."""
    prototypes = _prototypes()
    decomposed = _IGNORED.sub("", unicodedata.normalize("NFD", text))
    seen = "".join(prototypes.get(character, character) for character in decomposed)
    return unicodedata.normalize("NFD", seen)


@lru_cache(maxsize=1024)  # of the same few names, the staff's among them
def looks(name: str) -> frozenset[str]:
    """Return the forms a name may be read as; two names that share one can be taken for each other.

    Case, blanks and punctuation make no difference, and small i counts as small l, which a capital I is taken for.
    """
    compatible = _large(unicodedata.normalize("NFKC", name)).casefold()
    return frozenset((_look(name), _look(compatible)))


def _large(text: str) -> str:
    """Write small capitals (ʙᴏʙ) as capitals; to Unicode they are letters of their own, to a reader they are not."""
    names = ((character, unicodedata.name(character, "")) for character in text)
    return "".join(_SMALL_CAPITAL.sub("", name) if _SMALL_CAPITAL.match(name) else one for one, name in names)


def imitates(name: str, reserved: Iterable[str]) -> bool:
    """Whether a name can be taken for one of the reserved names, or is one of them."""
    forms = looks(name)
    return any(not forms.isdisjoint(looks(other)) for other in reserved)


def _look(name: str) -> str:
    # Folded between two skeletons: a Greek capital Nu is first seen as N, while its small letter would be seen as v.
    seen = skeleton(skeleton(name).casefold()).replace("i", "l")
    return _GAPS.sub("", seen) or seen


@cache
def _prototypes() -> dict[str, str]:
    """Return what each confusable character may be taken for.

    The package holds every pair of Unicode's table in both directions. A prototype is listed with all that resemble
    it; what resembles it is listed with the prototype alone.
    """
    table = _table()
    prototypes = {}
    for character, others in table.items():
        if len(character) == 1 and len(others) == 1 and _leads(others[0], character, table):
            prototypes[character] = others[0]
    return {
        character: "".join(prototypes.get(part, part) for part in unicodedata.normalize("NFD", prototype))
        for character, prototype in prototypes.items()
    }


def _leads(one: str, other: str, table: dict[str, list[str]]) -> bool:
    """Whether `one` is the prototype of a pair; in a pair of two alone it is the sequence, or the lower code point."""
    if len(one) > 1 or len(table[one]) > 1:
        return True
    return one < other


def _table() -> dict[str, list[str]]:
    source = files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8")
    table: dict[str, list[str]] = {}
    # Of each {"c": character, "n": its name} only the character is kept while reading: the names take megabytes.
    read = json.loads(source, object_hook=lambda entry: entry["c"] if len(entry) == 2 else entry)
    for character, others in read.items():
        # The file wraps right-to-left entries in left-to-right marks.
        listed = table.setdefault(character.strip("\u200e"), [])
        listed.extend(other.strip("\u200e") for other in others)
    return table
