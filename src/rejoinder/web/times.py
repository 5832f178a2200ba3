"""Times and numbers as readers see them: absolute, in the site's zone and the page's language."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

# Written out, not left to the locale's short form: a day before its month, and 24 hours, in every English-speaking country.
_DATE = {"en": "d MMMM y"}
_TIME = {"en": "HH:mm"}


def show_time(moment: datetime, zone: str, language: str) -> str:
    """A moment as "12 May 2026, 09:14"."""
    local = moment.astimezone(ZoneInfo(zone))
    comma = "، " if language == "ar" else ", "
    return f"{_date(local.date(), language)}{comma}{_clock(time(local.hour, local.minute), language)}"


def show_day(moment: datetime, zone: str, language: str) -> str:
    """The day of a moment as "12 May 2026"."""
    return _date(moment.astimezone(ZoneInfo(zone)).date(), language)


# Days and minutes of the day are kept apart: no two comments share a moment, and Babel takes 20 µs for each part.
@lru_cache(maxsize=2048)
def _date(day: date, language: str) -> str:
    return format_date(day, _DATE.get(language, "long"), locale=Locale.parse(language))


@lru_cache(maxsize=3 * 1440)
def _clock(minute: time, language: str) -> str:
    return format_time(minute, _TIME.get(language, "short"), locale=Locale.parse(language))


def show_iso(moment: datetime) -> str:
    """A moment as programs read it: RFC 3339, UTC, whole seconds."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


@lru_cache(maxsize=1024)
def show_number(number: int, language: str) -> str:
    """A number with the separators of the language."""
    return format_decimal(number, locale=language)
