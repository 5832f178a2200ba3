"""Statements on keys and on answers that are given again."""

from datetime import datetime

from rejoinder.db import Tx

from .models import Attempt, Key, StoredAnswer


def lock_keys(tx: Tx, until: datetime) -> None:
    """Let processes that begin at once make keys one after the other, so that all find those of the first."""
    tx.run(
        """
        INSERT INTO keys (purpose, made_at, ends_at, value) VALUES ('lock', 0, :until, :nothing)
        ON CONFLICT (purpose, made_at) DO UPDATE SET ends_at = excluded.ends_at
        """,
        until=until,
        nothing=b"",
    )


def list_keys(tx: Tx) -> list[Key]:
    """Every key that is kept, newest first."""
    return tx.all(Key, "SELECT purpose, made_at, ends_at, value FROM keys ORDER BY purpose, made_at DESC")


def insert_key(tx: Tx, key: Key) -> None:
    """Keep a new key."""
    tx.run(
        "INSERT INTO keys (purpose, made_at, ends_at, value) VALUES (:purpose, :made_at, :ends_at, :value)",
        purpose=key.purpose,
        made_at=key.made_at,
        ends_at=key.ends_at,
        value=key.value,
    )


def delete_ended_keys(tx: Tx, now: datetime) -> None:
    """Forget keys whose time is over."""
    tx.run("DELETE FROM keys WHERE ends_at <= :now", now=now)


def insert_answer(tx: Tx, attempt: Attempt, answer: str, *, expires_at: datetime, now: datetime) -> bool:
    """Whether this transaction is the first with this key; another one that has it is waited for."""
    changed = tx.run(
        """
        INSERT INTO idempotency (site_id, scope, key, request_hash, answer, expires_at)
        VALUES (:site_id, :scope, :key, :request_hash, :answer, :expires_at)
        ON CONFLICT (site_id, scope, key) DO UPDATE
        SET request_hash = excluded.request_hash, answer = excluded.answer, expires_at = excluded.expires_at
        WHERE idempotency.expires_at <= :now
        """,
        site_id=attempt.site_id,
        scope=attempt.scope,
        key=attempt.key,
        request_hash=attempt.request_hash,
        answer=answer,
        expires_at=expires_at,
        now=now,
    )
    return changed == 1


def get_answer(tx: Tx, attempt: Attempt) -> StoredAnswer:
    """What was answered under this key."""
    return tx.one(
        StoredAnswer,
        "SELECT request_hash, answer FROM idempotency WHERE site_id = :site_id AND scope = :scope AND key = :key",
        site_id=attempt.site_id,
        scope=attempt.scope,
        key=attempt.key,
    )


def move_answers(tx: Tx, site_id: int, *, before: bytes, after: bytes) -> None:
    """Let a browser that is known by another token from now on be answered again as before."""
    tx.run(
        "UPDATE idempotency SET scope = :after WHERE site_id = :site_id AND scope = :before",
        site_id=site_id,
        before=before,
        after=after,
    )


def delete_expired_answers(tx: Tx, now: datetime) -> int:
    """Forget answers whose day is over and say how many."""
    return tx.run("DELETE FROM idempotency WHERE expires_at <= :now", now=now)
