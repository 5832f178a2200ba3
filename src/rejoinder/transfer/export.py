"""Leaving: everything of a site as lines of our own format, in an order that is always the same."""

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rejoinder.articles.models import ArticleSource
from rejoinder.comments.models import Status, ThreadState
from rejoinder.db import Database, Tx, show_id
from rejoinder.sites.models import Site
from rejoinder.transfer.jsonl import FORMAT, VERSION
from rejoinder.transfer.models import TextFormat
from rejoinder.transfer.queries import leaving
from rejoinder.transfer.queries.leaving import LeavingArticle, LeavingComment, LeavingText, LeavingVote, Named
from rejoinder.transfer.run import AT_ONCE

Fields = dict[str, Any]

ARTICLES_AT_ONCE = 50

_DEFAULTS: Fields = {
    "format": "markdown",
    "status": "published",
    "state": "public",
    "discussion": "open",
    "kind": "comment",
    "up": 0,
    "down": 0,
}


def export_lines(
    db: Database, site: Site, *, keep_addresses: bool, tell: Callable[[int], None] = lambda comments: None
) -> Iterator[str]:
    """Every line of an archive, each with its end; `tell` hears how many comments were written.

    E-mail addresses are left out unless `keep_addresses`. What is not in it: accounts, credentials, decisions.
    """
    yield _line({"format": FORMAT, "version": VERSION, "origin": site.base_url})
    rules = site.rules.model_dump(mode="json", exclude_defaults=True)
    if rules:
        yield _line({"type": "site", "rules": rules})
    written = 0
    for article, fields in _articles(db, site):
        yield _line(fields)
        if article.thread_id is None:
            continue
        for page in _comments(db, site, article.thread_id, keep_addresses=keep_addresses):
            yield from map(_line, page)
            written += sum(fields["type"] == "comment" for fields in page)
            tell(written)


def _line(fields: Fields) -> str:
    """A record without what says nothing; its fields stand in the order in which they were written."""
    told = {
        name: value
        for name, value in fields.items()
        if value is not None
        and value not in ({}, [], False)
        and (name == "type" or value != _DEFAULTS.get(name))
    }
    if "version" in fields:
        told = fields
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def _articles(db: Database, site: Site) -> Iterator[tuple[LeavingArticle, Fields]]:
    after = 0
    while page := db.read_now(_load_articles, site, after):
        yield from page
        after = page[-1][0].id


def _load_articles(tx: Tx, site: Site, after: int) -> list[tuple[LeavingArticle, Fields]]:
    articles = leaving.articles_after(tx, site.id, after, ARTICLES_AT_ONCE)
    ids = [article.id for article in articles]
    aliases: dict[int, list[str]] = {}
    for alias in leaving.aliases_of(tx, site.id, ids):
        aliases.setdefault(alias.article_id, []).append(alias.url)
    names = _by_id(leaving.names_of(tx, site.id, "article", ids))
    return [(a, _article(a, aliases.get(a.id, []), names.get(a.id, []))) for a in articles]


def _article(article: LeavingArticle, aliases: list[str], names: Sequence[Named]) -> Fields:
    byline = article.byline.model_dump(mode="json", exclude_defaults=True)
    return {
        "type": "article",
        "id": show_id(article.id),
        "url": article.url,
        "title": article.title,
        "language": article.language,
        "section": article.section,
        "lead": article.lead,
        "byline": byline["text"] if list(byline) == ["text"] else byline,
        "origin": article.origin.model_dump(mode="json", exclude_none=True) if article.origin else None,
        "image": article.image.model_dump(mode="json", exclude_defaults=True) if article.image else None,
        "published": _time(article.published_at),
        "updated": _time(article.updated_at),
        "state": article.state,
        "discussion": article.discussion,
        "closes": _time(article.close_at),
        "closed": article.thread_state == ThreadState.CLOSED,
        "thread": show_id(article.thread_id) if article.thread_id is not None else None,
        "aliases": aliases,
        **_text_of(article, names),
        **_names(names, show_id(article.id)),
    }


def _text_of(article: LeavingArticle, names: Sequence[Named]) -> Fields:
    text = zlib.decompress(article.text).decode()
    is_markdown = article.source == ArticleSource.FOLDER or any(
        name.seen_as == TextFormat.MARKDOWN for name in names
    )
    return {("markdown" if is_markdown else "html"): text or None}


def _by_id(names: Sequence[Named]) -> dict[int, list[Named]]:
    by_id: dict[int, list[Named]] = {}
    for name in names:
        by_id.setdefault(name.local_id, []).append(name)
    return by_id


def _names(names: Sequence[Named], own: str) -> Fields:
    """What it was called before, and what was kept from there; our own name for it is its id already."""
    sources = [
        {"system": name.system, "origin": name.origin, "id": name.source_id}
        for name in names
        if (name.system, name.source_id) != (FORMAT, own)
    ]
    extras: Fields = {}
    for name in names:
        extras |= name.extras or {}
    return {"sources": sources, "extras": dict(sorted(extras.items()))}


def _comments(db: Database, site: Site, thread_id: int, *, keep_addresses: bool) -> Iterator[list[Fields]]:
    after = 0
    while (page := db.read_now(_load_comments, site, thread_id, after)).comments:
        yield list(_records(page, keep_addresses=keep_addresses))
        after = page.comments[-1].id


@dataclass(frozen=True, slots=True)
class _Page:
    """Some comments of a thread, with all that belongs to them."""

    comments: list[LeavingComment]
    texts: dict[int, list[LeavingText]]
    votes: dict[int, list[LeavingVote]]
    names: dict[int, list[Named]]


def _load_comments(tx: Tx, site: Site, thread_id: int, after: int) -> _Page:
    comments = leaving.comments_after(tx, site.id, thread_id, after, AT_ONCE)
    ids = [comment.id for comment in comments]
    texts: dict[int, list[LeavingText]] = {}
    for text in leaving.texts_of(tx, ids):
        texts.setdefault(text.comment_id, []).append(text)
    votes: dict[int, list[LeavingVote]] = {}
    for vote in leaving.votes_of(tx, ids):
        votes.setdefault(vote.comment_id, []).append(vote)
    return _Page(comments, texts, votes, _by_id(leaving.names_of(tx, site.id, "comment", ids)))


def _records(page: _Page, *, keep_addresses: bool) -> Iterator[Fields]:
    for comment in page.comments:
        own = show_id(comment.id)
        yield {
            **_comment(comment, keep_addresses=keep_addresses),
            **_texts(comment, page.texts.get(comment.id, [])),
            **_names(page.names.get(comment.id, []), own),
        }
        for vote in page.votes.get(comment.id, []):
            yield {
                "type": "vote",
                "comment": own,
                "voter": show_id(vote.voter),
                "value": vote.value,
                "at": _time(vote.at),
                "waits": vote.counts_from is None,
            }


def _comment(comment: LeavingComment, *, keep_addresses: bool) -> Fields:
    author: Fields = {"name": comment.name, "email": comment.email if keep_addresses else None}
    author |= {"website": comment.website, "id": show_id(comment.author_id)}
    is_gone = comment.status is Status.DELETED
    return {
        "type": "comment",
        "id": show_id(comment.id),
        "article": show_id(comment.article_id),
        "parent": show_id(comment.parent_id) if comment.parent_id is not None else None,
        "author": None if is_gone else {name: value for name, value in author.items() if value},
        "posted": _time(comment.posted_at),
        "placed": _time(comment.placed_at) if comment.placed_at != comment.posted_at else None,
        "status": comment.status,
        "kind": comment.kind,
        "label": comment.label,
        "url": comment.origin_url,
        "language": comment.language,
        "up": comment.up + comment.imported_up,
        "down": comment.down + comment.imported_down,
        "score": comment.imported_score,
        "pinned": comment.pinned_until is not None,
        "closed": _time(comment.closed_at),
    }


def _texts(comment: LeavingComment, texts: Sequence[LeavingText]) -> Fields:
    """The text that stands (or else the one that waits), those before it, and one that waits to take its place."""
    if comment.status is Status.DELETED:
        return {}
    n = comment.revision_published or comment.revision_pending or 1
    by_n = {text.n: text for text in texts}
    current = by_n.get(n)
    waiting = by_n.get(comment.revision_pending or 0) if comment.revision_published else None
    return {
        "text": current.text if current else None,
        "format": current.format if current else None,
        "edited": _time(current.at) if current and n > 1 else None,
        "reason": current.reason if current else None,
        "revisions": [_text(text) for text in texts if text.n < n],
        "pending": _text(waiting) if waiting and comment.status is Status.PUBLISHED else None,
    }


def _text(text: LeavingText) -> Fields:
    fields = {"text": text.text, "format": text.format, "at": _time(text.at), "reason": text.reason}
    return {name: value for name, value in fields.items() if value is not None}


def _time(at: datetime | None) -> str | None:
    """RFC 3339 in UTC to the millisecond."""
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
