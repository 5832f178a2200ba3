"""The languages pages are drawn in: a closed set, and part of the address, never of the browser's wishes."""

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from starlette.requests import Request

LANGUAGES = ("en", "de", "ar")
DEFAULT_LANGUAGE = "en"
DOMAIN = "rejoinder"
CATALOGUES = Path(__file__).parent / "locale"

_RIGHT_TO_LEFT = {"ar"}


def direction(language: str) -> str:
    """How a language runs: "ltr" or "rtl"."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of one language; where it has none, sentences stay English."""
    return Translations.load(CATALOGUES, [language], DOMAIN)


def language_of(request: Request) -> str:
    """The language an answer to this request is in: what its site or page set, else `?lang=`, else English."""
    language = getattr(request.state, "language", None) or request.query_params.get("lang")
    return language if language in LANGUAGES else DEFAULT_LANGUAGE
