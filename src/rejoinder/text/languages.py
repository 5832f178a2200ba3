"""The languages that are spoken here: a closed set, each with its catalogue."""

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

LANGUAGES = ("en", "de", "ar")
DEFAULT_LANGUAGE = "en"
DOMAIN = "rejoinder"
CATALOGUES = Path(__file__).parent.parent / "web" / "locale"

_RIGHT_TO_LEFT = {"ar"}


def direction(language: str) -> str:
    """How a language runs: "ltr" or "rtl"."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of one language; where it has none, sentences stay English."""
    return Translations.load(CATALOGUES, [language], DOMAIN)
