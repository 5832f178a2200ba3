"""Everybody who takes part in the demo's discussions: staff with an account, readers with a browser of their own."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rejoinder.accounts.models import Caller, Person, Role, Signature
from rejoinder.accounts.queries.staff import find_account
from rejoinder.accounts.sign_in import admit
from rejoinder.comments.draft import sign
from rejoinder.db import Tx
from rejoinder.demo.script import People
from rejoinder.errors import NotFound
from rejoinder.sites.models import Rules, Site
from rejoinder.text.names import check_name

VOTERS = 96
"""Readers who vote and say nothing; more than any comment has votes."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts as whom. No browser holds any of these credentials."""

    speakers: Mapping[str, Caller]
    voters: tuple[Caller, ...]

    def moderator(self) -> Caller:
        """Who decides."""
        return next(caller for caller in self.speakers.values() if caller.may_moderate)


def admit_staff(tx: Tx, site: Site, people: People, *, now: datetime) -> None:
    """Give the publication's people their roles."""
    for name, role in people.staff.items():
        admit(tx, site.id, _staff_signature(name), role, now=now)


def moderator_code(tx: Tx, site: Site, people: People, *, now: datetime) -> str:
    """A new code for the sign-in link of who moderates the publication, and owns it."""
    name = next(name for name, role in people.staff.items() if role is Role.OWNER)
    return admit(tx, site.id, _staff_signature(name), None, now=now)


def gather(tx: Tx, site: Site, people: People, names: Iterable[str], *, now: datetime) -> Cast:
    """Give everybody a browser and a network of their own, so that nobody shares a limit."""
    speakers = {name: _reader() for name in names}
    for name, role in people.staff.items():
        account = find_account(tx, site.id, _staff_signature(name).name_key)
        if account is None:
            raise NotFound("account-not-found", "Nobody of that name has a role here.")
        staff = Person(
            account.id, site.id, account.name, frozenset({role}), now + timedelta(hours=1), now, now
        )
        speakers[name] = Caller(None, secrets.token_bytes(16), staff)
    return Cast(speakers, tuple(_reader() for _ in range(VOTERS)))


def signature(name: str, people: People, rules: Rules) -> Signature:
    """How somebody signs a comment."""
    if name in people.staff:
        return _staff_signature(name)
    return sign(name, "", people.websites.get(name, ""), rules, reserved=tuple(people.staff))


def _staff_signature(name: str) -> Signature:
    checked = check_name(name, may_say_label=True)
    return Signature(checked.text, checked.key)


def _reader() -> Caller:
    return Caller(secrets.token_bytes(32), secrets.token_bytes(16))
