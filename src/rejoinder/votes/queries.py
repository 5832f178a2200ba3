"""Every SQL statement on votes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Tx
from rejoinder.votes.models import Vote


def find_vote(tx: Tx, comment_id: int, voter: int) -> Vote | None:
    return tx.maybe(
        Vote,
        """
        SELECT comment_id, thread_id, voter, value, counts_from FROM votes
        WHERE comment_id = :comment_id AND voter = :voter
        """,
        comment_id=comment_id,
        voter=voter,
    )


def put_vote(tx: Tx, vote: Vote, *, site_id: int, network: bytes | None, now: datetime) -> None:
    tx.run(
        """
        INSERT INTO votes (comment_id, voter, site_id, thread_id, value, at, counts_from, network)
        VALUES (:comment_id, :voter, :site_id, :thread_id, :value, :now, :counts_from, :network)
        ON CONFLICT (comment_id, voter) DO UPDATE SET value = :value
        """,
        comment_id=vote.comment_id,
        voter=vote.voter,
        site_id=site_id,
        thread_id=vote.thread_id,
        value=vote.value,
        now=now,
        counts_from=vote.counts_from,
        network=network,
    )


def delete_vote(tx: Tx, comment_id: int, voter: int) -> int:
    return tx.run(
        "DELETE FROM votes WHERE comment_id = :comment_id AND voter = :voter",
        comment_id=comment_id,
        voter=voter,
    )


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many new voters of one network were counted within the hour; `is_known` for who is none of them."""

    in_thread: int
    on_site: int
    is_known: bool


def crowd_of(
    tx: Tx, site_id: int, thread_id: int, *, voter: int, network: bytes, since: datetime, day_ago: datetime
) -> Crowd:
    return tx.one(
        Crowd,
        """
        SELECT
            (SELECT count(DISTINCT v.voter) FROM votes v
             WHERE v.site_id = :site_id AND v.network = :network AND v.at > :since AND v.thread_id = :thread_id
               AND v.counts_from IS NOT NULL AND v.voter <> :voter) AS in_thread,
            (SELECT count(DISTINCT v.voter) FROM votes v
             WHERE v.site_id = :site_id AND v.network = :network AND v.at > :since
               AND v.counts_from IS NOT NULL AND v.voter <> :voter) AS on_site,
            CASE WHEN EXISTS (SELECT 1 FROM visitors w WHERE w.id = :voter AND w.first_seen < :day_ago)
                   OR EXISTS (SELECT 1 FROM accounts m WHERE m.id = :voter AND m.created_at < :day_ago)
                   OR EXISTS (SELECT 1 FROM authors a JOIN comments c ON c.author_id = a.id
                              WHERE a.visitor_id = :voter AND c.status = 'published')
                   OR EXISTS (SELECT 1 FROM authors a JOIN comments c ON c.author_id = a.id
                              WHERE a.account_id = :voter AND c.status = 'published')
            THEN 1 ELSE 0 END AS is_known
        """,
        site_id=site_id,
        thread_id=thread_id,
        voter=voter,
        network=network,
        since=since,
        day_ago=day_ago,
    )


def waiting_votes(tx: Tx, site_id: int, voter: int) -> list[Vote]:
    return tx.all(
        Vote,
        """
        SELECT comment_id, thread_id, voter, value, counts_from FROM votes
        WHERE voter = :voter AND site_id = :site_id AND counts_from IS NULL
        ORDER BY thread_id, comment_id
        """,
        site_id=site_id,
        voter=voter,
    )


def count_from(tx: Tx, voter: int, now: datetime) -> None:
    """Count every vote of a voter; who is none of a crowd needs no network beside it."""
    tx.run(
        "UPDATE votes SET counts_from = :now, network = NULL WHERE voter = :voter AND counts_from IS NULL",
        voter=voter,
        now=now,
    )


def votes_given_twice(tx: Tx, visitor_id: int, account_id: int) -> list[Vote]:
    """Votes of a browser that its person has given as well."""
    return tx.all(
        Vote,
        """
        SELECT v.comment_id, v.thread_id, v.voter, v.value, v.counts_from
        FROM votes v JOIN votes own ON own.comment_id = v.comment_id AND own.voter = :account_id
        WHERE v.voter = :visitor_id ORDER BY v.thread_id, v.comment_id
        """,
        visitor_id=visitor_id,
        account_id=account_id,
    )


def votes_for_oneself(tx: Tx, account_id: int) -> list[Vote]:
    """Votes of a person on what they wrote, signed in or as a guest on one of their browsers."""
    return tx.all(
        Vote,
        """
        SELECT v.comment_id, v.thread_id, v.voter, v.value, v.counts_from
        FROM votes v
        JOIN comments c ON c.id = v.comment_id
        JOIN authors a ON a.id = c.author_id
        LEFT JOIN visitors w ON w.id = a.visitor_id
        WHERE v.voter = :account_id AND (a.account_id = :account_id OR w.account_id = :account_id)
        ORDER BY v.thread_id, v.comment_id
        """,
        account_id=account_id,
    )


def hand_over(tx: Tx, visitor_id: int, account_id: int) -> None:
    tx.run(
        "UPDATE votes SET voter = :account_id WHERE voter = :visitor_id",
        visitor_id=visitor_id,
        account_id=account_id,
    )


def votes_in_thread(tx: Tx, thread_id: int, voter: int) -> list[Vote]:
    return tx.all(
        Vote,
        """
        SELECT comment_id, thread_id, voter, value, counts_from FROM votes
        WHERE voter = :voter AND thread_id = :thread_id
        """,
        voter=voter,
        thread_id=thread_id,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted votes of a comment."""

    comment_id: int
    up: int
    down: int


def tallies(tx: Tx, comment_ids: Sequence[int]) -> list[Tally]:
    """Count the votes of comments from `votes` alone; a comment without one is not in the list."""
    return tx.all(
        Tally,
        """
        SELECT comment_id, count(CASE WHEN value > 0 THEN 1 END) AS up,
               count(CASE WHEN value < 0 THEN 1 END) AS down
        FROM votes WHERE comment_id IN :comment_ids AND counts_from IS NOT NULL GROUP BY comment_id
        """,
        comment_ids=comment_ids,
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """The votes that a comment says it has, imported ones left out."""

    id: int
    thread_id: int
    up: int
    down: int


def stored_sums(tx: Tx, *, after: int, most: int) -> list[Sums]:
    """Comments in the order of their ids."""
    return tx.all(
        Sums,
        "SELECT id, thread_id, up, down FROM comments WHERE id > :after ORDER BY id LIMIT :most",
        after=after,
        most=most,
    )


def forget_networks(tx: Tx, before: datetime) -> int:
    return tx.run("UPDATE votes SET network = NULL WHERE at < :before AND network IS NOT NULL", before=before)
