"""What happened to a score, for those who follow it (`subscribers.py`)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ScoreMoved:
    """The votes of a comment changed; readers see it within seconds, not at once."""

    site_id: int
    thread_id: int
    at: datetime
