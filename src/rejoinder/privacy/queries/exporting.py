"""Statements that read all that is known of a person, a page of rows at a time where there may be many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.accounts.models import AuthorKind, Role
from rejoinder.comments.models import Kind, Label, Status
from rejoinder.db import Json, Tx
from rejoinder.privacy.models import Wish


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is stored."""

    id: int
    name: str
    email: str | None
    email_verified_at: datetime | None
    website: str | None
    created_at: datetime


def account_of(tx: Tx, account_id: int) -> list[Account]:
    return tx.all(
        Account,
        "SELECT id, name, email, email_verified_at, website, created_at FROM accounts WHERE id = :id",
        id=account_id,
    )


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role somebody has."""

    role: Role
    granted_at: datetime
    lent_until: datetime | None


def roles_of(tx: Tx, account_id: int) -> list[HeldRole]:
    return tx.all(
        HeldRole,
        "SELECT role, granted_at, lent_until FROM roles WHERE account_id = :account_id ORDER BY role",
        account_id=account_id,
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is elsewhere, where they sign in there."""

    issuer: str
    subject: str
    created_at: datetime
    used_at: datetime


def identities_of(tx: Tx, account_id: int) -> list[Identity]:
    return tx.all(
        Identity,
        """
        SELECT issuer, subject, created_at, used_at FROM identities WHERE account_id = :account_id
        ORDER BY issuer, subject
        """,
        account_id=account_id,
    )


@dataclass(frozen=True, slots=True)
class Session:
    """Where somebody is signed in."""

    id: int
    browser: str
    created_at: datetime
    proved_at: datetime
    used_at: datetime
    expires_at: datetime


def sessions_of(tx: Tx, account_id: int) -> list[Session]:
    return tx.all(
        Session,
        """
        SELECT id, browser, created_at, proved_at, used_at, expires_at FROM sessions
        WHERE account_id = :account_id ORDER BY id
        """,
        account_id=account_id,
    )


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey, without what it signs with: that never left its owner's device."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


def passkeys_of(tx: Tx, account_id: int) -> list[Passkey]:
    return tx.all(
        Passkey,
        "SELECT id, name, created_at, used_at FROM passkeys WHERE account_id = :account_id ORDER BY id",
        account_id=account_id,
    )


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that is known by a random token."""

    id: int
    first_seen: datetime
    last_seen: datetime


def browsers_of(tx: Tx, account_id: int) -> list[Browser]:
    return tx.all(
        Browser,
        "SELECT id, first_seen, last_seen FROM visitors WHERE account_id = :account_id ORDER BY id",
        account_id=account_id,
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """What comments are signed with."""

    id: int
    kind: AuthorKind
    name: str
    email: str | None
    website: str | None
    browser_id: int | None


def signatures(tx: Tx, author_ids: Sequence[int]) -> list[Signature]:
    return tx.all(
        Signature,
        """
        SELECT id, kind, name, email, website, visitor_id AS browser_id FROM authors
        WHERE id IN :author_ids ORDER BY id
        """,
        author_ids=author_ids,
    )


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, in which discussion, and what became of it."""

    id: int
    signature_id: int
    thread_id: int
    in_reply_to_id: int | None
    article_title: str
    article_url: str
    kind: Kind
    status: Status
    label: Label | None
    language: str | None
    posted_at: datetime | None
    placed_at: datetime
    gone_at: datetime | None
    origin_url: str | None
    up: int
    down: int
    extras: Json[dict[str, object]] | None


def comments_after(tx: Tx, author_id: int, after: int, most: int) -> list[Comment]:
    return tx.all(
        Comment,
        """
        SELECT c.id, c.author_id AS signature_id, c.thread_id, c.parent_id AS in_reply_to_id, a.title AS article_title,
               a.url AS article_url, c.kind, c.status, c.label, c.language, c.posted_at, c.placed_at, c.gone_at,
               c.origin_url, c.up + c.imported_up AS up, c.down + c.imported_down AS down,
               (SELECT max(s.extras) FROM source_ids s WHERE s.local_id = c.id AND s.kind = 'comment') AS extras
        FROM comments c
        JOIN threads t ON t.id = c.thread_id
        JOIN articles a ON a.id = t.article_id
        WHERE c.author_id = :author_id AND c.id > :after ORDER BY c.id LIMIT :most
        """,
        author_id=author_id,
        after=after,
        most=most,
    )


@dataclass(frozen=True, slots=True)
class Text:
    """A version of a comment's text, and how it was signed."""

    comment_id: int
    n: int
    text: str
    format: str
    name: str
    website: str | None
    at: datetime
    reason: str | None


def texts_of(tx: Tx, comment_ids: Sequence[int]) -> list[Text]:
    return tx.all(
        Text,
        """
        SELECT comment_id, n, text, format, author_name AS name, website, at, reason FROM comment_revisions
        WHERE comment_id IN :comment_ids ORDER BY comment_id, n
        """,
        comment_ids=comment_ids,
    )


@dataclass(frozen=True, slots=True)
class Vote:
    """How somebody voted on a comment."""

    comment_id: int
    value: int
    at: datetime


def votes_after(tx: Tx, voter: int, after: int, most: int) -> list[Vote]:
    return tx.all(
        Vote,
        """
        SELECT comment_id, value, at FROM votes WHERE voter = :voter AND comment_id > :after
        ORDER BY comment_id LIMIT :most
        """,
        voter=voter,
        after=after,
        most=most,
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided as one of the staff."""

    id: int
    at: datetime
    verb: str
    thread_id: int
    comment_id: int | None
    why: str | None


def decisions_after(tx: Tx, account_id: int, after: int, most: int) -> list[Decision]:
    return tx.all(
        Decision,
        """
        SELECT id, at, verb, thread_id, comment_id, why FROM decisions
        WHERE account_id = :account_id AND id > :after ORDER BY id LIMIT :most
        """,
        account_id=account_id,
        after=after,
        most=most,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that somebody changed."""

    id: int
    at: datetime
    field: str
    before: str
    after: str


def changes_of(tx: Tx, account_id: int) -> list[Change]:
    return tx.all(
        Change,
        "SELECT id, at, field, before, after FROM rule_changes WHERE account_id = :account_id ORDER BY id",
        account_id=account_id,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked to have done with their comments."""

    id: int
    wish: Wish
    asked_at: datetime
    finished_at: datetime | None


def wishes_of(tx: Tx, account_id: int) -> list[Wanted]:
    return tx.all(
        Wanted,
        "SELECT id, wish, asked_at, finished_at FROM erasures WHERE account_id = :account_id ORDER BY id",
        account_id=account_id,
    )
