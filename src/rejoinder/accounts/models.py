"""Who reads and who writes: a browser, a person, and what a comment is signed with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account may do on a site."""

    OWNER = "owner"
    MODERATOR = "moderator"
    AUTHOR = "author"


class AuthorKind(StrEnum):
    """Where a signature comes from."""

    GUEST = "guest"
    ACCOUNT = "account"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser on one origin; the server keeps its token's hash only."""

    id: int
    site_id: int
    network: bytes | None
    account_id: int | None


@dataclass(frozen=True, slots=True)
class Signature:
    """How a guest signs a comment: a checked name, and what was given with it."""

    name: str
    name_key: str
    email: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """What a comment is signed with."""

    id: int
    kind: AuthorKind
    name: str
    website: str | None
    account_id: int | None
    visitor_id: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """A person the site knows."""

    id: int
    site_id: int
    name: str
    name_key: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Staff:
    """A signed-in account with the roles it has on this site."""

    account_id: int
    site_id: int
    name: str
    roles: frozenset[Role]
    expires_at: datetime

    @property
    def may_moderate(self) -> bool:
        """Whether the staff verbs are theirs."""
        return bool(self.roles & {Role.OWNER, Role.MODERATOR})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts: the hash of a browser's token if it sent one, its blinded network, and the staff signed in with it."""

    token_hash: bytes | None
    network: bytes
    staff: Staff | None = None

    @property
    def may_moderate(self) -> bool:
        """Whether a moderator is signed in."""
        return self.staff is not None and self.staff.may_moderate
