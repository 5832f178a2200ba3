"""Comments and pings of a WordPress export, with what wpDiscuz knows of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import unescape
from typing import Any

from rejoinder.comments.models import Kind, Label, Status
from rejoinder.transfer.checking import check_record
from rejoinder.transfer.models import Fault, Mended, Record, TextFormat
from rejoinder.transfer.php import NotSerialised, Value, read_php
from rejoinder.transfer.wordpress.blog import Blog, Post, id_of, line_of
from rejoinder.transfer.wordpress.texts import comment_html
from rejoinder.transfer.wordpress.times import read_times
from rejoinder.transfer.xml import Element

LONGEST = 100_000
"""Characters of a comment: WordPress itself keeps 65,535 bytes."""

_PINGS = ("pingback", "trackback")
_STICKY = "wpdiscuz_sticky"
_COMMENTS = ("", "comment", _STICKY, "review")
_NEVER_PUBLIC = ("note", "private", "order_note", "action_log")
_STATUS: Mapping[str, Status] = {
    "1": Status.PUBLISHED,
    "approve": Status.PUBLISHED,
    "approved": Status.PUBLISHED,
    "0": Status.HELD,
    "hold": Status.HELD,
    "spam": Status.SPAM,
    "trash": Status.REMOVED,
    "post-trashed": Status.REMOVED,
}
_SHOWN_TO_SOMEBODY = (Status.PUBLISHED, Status.HELD)

_VOTES, _UP_AND_DOWN = "wpdiscuz_votes", "wpdiscuz_votes_seperate"
_CLOSED, _EDITED = "wpdiscuz_closed", "wpdiscuz_last_edited_at"
_READ = frozenset({_VOTES, _UP_AND_DOWN, _CLOSED, _EDITED})
_LEFT_OUT = ("_", "akismet_", "hc_avatar", "wpdiscuz_last_edited_by")
"""How fields begin that are of no use here, or about people."""


def read_comment(element: Element, post: Post, blog: Blog) -> Iterator[Record | Fault | Mended]:
    """A comment or ping as a record, behind what had to be assumed of it; or why it is left out."""
    number, kind = line_of(element, "wp:comment_id"), line_of(element, "wp:comment_type").lower()
    status = _STATUS.get(line_of(element, "wp:comment_approved").lower())
    if (fault := _fault(element, post, blog, kind=kind, status=status)) is not None:
        yield fault
        return
    if status is None:
        status = Status.HELD
        yield Mended("status", f"comment {number}: nothing says that it was approved, so it waits")
    posted, assumed = read_times(
        element.text_of("wp:comment_date_gmt"), element.text_of("wp:comment_date"), blog.time_zone
    )
    if assumed:
        yield Mended("time", f"comment {number}: {assumed}")
    values: dict[str, Any] = {
        "id": f"{post.id}/{number}",
        "article": post.id,
        "posted": posted,
        "status": status,
    }
    if status in _SHOWN_TO_SOMEBODY:
        values |= _words(element, post) | _meta(element, posted)
    if kind in _PINGS:
        values |= {"kind": Kind.PING, "url": line_of(element, "wp:comment_author_url")}
    else:
        parent = id_of(element, "wp:comment_parent")
        values |= {"parent": f"{post.id}/{parent}" if parent else None, "pinned": kind == _STICKY}
    yield check_record("comment", values)


def _fault(element: Element, post: Post, blog: Blog, *, kind: str, status: Status | None) -> Fault | None:
    number = line_of(element, "wp:comment_id")
    if element.is_cut:
        return Fault("comment", "unreadable", f"comment {number} is cut off: the file ends in it")
    if not number or not post.id:
        return Fault("comment", "invalid", "this comment has no id")
    if kind not in (*_COMMENTS, *_PINGS):
        why = "is never public" if kind in _NEVER_PUBLIC else "is nothing that this program knows"
        sentence = f"comment {number} is of the kind {kind!r:.60}, which {why}"
        return Fault("comment", blog.name_kind(kind), sentence)
    if kind in _PINGS and status in (Status.SPAM, Status.REMOVED):
        return Fault("comment", status.value, f"the {kind} {number} is {status.value}")
    if len(element.text_of("wp:comment_content") or "") > LONGEST:
        return Fault("comment", "too-long", f"comment {number} has more than {LONGEST} characters")
    return None


def _words(element: Element, post: Post) -> dict[str, Any]:
    """Who says what; of what is spam or in the bin nothing is read but its place."""
    user = id_of(element, "wp:comment_user_id")
    website = line_of(element, "wp:comment_author_url")
    return {
        "author": {
            "name": unescape(line_of(element, "wp:comment_author")),
            "email": line_of(element, "wp:comment_author_email") or None,
            "website": None if website in ("http://", "https://") else website or None,
            "id": f"user {user}" if user else None,
        },
        "text": comment_html(element.text_of("wp:comment_content") or ""),
        "format": TextFormat.HTML,
        "label": Label.AUTHOR if user and user == post.writer_id else None,
    }


def _meta(element: Element, posted: datetime | None) -> dict[str, Any]:
    """What plugins keep beside a comment: votes, times, and as extras all that has no home here yet.

    Since when a branch is closed nobody knows: since its first comment is as good as any.
    """
    meta = {
        name: entry.text_of("wp:meta_value") or ""
        for entry in element.all("wp:commentmeta")
        if (name := line_of(entry, "wp:meta_key"))
    }
    edited, _ = read_times(meta.get(_EDITED), None, None)
    closed = posted if meta.get(_CLOSED) == "1" else None
    extras = {
        name: _value(text)
        for name, text in meta.items()
        if name not in _READ and not name.startswith(_LEFT_OUT) and len(text) <= LONGEST
    }
    return {**_votes(meta), "edited": edited, "closed": closed, "extras": extras}


def _votes(meta: Mapping[str, str]) -> dict[str, int]:
    """Votes for and against, where they are told apart; else their sum."""
    apart = _value(meta[_UP_AND_DOWN]) if _UP_AND_DOWN in meta else None
    if isinstance(apart, dict):
        return {"up": _count(apart.get("like")), "down": _count(apart.get("dislike"))}
    return {"score": int(meta[_VOTES])} if _is_number(meta.get(_VOTES, "")) else {}


def _count(value: Value) -> int:
    return int(value) if isinstance(value, int | str) and _is_number(str(value)) and int(value) > 0 else 0


def _is_number(text: str) -> bool:
    return len(text) <= 10 and text.removeprefix("-").isdecimal() and text.isascii()


def _value(text: str) -> Value:
    try:
        return read_php(text)
    except NotSerialised:
        return text
