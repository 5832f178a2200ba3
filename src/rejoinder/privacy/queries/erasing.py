"""Statements that take people out of what they wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.db import Tx
from rejoinder.privacy.models import Erasure, Wish


def authors_of_account(tx: Tx, site_id: int, account_id: int) -> list[int]:
    """What somebody signed with, signed in or as a guest on a browser that is theirs."""
    return tx.values(
        """
        SELECT id FROM authors WHERE site_id = :site_id AND account_id = :account_id
        UNION
        SELECT a.id FROM visitors v JOIN authors a ON a.visitor_id = v.id
        WHERE v.site_id = :site_id AND v.account_id = :account_id AND a.account_id IS NULL
        ORDER BY id
        """,
        site_id=site_id,
        account_id=account_id,
    )


def authors_at(tx: Tx, site_id: int, email_key: str) -> list[int]:
    """What guests signed with who gave this address; not what is an account's."""
    return tx.values(
        """
        SELECT a.id FROM authors a LEFT JOIN visitors v ON v.id = a.visitor_id
        WHERE a.site_id = :site_id AND lower(a.email) = :email_key AND a.email IS NOT NULL
          AND a.account_id IS NULL AND v.account_id IS NULL
        ORDER BY a.id
        """,
        site_id=site_id,
        email_key=email_key,
    )


def authors_of_others_at(tx: Tx, site_id: int, email_key: str) -> list[int]:
    """What was signed with this address on browsers of members who have another: theirs, but for the address."""
    return tx.values(
        """
        SELECT a.id FROM authors a JOIN visitors v ON v.id = a.visitor_id JOIN accounts m ON m.id = v.account_id
        WHERE a.site_id = :site_id AND lower(a.email) = :email_key AND a.email IS NOT NULL
          AND a.account_id IS NULL AND coalesce(m.email_key, '') <> :email_key
        ORDER BY a.id
        """,
        site_id=site_id,
        email_key=email_key,
    )


def count_comments(tx: Tx, author_ids: Sequence[int]) -> int:
    count: int = tx.value(
        "SELECT count(*) FROM comments WHERE author_id IN :author_ids", author_ids=author_ids
    )
    return count


def insert_erasure(
    tx: Tx, erasure_id: int, site_id: int, wish: Wish, *, account_id: int | None, comments: int, now: datetime
) -> None:
    tx.run(
        """
        INSERT INTO erasures (id, site_id, account_id, wish, asked_at, comments, done)
        VALUES (:id, :site_id, :account_id, :wish, :now, :comments, 0)
        """,
        id=erasure_id,
        site_id=site_id,
        account_id=account_id,
        wish=wish,
        comments=comments,
        now=now,
    )


def insert_erasing(tx: Tx, erasure_id: int, author_ids: Sequence[int]) -> None:
    tx.run_many(
        "INSERT INTO erasing (erasure_id, author_id) VALUES (:erasure_id, :author_id)",
        [{"erasure_id": erasure_id, "author_id": author_id} for author_id in author_ids],
    )


def unname_authors(tx: Tx, author_ids: Sequence[int]) -> None:
    """Leave nothing of what was signed with, nor of whose it is."""
    tx.run_many(
        """
        UPDATE authors SET kind = 'guest', name = '', name_key = '', email = NULL, website = NULL, account_id = NULL,
               visitor_id = NULL
        WHERE id = :id
        """,
        [{"id": author_id} for author_id in author_ids],
    )


def find_erasure(tx: Tx, erasure_id: int) -> Erasure | None:
    return tx.maybe(
        Erasure,
        """
        SELECT id, site_id, wish, asked_at, comments, done, finished_at FROM erasures WHERE id = :id
        """,
        id=erasure_id,
    )


def erasures_of(tx: Tx, site_id: int, account_id: int) -> list[Erasure]:
    """What somebody asked for of late, the newest first."""
    return tx.all(
        Erasure,
        """
        SELECT id, site_id, wish, asked_at, comments, done, finished_at FROM erasures
        WHERE site_id = :site_id AND account_id = :account_id ORDER BY id DESC
        """,
        site_id=site_id,
        account_id=account_id,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A comment that an erasure has still to do."""

    id: int
    thread_id: int


def next_comments(tx: Tx, erasure_id: int, most: int) -> list[Place]:
    return tx.all(
        Place,
        """
        SELECT c.id, c.thread_id FROM erasing e JOIN comments c ON c.author_id = e.author_id
        WHERE e.erasure_id = :erasure_id ORDER BY c.author_id, c.id LIMIT :most
        """,
        erasure_id=erasure_id,
        most=most,
    )


def insert_nobody(tx: Tx, site_id: int) -> None:
    """Who signs what is nobody's: one author a site, without a name, and with the site's own number."""
    tx.run(
        """
        INSERT INTO authors (id, site_id, kind, name, name_key) VALUES (:site_id, :site_id, 'guest', '', '')
        ON CONFLICT (id) DO NOTHING
        """,
        site_id=site_id,
    )


def disown(tx: Tx, site_id: int, comment_ids: Sequence[int]) -> None:
    tx.run(
        """
        UPDATE comments SET author_id = :site_id, label = NULL, changed = changed + 1
        WHERE id IN :comment_ids
        """,
        site_id=site_id,
        comment_ids=comment_ids,
    )


def delete_texts(tx: Tx, comment_ids: Sequence[int]) -> None:
    tx.run("DELETE FROM comment_revisions WHERE comment_id IN :comment_ids", comment_ids=comment_ids)


def leave_places(tx: Tx, comment_ids: Sequence[int]) -> None:
    """Let comments be places without a text, which nobody can bring back."""
    tx.run(
        """
        UPDATE comments SET revision_published = NULL, revision_pending = NULL, pinned_until = NULL, language = NULL
        WHERE id IN :comment_ids
        """,
        comment_ids=comment_ids,
    )


def empty_reasons(tx: Tx, comment_ids: Sequence[int]) -> None:
    """What staff wrote about a comment may repeat what it said."""
    tx.run("UPDATE decisions SET why = NULL WHERE comment_id IN :comment_ids", comment_ids=comment_ids)


def unsign_texts(tx: Tx, comment_ids: Sequence[int]) -> None:
    tx.run(
        "UPDATE comment_revisions SET author_name = '', website = NULL WHERE comment_id IN :comment_ids",
        comment_ids=comment_ids,
    )


def delete_fingerprints(tx: Tx, site_id: int, comment_ids: Sequence[int]) -> None:
    tx.run(
        "DELETE FROM fingerprints WHERE site_id = :site_id AND comment_id IN :comment_ids",
        site_id=site_id,
        comment_ids=comment_ids,
    )


def empty_sources(tx: Tx, local_ids: Sequence[int]) -> None:
    """What another system knew of comments or of who wrote them."""
    tx.run("UPDATE source_ids SET extras = NULL WHERE local_id IN :local_ids", local_ids=local_ids)


def count_done(tx: Tx, erasure_id: int, by: int) -> None:
    tx.run("UPDATE erasures SET done = done + :by WHERE id = :id", id=erasure_id, by=by)


def finish(tx: Tx, erasure_id: int, now: datetime) -> None:
    tx.run("UPDATE erasures SET finished_at = :now WHERE id = :id", id=erasure_id, now=now)


def delete_authors(tx: Tx, erasure_id: int) -> None:
    tx.run(
        "DELETE FROM authors WHERE id IN (SELECT author_id FROM erasing WHERE erasure_id = :id)",
        id=erasure_id,
    )


def delete_erasing(tx: Tx, erasure_id: int) -> None:
    tx.run("DELETE FROM erasing WHERE erasure_id = :id", id=erasure_id)


def delete_finished(tx: Tx, before: datetime) -> int:
    return tx.run("DELETE FROM erasures WHERE finished_at < :before", before=before)
