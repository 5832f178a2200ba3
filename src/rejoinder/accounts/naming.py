"""Whose name is whose: nobody signs with the name of staff or of a member, or with one that looks like it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rejoinder.accounts.errors import NameIsGiven, NameTaken
from rejoinder.accounts.events import Renamed
from rejoinder.accounts.models import Account, Person, Signature
from rejoinder.accounts.queries import names
from rejoinder.accounts.queries.staff import get_account
from rejoinder.db import Tx
from rejoinder.screening.limits import Act, Sender, spend
from rejoinder.text.lookalikes import imitates, looks
from rejoinder.text.names import Name, fit_name


def hold_name(tx: Tx, account: Account) -> None:
    """Keep an account's name, and all that look like it, from everybody else. Raises NameTaken."""
    forms = sorted(looks(account.name))  # in one order: of two who want them at once one waits for the other
    if names.insert_looks(tx, account, forms) < len(forms):
        raise NameTaken


def rename(tx: Tx, site_id: int, person: Person, name: Name, *, network: bytes, now: datetime) -> None:
    """Give a member another name, which all that they signed bears at once. Raises NameIsGiven, NameTaken or TooMany."""
    if person.roles:
        raise NameIsGiven
    account = get_account(tx, person.account_id)
    if account.name == name.text:
        return
    spend(tx, site_id, Act.RENAME, Sender(account.id, network), now=now)
    signature = Signature(name.text, name.key)
    names.delete_looks(tx, account.id)
    hold_name(tx, replace(account, name=name.text))
    names.set_name(tx, account.id, signature)
    names.sign_all(tx, account.id, signature)
    tx.announce(Renamed(site_id, account.id, now))


def check_guest_may_sign(tx: Tx, site_id: int, name: str, token_hash: bytes | None) -> None:
    """Raise NameTaken where a name is an account's or looks like it; a member's own browser may sign with theirs."""
    if names.are_held_by_others(tx, site_id, sorted(looks(name)), token_hash or b""):
        raise NameTaken


def fitting_name(tx: Tx, site_id: int, raw: str, *, reserved: Iterable[str] = ()) -> Name | None:
    """The name that somebody has elsewhere, made fit for here; None where they have to choose another."""
    name = fit_name(raw)
    if name is None or imitates(name.text, reserved) or names.are_held(tx, site_id, sorted(looks(name.text))):
        return None
    return name
