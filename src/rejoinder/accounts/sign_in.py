"""Staff come in by a link that the operator prints; there are no passwords."""

from datetime import datetime, timedelta

from rejoinder.accounts.errors import EmailTaken, NameIsReaders
from rejoinder.accounts.models import Account, Browser, Role, Signature
from rejoinder.accounts.naming import hold_name
from rejoinder.accounts.queries import elsewhere, passkeys, sessions, staff
from rejoinder.accounts.sessions import open_session
from rejoinder.accounts.tokens import hash_token, new_token
from rejoinder.db import Tx, new_id
from rejoinder.errors import N_, Forbidden, NotFound
from rejoinder.text.addresses import email_key

LINK_LASTS = timedelta(hours=24)
UNKNOWN = Browser()


def admit(tx: Tx, site_id: int, signature: Signature, role: Role | None, *, now: datetime) -> str:
    """Give a person a role, or none that they don't have yet, and return a one-use code for a sign-in link.

    Raises NotFound when no role is given and nobody of that name has one; NameIsReaders, NameTaken and EmailTaken where
    name or address are somebody else's.
    """
    account = staff.find_staff(tx, site_id, signature.name_key)
    if role:
        if account is None or not staff.has_role_for_good(tx, account):
            account = _employ(tx, site_id, signature, now)
        if signature.email:
            _set_email(tx, account, signature.email)
        staff.grant_role(tx, account, role, now)
    if account is None:
        raise NotFound("account-not-found", N_("Nobody of that name has a role here."))
    code = new_token()
    staff.insert_code(
        tx, hash_token(code), site_id=site_id, account_id=account.id, expires_at=now + LINK_LASTS
    )
    return code


def sign_in(tx: Tx, site_id: int, code: str, browser: Browser = UNKNOWN, *, now: datetime) -> str:
    """Use up a code and return the token of a new session.

    Raises Forbidden when the code is unknown, used or too old.
    """
    account_id = staff.take_code(tx, site_id, hash_token(code), now)
    if account_id is None:
        raise Forbidden(
            "sign-in-link-spent", N_("This sign-in link was used already or is too old. Ask for a new one.")
        )
    return open_session(tx, site_id, account_id, browser, now=now)


def _employ(tx: Tx, site_id: int, signature: Signature, now: datetime) -> Account:
    """Who the operator gave no role yet: somebody new, or a reader. A reader chose the name alone, so only the address says who it is.

    Who came from elsewhere may have none; then nothing does.
    """
    account = staff.find_account(tx, site_id, signature.name_key)
    if account is None:
        account = staff.insert_account(tx, new_id(), site_id, signature, now)
        hold_name(tx, account)
        return account
    is_vouched = elsewhere.is_from_elsewhere(tx, account)
    if account.email and signature.email and email_key(account.email) == email_key(signature.email):
        if is_vouched:
            _begin_anew(tx, account)
        return account
    if account.email or is_vouched:
        raise NameIsReaders
    return account


def _begin_anew(tx: Tx, account: Account) -> None:
    """Whoever came in on the word of somebody who is not trusted with roles has no way left to one: the link is for its owner."""
    sessions.delete_sessions_of(tx, account)
    passkeys.delete_passkeys_of(tx, account)


def _set_email(tx: Tx, account: Account, email: str) -> None:
    other = staff.find_account_at(tx, account.site_id, email_key(email))
    if other and other.id != account.id:
        raise EmailTaken(other.name)
    if account.email != email:
        staff.set_email(tx, account.id, email, email_key(email))
