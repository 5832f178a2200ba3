"""Times as WordPress writes them: one in UTC, which may be missing, and one in the zone the blog had that day."""

from datetime import UTC, datetime, tzinfo

NEVER = "0000-00-00"


def read_times(utc: str | None, local: str | None, zone: tzinfo | None) -> tuple[datetime | None, str | None]:
    """When it was, or None, and what had to be assumed for it."""
    moment = _moment(utc)
    if moment is not None:
        return moment.replace(tzinfo=UTC), None
    moment = _moment(local)
    if moment is None:
        written = [text.strip() for text in (utc, local) if text and not text.strip().startswith(NEVER)]
        return None, f"{written[0]!r:.40} is no time, so its date is unknown" if any(written) else None
    if zone is None:
        return moment.replace(
            tzinfo=UTC
        ), "only its local time is known; it is taken for UTC (see --timezone)"
    try:
        return moment.replace(tzinfo=zone).astimezone(UTC), None
    except OverflowError:
        return None, f"{moment} is no time, so its date is unknown"


def _moment(text: str | None) -> datetime | None:
    if not text or text.strip().startswith(NEVER):
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None
