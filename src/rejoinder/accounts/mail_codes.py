"""Signing in by a code: six digits by mail, good for ten minutes and five tries, on the browser that asked for them."""

import hmac
import logging
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from rejoinder.accounts.errors import CodeSpent, EnoughCodes, NameTaken
from rejoinder.accounts.events import CodeWanted
from rejoinder.accounts.models import Account, Browser, MailCode, Signature
from rejoinder.accounts.naming import hold_name
from rejoinder.accounts.queries import mail_codes, staff, visitors
from rejoinder.accounts.queries.left import has_left
from rejoinder.accounts.sessions import open_session
from rejoinder.db import Tx, new_id
from rejoinder.errors import N_, TooMany, Unavailable
from rejoinder.screening.limits import Act, Addressee, count_off, spend
from rejoinder.text.addresses import email_key
from rejoinder.text.names import Name

CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
MOST_WAITING = 100
"""So many codes of a site that nobody has entered within ten minutes, and no more are sent: somebody is playing."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody who wants to sign in: the address they give, in the language they read, on this browser.

    `mailbox` is the address, blinded. `browser.code` is a secret that was made for this one wish.
    """

    email: str
    language: str
    mailbox: bytes
    browser: Browser


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody is signed in, with this session's token; `finds` what guests left with their address, proved just now."""

    token: str
    finds: bool = False


@dataclass(frozen=True, slots=True)
class NameWanted:
    """The code was right, and nobody is known at that address: they have to say what they are called."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Not the code; so many tries are left."""

    left: int


Tried: TypeAlias = Entered | NameWanted | Wrong


def want_code(tx: Tx, site_id: int, wanted: Wanted, *, now: datetime) -> None:
    """Have a code sent to an address. Whose it is is not looked up, so nothing tells who is known here.

    Raises TooMany for one mailbox or network, Unavailable for all; an address that this browser's person proved is not
    held up by what strangers ask for (decision 16).
    """
    browser, known = wanted.browser, email_key(wanted.email)
    by_owner = visitors.has_proved(tx, site_id, browser.visitor or b"", known)
    addressee = Addressee(wanted.mailbox, browser.network or b"", by_owner)
    try:
        spend(tx, site_id, Act.SIGN_IN, addressee, now=now)
    except TooMany as limit:
        raise EnoughCodes(limit) from limit
    if not by_owner and mail_codes.count_waiting(tx, site_id, now) >= MOST_WAITING:
        log.error("%d codes wait that nobody enters: no more are sent for now", MOST_WAITING)
        raise Unavailable(
            "mail-paused",
            N_("Too many codes were asked for and never used. Please try again in ten minutes."),
            retry_after=int(CODE_LASTS.total_seconds()),
        )

    code_id = new_id()
    mail_codes.insert_code(
        tx,
        code_id,
        site_id,
        browser.code or b"",
        email=wanted.email,
        language=wanted.language,
        code=f"{secrets.randbelow(1_000_000):06}",
        counted=addressee.one,
        expires_at=now + CODE_LASTS,
    )
    tx.announce(CodeWanted(site_id, code_id, now))


def try_code(tx: Tx, site_id: int, digits: str, browser: Browser, *, now: datetime) -> Tried:
    """Sign in with a code. Raises CodeSpent where this browser has none, or no try left."""
    code = mail_codes.count_try(tx, site_id, browser.code or b"", most=MOST_TRIES, now=now)
    if code is None:
        raise CodeSpent
    if not hmac.compare_digest(read_digits(digits).encode(), code.code.encode()):
        return Wrong(MOST_TRIES - code.tries)  # not raised: the try has to be kept

    account = staff.find_account_at(tx, site_id, email_key(code.email))
    if account is None:
        mail_codes.prove(tx, code.id, now=now, expires_at=now + CODE_LASTS)
        return NameWanted()
    return _enter(tx, account, code, browser, now)


def become_member(tx: Tx, site_id: int, name: Name, browser: Browser, *, now: datetime) -> Entered:
    """Make an account for who proved an address and now says a name, and sign them in. Raises CodeSpent or NameTaken."""
    code = mail_codes.code_of(tx, site_id, browser.code or b"", now)
    if code is None or code.proved_at is None:
        raise CodeSpent
    key = email_key(code.email)
    signature = Signature(name.text, name.key, code.email)
    account = staff.find_account_at(tx, site_id, key)
    if account is None:
        made = staff.insert_member(tx, new_id(), site_id, signature, email_key=key, now=now)
        if made:
            hold_name(tx, made)
            return _enter(tx, made, code, browser, now, is_new=True)
        account = staff.find_account_at(tx, site_id, key)  # they were quicker on another browser
    if account is None:
        raise NameTaken
    return _enter(tx, account, code, browser, now)


def read_digits(text: str) -> str:
    """The digits somebody typed, in whichever script they write them."""
    values = (unicodedata.decimal(sign, None) for sign in text)
    return "".join(str(value) for value in values if value is not None)


def _enter(
    tx: Tx, account: Account, code: MailCode, browser: Browser, now: datetime, *, is_new: bool = False
) -> Entered:
    mail_codes.delete_code(tx, code.id)
    count_off(tx, account.site_id, Act.SIGN_IN, code.counted)  # a mail that was wanted
    is_first = staff.verify_email(tx, account.id, now) or is_new
    token = open_session(tx, account.site_id, account.id, browser, now=now)
    return Entered(token, finds=is_first and has_left(tx, account.id))
