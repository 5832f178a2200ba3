"""Who changed a site's rules, and what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from rejoinder.db import Json


class Source(StrEnum):
    """Where a change of the rules came from."""

    PAGE = "page"
    COMMAND = "command"
    FILE = "file"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """Who changes the rules: a way in, and the account behind it where there is one."""

    source: Source
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One setting that somebody changed: from what, to what, and which version of the site that made."""

    id: int
    site_id: int
    at: datetime
    source: Source
    account_id: int | None
    version: int
    field: str
    before: Json[Any]
    after: Json[Any]
