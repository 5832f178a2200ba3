"""What happened, for those who follow it (`subscribers.py`)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """A link is to be sent to the address that somebody gave."""

    site_id: int
    link_id: int
    at: datetime
