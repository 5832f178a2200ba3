"""Every SQL statement on limits and fingerprints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Tx, to_ms
from rejoinder.screening.fingerprint import Fingerprint

_WIDTH = 14  # signs of a moment: thirteen digits of milliseconds, enough until 2286, and a blank


@dataclass(frozen=True, slots=True)
class Counted:
    """A subject's recent acts."""

    subject: bytes
    times: str

    @property
    def moments(self) -> list[int]:
        """When they were, in milliseconds, as they came."""
        return [int(time) for time in self.times.split()]


def append_time(
    tx: Tx, site_id: int, act: str, *, one: bytes, network: bytes, kept: int, now: datetime
) -> list[Counted]:
    """Add a moment behind those of a visitor or mailbox and of a network; so many are kept, and all are returned."""
    return tx.all(
        Counted,
        """
        INSERT INTO limits (site_id, subject, act, times, touched_at)
        VALUES (:site_id, :one, :act, :time, :now), (:site_id, :network, :act, :time, :now)
        ON CONFLICT (site_id, subject, act) DO UPDATE SET touched_at = :now,
            times = substr(limits.times, CASE WHEN length(limits.times) > :longest
                THEN CAST(length(limits.times) - :longest + 1 AS INTEGER) ELSE 1 END) || excluded.times
        RETURNING subject, times
        """,
        site_id=site_id,
        one=one,
        network=network,
        act=act,
        time=f"{to_ms(now):0{_WIDTH - 1}d} ",
        longest=kept * _WIDTH,
        now=now,
    )


def drop_last_time(tx: Tx, site_id: int, act: str, subjects: Sequence[bytes]) -> None:
    tx.run(
        """
        UPDATE limits SET times = substr(times, 1, CAST(length(times) - :width AS INTEGER))
        WHERE site_id = :site_id AND act = :act AND subject IN :subjects AND length(times) >= :width
        """,
        site_id=site_id,
        act=act,
        subjects=subjects,
        width=_WIDTH,
    )


def forget_limits(tx: Tx, act: str, before: datetime) -> int:
    return tx.run("DELETE FROM limits WHERE act = :act AND touched_at < :before", act=act, before=before)


def insert_fingerprint(
    tx: Tx,
    site_id: int,
    print_: Fingerprint,
    *,
    comment_id: int,
    place_id: int,
    network: bytes,
    now: datetime,
) -> None:
    tx.run(
        """
        INSERT INTO fingerprints (site_id, fingerprint, comment_id, text_hash, place_id, network, at)
        VALUES (:site_id, :fingerprint, :comment_id, :text_hash, :place_id, :network, :now)
        ON CONFLICT (site_id, fingerprint, comment_id) DO NOTHING
        """,
        site_id=site_id,
        fingerprint=print_.near,
        comment_id=comment_id,
        text_hash=print_.exact,
        place_id=place_id,
        network=network,
        now=now,
    )


def forget_fingerprints(tx: Tx, before: datetime) -> int:
    return tx.run("DELETE FROM fingerprints WHERE at < :before", before=before)
