"""Statements on runs of imports, and on the records that wait in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Tx, as_json
from rejoinder.transfer.plan import Outline


@dataclass(frozen=True, slots=True)
class Run:
    """An import under way: `report` is its progress as JSON."""

    id: int
    started_at: datetime
    report: str


def unfinished_runs(tx: Tx, site_id: int, format_: str) -> list[Run]:
    return tx.all(
        Run,
        """
        SELECT id, started_at, report FROM imports
        WHERE site_id = :site_id AND format = :format AND finished_at IS NULL AND undo IS NULL ORDER BY id
        """,
        site_id=site_id,
        format=format_,
    )


def insert_run(tx: Tx, run: Run, site_id: int, format_: str, files: Sequence[str]) -> None:
    tx.run(
        """
        INSERT INTO imports (id, site_id, format, files, started_at, report)
        VALUES (:id, :site_id, :format, :files, :started_at, :report)
        """,
        id=run.id,
        site_id=site_id,
        format=format_,
        files=as_json(files),
        started_at=run.started_at,
        report=run.report,
    )


def set_progress(tx: Tx, run_id: int, report: str, finished_at: datetime | None = None) -> int:
    """Whether there is still a run to note it of: not when it is being undone."""
    return tx.run(
        "UPDATE imports SET report = :report, finished_at = :finished_at WHERE id = :id AND undo IS NULL",
        id=run_id,
        report=report,
        finished_at=finished_at,
    )


def delete_run(tx: Tx, run_id: int) -> None:
    tx.run("DELETE FROM imports WHERE id = :id", id=run_id)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record on its way in. `belongs_to`: a comment's article, a vote's comment; `stands`: status, or what became of it."""

    kind: str
    source_id: str
    belongs_to: str
    place: int
    local_id: int
    parent: str | None
    at: datetime | None
    stands: str
    record: str


def insert_arrivals(tx: Tx, run_id: int, arrivals: Sequence[Arrival]) -> None:
    """An id that came before in the same run stays what it was."""
    tx.run_many(
        """
        INSERT INTO arrivals (import_id, kind, source_id, belongs_to, place, local_id, parent, at, stands, record)
        VALUES (:run_id, :kind, :source_id, :belongs_to, :place, :local_id, :parent, :at, :stands, :record)
        ON CONFLICT DO NOTHING
        """,
        [
            {
                "run_id": run_id,
                "kind": a.kind,
                "source_id": a.source_id,
                "belongs_to": a.belongs_to,
                "place": a.place,
                "local_id": a.local_id,
                "parent": a.parent,
                "at": a.at,
                "stands": a.stands,
                "record": a.record,
            }
            for a in arrivals
        ],
    )


def known_ids(tx: Tx, run_id: int, kind: str, source_ids: Sequence[str]) -> list[str]:
    """Which of these ids came before in the same run."""
    return tx.values(
        """
        SELECT source_id FROM arrivals
        WHERE import_id = :run_id AND kind = :kind AND source_id IN :source_ids
        """,
        run_id=run_id,
        kind=kind,
        source_ids=source_ids,
    )


def count_comments(tx: Tx, run_id: int) -> int:
    count: int = tx.value(
        "SELECT count(*) FROM arrivals WHERE import_id = :run_id AND kind = 'comment'", run_id=run_id
    )
    return count


def next_article(tx: Tx, run_id: int, after: str) -> str | None:
    """The next article that comments of this run belong to, by its source id."""
    article: str | None = tx.value(
        """
        SELECT belongs_to FROM arrivals WHERE import_id = :run_id AND kind = 'comment' AND belongs_to > :after
        ORDER BY belongs_to LIMIT 1
        """,
        run_id=run_id,
        after=after,
    )
    return article


def outlines_of(tx: Tx, run_id: int, article: str) -> list[Outline]:
    return tx.all(
        Outline,
        """
        SELECT place, source_id, local_id, parent, at, stands FROM arrivals
        WHERE import_id = :run_id AND kind = 'comment' AND belongs_to = :article ORDER BY place
        """,
        run_id=run_id,
        article=article,
    )


def arrivals_with(tx: Tx, run_id: int, kind: str, source_ids: Sequence[str]) -> list[Arrival]:
    return tx.all(
        Arrival,
        """
        SELECT kind, source_id, belongs_to, place, local_id, parent, at, stands, record FROM arrivals
        WHERE import_id = :run_id AND kind = :kind AND source_id IN :source_ids
        """,
        run_id=run_id,
        kind=kind,
        source_ids=source_ids,
    )


def votes_on(tx: Tx, run_id: int, comments: Sequence[str]) -> list[Arrival]:
    return tx.all(
        Arrival,
        """
        SELECT kind, source_id, belongs_to, place, local_id, parent, at, stands, record FROM arrivals
        WHERE import_id = :run_id AND kind = 'vote' AND belongs_to IN :comments ORDER BY place
        """,
        run_id=run_id,
        comments=comments,
    )


def arrived_articles(tx: Tx, run_id: int, after: int, most: int, size: int) -> list[Arrival]:
    """The next articles: at most so many, and no more behind those that together have `size` characters."""
    return tx.all(
        Arrival,
        """
        SELECT kind, source_id, belongs_to, place, local_id, parent, at, stands, record FROM arrivals
        WHERE import_id = :run_id AND kind = 'article' AND belongs_to = '' AND place > :after AND place <= (
            SELECT max(place) FROM (
                SELECT place, sum(size) OVER (ORDER BY place) - size AS before FROM (
                    SELECT place, length(record) AS size FROM arrivals
                    WHERE import_id = :run_id AND kind = 'article' AND belongs_to = '' AND place > :after
                    ORDER BY place LIMIT :most
                ) sizes
            ) sums WHERE before < :size
        )
        ORDER BY place
        """,
        run_id=run_id,
        after=after,
        most=most,
        size=size,
    )


def arrived_votes(tx: Tx, run_id: int, after: str, most: int) -> list[Arrival]:
    return tx.all(
        Arrival,
        """
        SELECT kind, source_id, belongs_to, place, local_id, parent, at, stands, record FROM arrivals
        WHERE import_id = :run_id AND kind = 'vote' AND source_id > :after ORDER BY source_id LIMIT :most
        """,
        run_id=run_id,
        after=after,
        most=most,
    )


def set_stands(tx: Tx, run_id: int, kind: str, source_id: str, stands: str) -> None:
    """Note what became of an arrival."""
    tx.run(
        """
        UPDATE arrivals SET stands = :stands
        WHERE import_id = :run_id AND kind = :kind AND source_id = :source_id
        """,
        run_id=run_id,
        kind=kind,
        source_id=source_id,
        stands=stands,
    )


def last_of_next(tx: Tx, run_id: int, after: str, most: int) -> str | None:
    """The last of the next ids of a run."""
    last: str | None = tx.value(
        """
        SELECT max(source_id) FROM (
            SELECT source_id FROM arrivals WHERE import_id = :run_id AND source_id > :after
            ORDER BY source_id LIMIT :most
        ) next_ids
        """,
        run_id=run_id,
        after=after,
        most=most,
    )
    return last


def clear_arrivals(tx: Tx, run_id: int, after: str, last: str) -> None:
    """Forget the arrivals of a run between two ids."""
    tx.run(
        "DELETE FROM arrivals WHERE import_id = :run_id AND source_id > :after AND source_id <= :last",
        run_id=run_id,
        after=after,
        last=last,
    )
