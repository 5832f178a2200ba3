"""Statements on what is here already, by the names it had at its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.places import Place
from rejoinder.db import Bind, Tx


@dataclass(frozen=True, slots=True)
class Seen:
    """Something imported before: what it is here, and what was seen of it last (None: it came under another name)."""

    source_id: str
    local_id: int
    seen_hash: bytes | None
    seen_as: str | None


def seen(
    tx: Tx, site_id: int, *, system: str, origin: str, kind: str, source_ids: Sequence[str]
) -> dict[str, Seen]:
    rows = tx.all(
        Seen,
        """
        SELECT source_id, local_id, seen_hash, seen_as FROM source_ids
        WHERE site_id = :site_id AND system = :system AND origin = :origin AND kind = :kind
          AND source_id IN :source_ids
        """,
        site_id=site_id,
        system=system,
        origin=origin,
        kind=kind,
        source_ids=source_ids,
    )
    return {row.source_id: row for row in rows}


def insert_source_ids(tx: Tx, rows: Sequence[Mapping[str, Bind]]) -> None:
    """Remember under which name something came; `Conflict` when the same came by another import just now."""
    tx.run_many(
        """
        INSERT INTO source_ids (site_id, system, origin, kind, source_id, local_id, extras, seen_hash, seen_as,
                                import_id, made)
        VALUES (:site_id, :system, :origin, :kind, :source_id, :local_id, :extras, :seen_hash, :seen_as,
                :import_id, :made)
        """,
        rows,
    )


def add_names(tx: Tx, rows: Sequence[Mapping[str, Bind]]) -> None:
    """Remember further names; one that is known keeps what it means."""
    tx.run_many(
        """
        INSERT INTO source_ids (site_id, system, origin, kind, source_id, local_id, import_id)
        VALUES (:site_id, :system, :origin, :kind, :source_id, :local_id, :import_id) ON CONFLICT DO NOTHING
        """,
        rows,
    )


def set_seen(tx: Tx, rows: Sequence[Mapping[str, Bind]]) -> None:
    """Remember what was seen last under a name. A placeholder that an undo left belongs to the import that fills it."""
    tx.run_many(
        """
        UPDATE source_ids SET extras = :extras, seen_hash = :seen_hash, seen_as = :seen_as, local_id = :local_id,
               import_id = CASE WHEN seen_as = 'undone' THEN :import_id ELSE import_id END,
               made = CASE WHEN seen_as = 'undone' THEN 1 ELSE made END
        WHERE site_id = :site_id AND system = :system AND origin = :origin AND kind = :kind
          AND source_id = :source_id
        """,
        rows,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A comment that is here, as far as a reply to it needs to know."""

    id: int
    site_id: int
    thread_id: int
    kind: str
    root_id: int
    depth: int
    path: bytes
    placed_at: datetime

    @property
    def where(self) -> Place:
        """Its place, for a reply to stand below it."""
        return Place(self.root_id, self.depth, self.path, self.placed_at)


def standing(tx: Tx, ids: Sequence[int]) -> dict[int, Standing]:
    rows = tx.all(
        Standing,
        """
        SELECT id, site_id, thread_id, kind, root_id, depth, path, placed_at FROM comments WHERE id IN :ids
        """,
        ids=ids,
    )
    return {row.id: row for row in rows}


@dataclass(frozen=True, slots=True)
class Signed:
    """An author as comments are signed."""

    id: int
    site_id: int
    name: str
    email: str | None
    website: str | None


def authors(tx: Tx, ids: Sequence[int]) -> dict[int, Signed]:
    rows = tx.all(Signed, "SELECT id, site_id, name, email, website FROM authors WHERE id IN :ids", ids=ids)
    return {row.id: row for row in rows}


def article_taken(tx: Tx, article_id: int) -> bool:
    return tx.value("SELECT 1 FROM articles WHERE id = :id", id=article_id) is not None


def thread_taken(tx: Tx, thread_id: int) -> bool:
    return tx.value("SELECT 1 FROM threads WHERE id = :id", id=thread_id) is not None


@dataclass(frozen=True, slots=True)
class ThreadOf:
    """An article's thread, whatever the article's state; `id` is None where it has none yet."""

    article_id: int
    published_at: datetime | None
    id: int | None


def thread_of(tx: Tx, site_id: int, article_id: int) -> ThreadOf | None:
    return tx.maybe(
        ThreadOf,
        """
        SELECT a.id AS article_id, a.published_at, t.id FROM articles a LEFT JOIN threads t ON t.article_id = a.id
        WHERE a.site_id = :site_id AND a.id = :article_id
        """,
        site_id=site_id,
        article_id=article_id,
    )


@dataclass(frozen=True, slots=True)
class Address:
    """Where an article of a source stands here, if it does; and whether another of that source stands at an address."""

    own: str | None
    taken: bool


def address(
    tx: Tx, site_id: int, url: str, *, system: str, origin: str, kind: str, source_id: str
) -> Address:
    return tx.one(
        Address,
        """
        SELECT
            (
                SELECT a.url FROM source_ids s JOIN articles a ON a.id = s.local_id
                WHERE s.site_id = :site_id AND s.system = :system AND s.origin = :origin AND s.kind = :kind
                  AND s.source_id = :source_id
            ) AS own,
            EXISTS (
                SELECT 1 FROM articles a JOIN source_ids s ON s.local_id = a.id
                WHERE a.site_id = :site_id AND a.url = :url AND s.site_id = :site_id AND s.system = :system
                  AND s.origin = :origin AND s.kind = :kind AND s.source_id <> :source_id
            ) AS taken
        """,
        site_id=site_id,
        url=url,
        system=system,
        origin=origin,
        kind=kind,
        source_id=source_id,
    )
