"""Knowing a browser again, and what its reader signs with."""

from datetime import datetime

from rejoinder.accounts.models import Author, AuthorKind, Caller, Person, Signature, Visitor
from rejoinder.accounts.queries import visitors
from rejoinder.db import Tx, new_id


def ensure_visitor(
    tx: Tx, site_id: int, token_hash: bytes, *, network: bytes | None, now: datetime
) -> Visitor:
    """The visitor behind a token, made at its first act."""
    return visitors.upsert_visitor(tx, new_id(), site_id, token_hash, network=network, now=now)


def known_visitor(tx: Tx, site_id: int, caller: Caller) -> Visitor | None:
    """The browser that a caller is known by; none where somebody is signed in on one that is another's."""
    visitor = visitors.find_visitor(tx, site_id, caller.token_hash) if caller.token_hash else None
    return None if visitor and caller.is_guest_on(visitor) else visitor


def is_theirs(tx: Tx, visitor_id: int, caller: Caller) -> bool:
    """Whether a browser is the caller's: this one, or another on which the same person signed in."""
    account_id = caller.person.account_id if caller.person else 0
    return visitors.is_theirs(tx, visitor_id, token_hash=caller.token_hash or b"", account_id=account_id)


def is_browser_of(tx: Tx, visitor_id: int, account_id: int) -> bool:
    """Whether a person signed in on a browser first."""
    return visitors.is_theirs(tx, visitor_id, token_hash=b"", account_id=account_id)


def sign_as_guest(tx: Tx, site_id: int, visitor: Visitor | None, signature: Signature) -> Author:
    """The author a guest signs as; another name, address or website is another author."""
    if visitor:
        known = visitors.find_author(tx, visitor.id, signature)
        if known:
            return known
    return visitors.insert_author(
        tx, new_id(), site_id, AuthorKind.GUEST, signature, visitor_id=visitor.id if visitor else None
    )


def sign_as_account(tx: Tx, person: Person, signature: Signature) -> Author:
    """The author a signed-in person signs as: one for all comments, so that a new name shows everywhere."""
    return visitors.find_account_author(tx, person.site_id, person.account_id) or visitors.insert_author(
        tx, new_id(), person.site_id, AuthorKind.ACCOUNT, signature, account_id=person.account_id
    )
