"""Statements that read what leaves in an archive, a page of rows at a time, in the order of ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.articles.models import Byline, Image, Origin
from rejoinder.comments.models import Kind, Label, Status
from rejoinder.db import Json, Tx


@dataclass(frozen=True, slots=True)
class LeavingArticle:
    """An article with its present text and its thread."""

    id: int
    url: str
    state: str
    source: str
    title: str
    language: str | None
    section: str | None
    lead: str | None
    byline: Byline
    origin: Origin | None
    image: Image | None
    published_at: datetime | None
    updated_at: datetime | None
    discussion: str
    close_at: datetime | None
    text: bytes
    thread_id: int | None
    thread_state: str | None


def articles_after(tx: Tx, site_id: int, after: int, most: int) -> list[LeavingArticle]:
    return tx.all(
        LeavingArticle,
        """
        SELECT a.id, a.url, a.state, a.source, a.title, a.language, a.section, a.lead, a.byline, a.origin, a.image,
               a.published_at, a.updated_at, a.discussion, a.close_at, r.text, t.id AS thread_id,
               t.state AS thread_state
        FROM articles a
        JOIN article_revisions r ON r.article_id = a.id AND r.n = a.revision
        LEFT JOIN threads t ON t.article_id = a.id
        WHERE a.site_id = :site_id AND a.id > :after ORDER BY a.id LIMIT :most
        """,
        site_id=site_id,
        after=after,
        most=most,
    )


@dataclass(frozen=True, slots=True)
class Alias:
    """An earlier address of an article."""

    article_id: int
    url: str


def aliases_of(tx: Tx, site_id: int, article_ids: Sequence[int]) -> list[Alias]:
    return tx.all(
        Alias,
        """
        SELECT article_id, url FROM article_aliases WHERE site_id = :site_id AND article_id IN :article_ids
        ORDER BY url
        """,
        site_id=site_id,
        article_ids=article_ids,
    )


@dataclass(frozen=True, slots=True)
class LeavingComment:
    """A comment with who signed it and which of its texts stands or waits."""

    id: int
    article_id: int
    parent_id: int | None
    kind: Kind
    status: Status
    label: Label | None
    origin_url: str | None
    language: str | None
    posted_at: datetime | None
    placed_at: datetime
    revision_published: int | None
    revision_pending: int | None
    up: int
    down: int
    imported_up: int
    imported_down: int
    imported_score: int | None
    pinned_until: datetime | None
    closed_at: datetime | None
    author_id: int
    name: str
    email: str | None
    website: str | None


def comments_after(tx: Tx, site_id: int, thread_id: int, after: int, most: int) -> list[LeavingComment]:
    return tx.all(
        LeavingComment,
        """
        SELECT c.id, t.article_id, c.parent_id, c.kind, c.status, c.label, c.origin_url, c.language, c.posted_at,
               c.placed_at, c.revision_published, c.revision_pending, c.up, c.down, c.imported_up, c.imported_down,
               c.imported_score, c.pinned_until, c.closed_at, c.author_id, a.name, a.email, a.website
        FROM comments c JOIN threads t ON t.id = c.thread_id JOIN authors a ON a.id = c.author_id
        WHERE c.site_id = :site_id AND c.thread_id = :thread_id AND c.id > :after ORDER BY c.id LIMIT :most
        """,
        site_id=site_id,
        thread_id=thread_id,
        after=after,
        most=most,
    )


@dataclass(frozen=True, slots=True)
class LeavingText:
    """One text of a comment."""

    comment_id: int
    n: int
    text: str
    format: str
    at: datetime
    reason: str | None


def texts_of(tx: Tx, comment_ids: Sequence[int]) -> list[LeavingText]:
    return tx.all(
        LeavingText,
        """
        SELECT comment_id, n, text, format, at, reason FROM comment_revisions WHERE comment_id IN :comment_ids
        ORDER BY comment_id, n
        """,
        comment_ids=comment_ids,
    )


@dataclass(frozen=True, slots=True)
class LeavingVote:
    """A vote with its voter, who is no more than a number."""

    comment_id: int
    voter: int
    value: int
    at: datetime
    counts_from: datetime | None


def votes_of(tx: Tx, comment_ids: Sequence[int]) -> list[LeavingVote]:
    return tx.all(
        LeavingVote,
        """
        SELECT comment_id, voter, value, at, counts_from FROM votes WHERE comment_id IN :comment_ids
        ORDER BY comment_id, at, voter
        """,
        comment_ids=comment_ids,
    )


@dataclass(frozen=True, slots=True)
class Named:
    """A name that something had at a source, with what was kept of it there."""

    local_id: int
    system: str
    origin: str
    source_id: str
    extras: Json[dict[str, object]] | None
    seen_as: str | None


def names_of(tx: Tx, site_id: int, kind: str, local_ids: Sequence[int]) -> list[Named]:
    return tx.all(
        Named,
        """
        SELECT local_id, system, origin, source_id, extras, seen_as FROM source_ids
        WHERE local_id IN :local_ids AND kind = :kind AND site_id = :site_id
        ORDER BY local_id, system, origin, source_id
        """,
        site_id=site_id,
        kind=kind,
        local_ids=local_ids,
    )
