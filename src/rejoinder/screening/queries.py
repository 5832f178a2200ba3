"""Every SQL statement on limits and fingerprints."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Tx
from rejoinder.screening.fingerprint import Fingerprint


@dataclass(frozen=True, slots=True)
class Spent:
    """The moments of a subject's recent acts: 8 bytes each, big-endian ms."""

    subject: bytes
    times: bytes


def lock_limits(
    tx: Tx, site_id: int, act: str, *, visitor: bytes, network: bytes, now: datetime
) -> list[Spent]:
    # The update takes the rows' locks, so that two acts of one subject are counted one after the other.
    return tx.all(
        Spent,
        """
        INSERT INTO limits (site_id, subject, act, times, touched_at)
        VALUES (:site_id, :visitor, :act, :none, :now), (:site_id, :network, :act, :none, :now)
        ON CONFLICT (site_id, subject, act) DO UPDATE SET touched_at = :now
        RETURNING subject, times
        """,
        site_id=site_id,
        visitor=visitor,
        network=network,
        act=act,
        none=b"",
        now=now,
    )


def set_limits(
    tx: Tx,
    site_id: int,
    act: str,
    *,
    visitor: bytes,
    network: bytes,
    visitor_times: bytes,
    network_times: bytes,
    now: datetime,
) -> None:
    tx.run(
        """
        INSERT INTO limits (site_id, subject, act, times, touched_at)
        VALUES (:site_id, :visitor, :act, :visitor_times, :now), (:site_id, :network, :act, :network_times, :now)
        ON CONFLICT (site_id, subject, act) DO UPDATE SET times = excluded.times
        """,
        site_id=site_id,
        act=act,
        visitor=visitor,
        network=network,
        visitor_times=visitor_times,
        network_times=network_times,
        now=now,
    )


def forget_limits(tx: Tx, before: datetime) -> int:
    return tx.run("DELETE FROM limits WHERE touched_at < :before", before=before)


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
