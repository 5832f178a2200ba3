"""What is said in the demo's discussions, read from `discussions/*.yaml`: who, when, what, and what becomes of it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from rejoinder.accounts.models import Role

FOLDER = Path(__file__).parent / "discussions"
PEOPLE = "people.yaml"

_DURATION = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?")


def read_duration(written: Any) -> timedelta:
    """`4d 20h`, `35m`, `9d`."""
    parts = _DURATION.fullmatch(str(written))
    if parts is None or not any(parts.groups()):
        raise ValueError("must be a time such as 4d 20h 30m")
    days, hours, minutes = (int(part or 0) for part in parts.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def read_votes(written: Any) -> Any:
    """`21` or, with those against, `21 3`."""
    if not isinstance(written, int | str):
        return written
    up, _, down = str(written).partition(" ")
    return int(up), int(down or 0)


Duration = Annotated[timedelta, BeforeValidator(read_duration)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Part):
    """The text an author gave a comment some time after it was posted."""

    after: Duration
    text: str


class Removal(_Part):
    """Why staff removed a comment some time after it was posted."""

    after: Duration
    why: str


class Said(_Part):
    """One comment. A top-level one was posted so long `ago`, a reply so long `after` its parent."""

    by: str
    text: str
    ago: Duration | None = None
    after: Duration | None = None
    votes: Annotated[tuple[int, int], BeforeValidator(read_votes)] = (0, 0)
    pinned: bool = False
    undated: bool = False
    closed: Duration | None = None
    edited: Change | None = None
    deleted: Duration | None = None
    removed: Removal | None = None
    replies: tuple["Said", ...] = ()


class Mention(_Part):
    """A page elsewhere that mentions the article."""

    title: str
    url: str
    ago: Duration


class Script(_Part):
    """The discussion of one article; `closed` says how long ago it was closed."""

    article: str
    comments: tuple[Said, ...]
    mentions: tuple[Mention, ...] = ()
    closed: Duration | None = None


class People(_Part):
    """Who of those who comment works for the publication, and who has a website."""

    staff: dict[str, Role]
    websites: dict[str, str]


def read_scripts() -> list[Script]:
    """Every discussion of the demo."""
    paths = sorted(path for path in FOLDER.glob("*.yaml") if path.name != PEOPLE)
    return [Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in paths]


def read_people() -> People:
    """Who they are."""
    return People.model_validate(yaml.safe_load((FOLDER / PEOPLE).read_text(encoding="utf-8")))
