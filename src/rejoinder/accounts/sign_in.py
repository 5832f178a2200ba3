"""Staff come in by a link that the operator prints; there are no passwords."""

from datetime import datetime, timedelta

from rejoinder.accounts.models import Role, Signature, Staff
from rejoinder.accounts.queries import staff
from rejoinder.accounts.tokens import hash_token, new_token
from rejoinder.db import Tx, new_id
from rejoinder.errors import N_, Forbidden, NotFound

LINK_LASTS = timedelta(hours=24)
SESSION_LASTS = timedelta(days=7)


def admit(tx: Tx, site_id: int, signature: Signature, role: Role | None, *, now: datetime) -> str:
    """Give a person a role, or none that they don't have yet, and return a one-use code for a sign-in link.

    Raises NotFound when no role is given and nobody of that name has one.
    """
    account = staff.find_account(tx, site_id, signature.name_key)
    if role:
        account = account or staff.insert_account(tx, new_id(), site_id, signature, now)
        staff.grant_role(tx, account, role, now)
        tx.touch(f"site:{site_id}")
    if account is None:
        raise NotFound("account-not-found", N_("Nobody of that name has a role here."))
    code = new_token()
    staff.insert_code(
        tx, hash_token(code), site_id=site_id, account_id=account.id, expires_at=now + LINK_LASTS
    )
    return code


def sign_in(tx: Tx, site_id: int, code: str, *, now: datetime) -> str:
    """Use up a code and return the token of a new session.

    Raises Forbidden when the code is unknown, used or too old.
    """
    account_id = staff.take_code(tx, site_id, hash_token(code), now)
    if account_id is None:
        raise Forbidden(
            "sign-in-link-spent", N_("This sign-in link was used already or is too old. Ask for a new one.")
        )
    token = new_token()
    staff.insert_session(
        tx,
        new_id(),
        hash_token(token),
        site_id=site_id,
        account_id=account_id,
        expires_at=now + SESSION_LASTS,
        now=now,
    )
    return token


def sign_out(tx: Tx, site_id: int, token: str) -> None:
    """End a session everywhere at once."""
    staff.delete_session(tx, site_id, hash_token(token))


def staff_of(tx: Tx, site_id: int, token: str, *, now: datetime) -> Staff | None:
    """Who is signed in with this session, with every role on this site; None when nobody is."""
    rows = staff.find_session(tx, site_id, hash_token(token), now)
    if not rows:
        return None
    first = rows[0]
    return Staff(first.account_id, site_id, first.name, frozenset(row.role for row in rows), first.expires_at)
