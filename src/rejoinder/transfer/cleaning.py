"""What comes from elsewhere, made fit to be kept and shown: names, addresses, texts, dates, words of an article."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from rejoinder.db import read_id, whole_milliseconds
from rejoinder.errors import Invalid, NotFound
from rejoinder.text.addresses import check_email, check_website
from rejoinder.text.markdown import render_comment
from rejoinder.text.names import Name, fit_name
from rejoinder.text.plain import without_controls
from rejoinder.text.rendered import Rendered, render_html, render_plain
from rejoinder.transfer.models import ArrivingAuthor, Source, TextFormat

NO_NAME = Name("", "")

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
_ID_BITS = (1 << 63) - 1

Tell = Callable[[str, str], None]
"""Hears of a repair: its kind and a sentence."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs an imported comment, ready to be stored. `own_id` is the id they had, if it is one of ours."""

    own_id: int | None
    other_id: int
    name: Name
    email: str | None
    website: str | None


def clean_author(author: ArrivingAuthor, source: Source, *, keep_address: bool, tell: Tell) -> Author:
    """An author whose name and addresses can be shown; what can't is left out, and told."""
    name = clean_name(author.name, tell)
    website = _checked(check_website, author.website, "website", tell)
    email = _checked(check_email, author.email, "e-mail address", tell) if keep_address else None
    who = author.id or f"\n{name.key}"
    return Author(
        own_id(author.id, source),
        number_of(source, "author", who, name.text, website or "", email or ""),
        name,
        email,
        website,
    )


def clean_name(raw: str, tell: Tell) -> Name:
    """The name as we can show it; NO_NAME where nothing of it can be."""
    name = _fitted(raw)
    if name is None:
        if raw.strip():
            tell("name", f"the name {raw!r:.80} says nothing, so the comment has none.")
        return NO_NAME
    if name.text != raw.strip():
        tell("name", f"the name {raw!r:.80} is shown as {name.text!r:.80}.")
    return name


@lru_cache(maxsize=4096)
def _fitted(raw: str) -> Name | None:
    """Kept, because the same people wrote most of it, and a check takes a third of a millisecond."""
    return fit_name(
        raw, may_say_label=True
    )  # many an export has an "admin"; a label is drawn, so nobody has it by name


def _checked(check: Callable[[str], str | None], written: str | None, what: str, tell: Tell) -> str | None:
    if not written or not written.strip():
        return None
    try:
        return check(written)
    except Invalid:
        tell("address", f"{written!r:.80} is no {what}, so it is left out.")
        return None


def number_of(source: Source, *parts: str) -> int:
    """The same number for the same words of one source: no table has to remember it, and it leads nowhere back."""
    words = "\0".join((source.system, source.origin, *parts))
    digest = hashlib.blake2b(words.encode(), digest_size=8, person=b"rejoinder-import").digest()
    return int.from_bytes(digest, "big") & _ID_BITS


def voter_of(source: Source, voter: str) -> int:
    """Who voted, as a number: the same voter of one source is always the same."""
    own = own_id(voter, source)
    return own if own is not None else number_of(source, "voter", voter)


def own_id(id_: str | None, source: Source) -> int | None:
    """The id as one of ours, where the source's ids are ours."""
    if id_ is None or not source.keeps_ids:
        return None
    try:
        return read_id(id_) or None
    except NotFound:
        return None


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it was written, and as it is drawn."""

    source: str
    html: str


def clean_text(text: str, format_: TextFormat, *, images: bool, tell: Tell) -> Text:
    """A text with line ends as one newline and without controls, and the safe HTML of it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = without_controls(lines)
    if kept != lines:
        tell("controls", "held characters that are not text; they are left out.")
    return Text(kept, _render(kept, format_, images).html)


def _render(text: str, format_: TextFormat, images: bool) -> Rendered:
    if format_ is TextFormat.HTML:
        return render_html(text, images=images)
    return render_plain(text) if format_ is TextFormat.PLAIN else render_comment(text, images=images)


def clean_time(at: datetime | None, now: datetime) -> datetime | None:
    """The time to the millisecond; None where it can't be one at which somebody wrote."""
    if at is None or not _FIRST < at <= now + _AHEAD:
        return None
    return clean_moment(at)


def clean_moment(at: datetime | None) -> datetime | None:
    """A time to the millisecond, also one to come."""
    return None if at is None or at <= _FIRST else whole_milliseconds(at.astimezone(UTC))
