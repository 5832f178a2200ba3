"""What happened to who is known here, for those who follow it (`subscribers.py`)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BrowserJoined:
    """Somebody signed in on a browser that was nobody's: what it did is theirs."""

    site_id: int
    visitor_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """A code is to be sent to the address that somebody gave."""

    site_id: int
    code_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Renamed:
    """A member has another name, and so has all they signed."""

    site_id: int
    account_id: int
    at: datetime
