"""Days in running words, such as "18 April 2026" or "18. April 2026"."""

import re
from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError

_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_DAY = re.compile(r"(?<![\d:])\d{1,2}(?![\d:])")
_WORD = re.compile(r"[^\W\d_]+")


def find_day(words: str, language: str) -> date | None:
    """The one day that these words name, in the given language or in English; None if that is not certain."""
    iso = _ISO.search(words)
    if iso is not None:
        return _day(iso[0][:4], iso[0][5:7], iso[0][8:])
    names = _months("en") | _months(language)
    months = {names[word] for word in _WORD.findall(words.casefold()) if word in names}
    years, days = set(_YEAR.findall(words)), set(_DAY.findall(words))
    if len(months) != 1 or len(years) != 1 or len(days) != 1:
        return None
    return _day(years.pop(), months.pop(), days.pop())


def _day(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


@cache
def _months(language: str) -> dict[str, int]:
    """Names of months in one language, in full and short, case-folded, without their dots."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return {}
    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in locale.months[context][width].items():
                names[name.casefold().strip(".")] = number
    return names
