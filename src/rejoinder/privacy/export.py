"""All that is known of a person, as one JSON document that is written as it is read (docs/formats/person.md)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from rejoinder.comments.models import Status
from rejoinder.db import Database, Tx, show_id
from rejoinder.privacy.queries import erasing
from rejoinder.privacy.queries import exporting as queries
from rejoinder.privacy.queries.exporting import Comment, Text
from rejoinder.sites.models import Site

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMAT = "rejoinder-person"
VERSION = 1
AT_ONCE = 500

Fields = dict[str, Any]


def export_account(db: Database, site: Site, account_id: int, *, now: datetime) -> Iterator[str]:
    """Everything about somebody who has an account, piece by piece; blocks while it reads."""
    read = db.read_now
    browsers = read(queries.browsers_of, account_id)
    parts = {
        "account": map(_fields, read(queries.account_of, account_id)),
        "roles": map(_fields, read(queries.roles_of, account_id)),
        "identities": map(_fields, read(queries.identities_of, account_id)),
        "sessions": map(_fields, read(queries.sessions_of, account_id)),
        "passkeys": map(_fields, read(queries.passkeys_of, account_id)),
        "browsers": map(_fields, browsers),
        **_signed(db, site, read(erasing.authors_of_account, site.id, account_id)),
        "votes": _votes(db, [account_id, *(browser.id for browser in browsers)]),
        "decisions": _decisions(db, account_id),
        "settings": map(_fields, read(queries.changes_of, account_id)),
        "wishes": map(_fields, read(queries.wishes_of, account_id)),
    }
    yield from _document(site, parts, now)


def export_signed(db: Database, site: Site, author_ids: Sequence[int], *, now: datetime) -> Iterator[str]:
    """Everything that was signed with these: the same document for who has no account."""
    yield from _document(site, _signed(db, site, author_ids), now)


def _signed(db: Database, site: Site, author_ids: Sequence[int]) -> dict[str, Iterator[Fields]]:
    return {
        "signatures": map(_fields, db.read_now(queries.signatures, author_ids)),
        "comments": (fields for author_id in author_ids for fields in _comments(db, site, author_id)),
    }


def _document(site: Site, parts: Mapping[str, Iterator[Fields]], now: datetime) -> Iterator[str]:
    """A JSON object with a list for each part, a row a line."""
    head = {"format": FORMAT, "version": VERSION, "site": site.base_url, "made_at": _told("made_at", now)}
    yield "{" + ",\n".join(f"{_json(name)}:{_json(value)}" for name, value in head.items())
    for name, rows in parts.items():
        yield f",\n{_json(name)}:["
        for number, row in enumerate(rows):
            yield (",\n" if number else "\n") + _json(row)
        yield "]"
    yield "}\n"


def _comments(db: Database, site: Site, author_id: int) -> Iterator[Fields]:
    after = 0
    while found := db.read_now(_load_comments, author_id, after):
        yield from (_comment(site, comment, texts) for comment, texts in found)
        after = found[-1][0].id


def _load_comments(tx: Tx, author_id: int, after: int) -> list[tuple[Comment, list[Text]]]:
    comments = queries.comments_after(tx, author_id, after, AT_ONCE)
    texts: dict[int, list[Text]] = {}
    for text in queries.texts_of(tx, [comment.id for comment in comments]):
        texts.setdefault(text.comment_id, []).append(text)
    return [(comment, texts.get(comment.id, [])) for comment in comments]


def _comment(site: Site, comment: Comment, texts: Sequence[Text]) -> Fields:
    """A comment with all its texts; it stands where its author is told that it stands, and what judged it is not told."""
    told = _fields(replace(comment, status=comment.status.told))
    is_trapped = comment.status is Status.SPAM
    told["permalink"] = f"{site.base_url}/comments/{show_id(comment.id)}"
    told["texts"] = [_fields(replace(text, reason=None if is_trapped else text.reason)) for text in texts]
    return told


def _votes(db: Database, voters: Sequence[int]) -> Iterator[Fields]:
    for voter in voters:
        after = 0
        while votes := db.read_now(queries.votes_after, voter, after, AT_ONCE):
            yield from map(_fields, votes)
            after = votes[-1].comment_id


def _decisions(db: Database, account_id: int) -> Iterator[Fields]:
    after = 0
    while decisions := db.read_now(queries.decisions_after, account_id, after, AT_ONCE):
        yield from map(_fields, decisions)
        after = decisions[-1].id


def _fields(row: "DataclassInstance") -> Fields:
    """A row by the names of its columns; ids and times as the API writes them."""
    return {name: _told(name, getattr(row, name)) for name in _names(type(row))}


@cache
def _names(kind: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _told(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, int) and (name == "id" or name.endswith("_id")):
        return show_id(value)
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
