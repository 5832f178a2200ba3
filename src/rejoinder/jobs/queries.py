"""Every SQL statement on the outbox."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Tx, as_json
from rejoinder.jobs.models import Job, Payload


def insert_job(
    tx: Tx, job_id: int, kind: str, payload: Payload, *, run_at: datetime, dedupe_key: str
) -> None:
    # The row that waits is locked: a worker that takes it meanwhile does so when this change is to be seen.
    tx.run(
        """
        INSERT INTO outbox (id, kind, dedupe_key, payload, run_at)
        VALUES (:id, :kind, :dedupe_key, :payload, :run_at)
        ON CONFLICT (dedupe_key) DO UPDATE SET kind = excluded.kind
        """,
        id=job_id,
        kind=kind,
        dedupe_key=dedupe_key,
        payload=as_json(payload),
        run_at=run_at,
    )


def is_due(tx: Tx, now: datetime) -> bool:
    found: int | None = tx.value(
        "SELECT 1 FROM outbox WHERE run_at <= :now AND leased_until <= :now LIMIT 1", now=now
    )
    return found is not None


def lease_jobs(tx: Tx, *, now: datetime, until: datetime, most: int) -> list[Job]:
    return tx.all(
        Job,
        """
        UPDATE outbox SET leased_until = :until, attempts = attempts + 1
        WHERE leased_until <= :now AND id IN (
            SELECT id FROM outbox WHERE run_at <= :now AND leased_until <= :now ORDER BY run_at LIMIT :most
        )
        RETURNING id, kind, payload, attempts
        """,
        now=now,
        until=until,
        most=most,
    )


def delete_job(tx: Tx, job_id: int) -> int:
    return tx.run("DELETE FROM outbox WHERE id = :id", id=job_id)


def put_back(tx: Tx, job_id: int, *, run_at: datetime, error: str) -> None:
    tx.run(
        "UPDATE outbox SET run_at = :run_at, leased_until = 0, last_error = :error WHERE id = :id",
        id=job_id,
        run_at=run_at,
        error=error,
    )


@dataclass(frozen=True, slots=True)
class Stuck:
    """Jobs of one kind that should have been done, and an error that one of them met."""

    kind: str
    jobs: int
    last_error: str | None


def stuck_jobs(tx: Tx, *, before: datetime, attempts: int) -> list[Stuck]:
    return tx.all(
        Stuck,
        """
        SELECT kind, count(*) AS jobs, max(last_error) AS last_error FROM outbox
        WHERE run_at <= :before OR attempts >= :attempts GROUP BY kind ORDER BY kind
        """,
        before=before,
        attempts=attempts,
    )
