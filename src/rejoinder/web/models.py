"""Records of `web/`'s own two tables."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Key:
    """32 random bytes for one purpose, until their end."""

    purpose: str
    made_at: datetime
    ends_at: datetime
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A write that may be sent twice: whose it is (a visitor or a network), its key, and a hash of what it asks."""

    site_id: int
    scope: bytes
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a first attempt asked and was answered."""

    request_hash: bytes
    answer: str
