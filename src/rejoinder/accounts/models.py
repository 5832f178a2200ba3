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
class Person:
    """A signed-in account with the roles it has on this site; a member has none.

    `proved_at` is when it last signed in on this browser, `used_at` when it was last noted that it acts there.
    """

    account_id: int
    site_id: int
    name: str
    roles: frozenset[Role]
    expires_at: datetime
    proved_at: datetime
    used_at: datetime
    website: str | None = None

    @property
    def owns(self) -> bool:
        """Whether the settings of the site are theirs."""
        return Role.OWNER in self.roles

    @property
    def may_moderate(self) -> bool:
        """Whether the staff verbs are theirs."""
        return bool(self.roles & {Role.OWNER, Role.MODERATOR})


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in: the hashes of what it is known by, its blinded network, and what kind it is.

    `code` is what it was given when a code was sent for it, `trip` when it went elsewhere to sign in, and nothing else: who
    used it before never had them. `becomes` is what it is known by in place of `visitor` once somebody is signed in on it.
    """

    visitor: bytes | None = None
    session: bytes | None = None
    code: bytes | None = None
    trip: bytes | None = None
    becomes: bytes | None = None
    network: bytes | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody is signed in on a browser since then, last in a blinded network; `is_this` where it is the one that asks."""

    id: int
    browser: str
    network: bytes | None
    created_at: datetime
    proved_at: datetime
    used_at: datetime
    expires_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class MailCode:
    """A code that is on its way to an address, and how often something else was entered instead.

    `counted` is the subject that its mail was counted for (`screening/limits.py`).
    """

    id: int
    site_id: int
    email: str
    language: str
    code: str
    counted: bytes
    tries: int
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Passkey:
    """The public half of a key that somebody's device keeps; `sign_count` is how often that device says it was used."""

    id: int
    site_id: int
    account_id: int
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None


class Purpose(StrEnum):
    """What somebody uses a passkey for."""

    ADD = "add"
    SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a passkey has to sign; where it is some person's turn, by one of theirs."""

    challenge: bytes
    purpose: Purpose
    account_id: int | None


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who somebody is, on the word of a provider or of the publisher; `email` only where that is proved there."""

    issuer: str
    subject: str
    name: str | None = None
    email: str | None = None
    website: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """A browser went elsewhere to sign in; `said` is what was vouched for there, while a name is asked for."""

    id: int
    site_id: int
    way: str
    verifier: str
    leads_to: str
    said: Json[Vouched] | None
    expires_at: datetime


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
    """Who acts: the hash of a token if one was sent, a blinded network, and the person or the program behind it."""

    token_hash: bytes | None
    network: bytes
    person: Person | None = None
    service: Service | None = None

    @property
    def staff(self) -> Person | None:
        """Who is signed in, where that is somebody with a role."""
        return self.person if self.person and self.person.roles else None

    def is_guest_on(self, visitor: Visitor) -> bool:
        """Whether somebody is signed in on a browser that is another's: what was done there is none of theirs."""
        return self.person is not None and visitor.account_id not in (None, self.person.account_id)

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
