"""What people may ask of us about what they left here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Wish(StrEnum):
    """What becomes of somebody's comments: removed, or kept without their name."""

    REMOVE = "remove"
    UNSIGN = "unsign"


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody's wish on its way: how many comments it is about, and how many are done."""

    id: int
    site_id: int
    wish: Wish
    asked_at: datetime
    comments: int
    done: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class MailLink:
    """A link for an address that asked for one; `counted` is as what its mail was counted."""

    id: int
    site_id: int
    email: str
    language: str
    counted: bytes
    expires_at: datetime
