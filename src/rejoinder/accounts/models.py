"""Who reads and who writes: a browser, a person, and what a comment is signed with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rejoinder.db import Json


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


class Scope(StrEnum):
    """What a program may do with a service token."""

    READ = "read"
    POST = "post"
    MODERATE = "moderate"


@dataclass(frozen=True, slots=True)
class Service:
    """A program that the operator gave a token for one site; the server keeps the token's hash only."""

    id: int
    site_id: int
    name: str
    scopes: Json[frozenset[Scope]]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Whether its token opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts: the hash of a token if one was sent, a blinded network, and the staff or the program behind it."""

    token_hash: bytes | None
    network: bytes
    staff: Staff | None = None
    service: Service | None = None

    @property
    def may_moderate(self) -> bool:
        """Whether a moderator is signed in."""
        return self.staff is not None and self.staff.may_moderate

    @property
    def may_decide(self) -> bool:
        """Whether the staff verbs for comments are theirs: a moderator's, or those of a program that moderates."""
        return self.may_moderate or (self.service is not None and Scope.MODERATE in self.service.scopes)

    @property
    def may_see_all(self) -> bool:
        """Whether what waits or was kept back is shown to them."""
        return self.may_decide or (self.service is not None and Scope.READ in self.service.scopes)
