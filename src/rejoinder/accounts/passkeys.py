"""Passkeys: keys that people's devices keep. The device signs a challenge of ours; here lies what checks the signature."""

import secrets
from datetime import datetime, timedelta

from ada_url import URL

from rejoinder.accounts.errors import NoPasskeys, PasskeyRefused, TooManyPasskeys
from rejoinder.accounts.models import Browser, Challenge, Passkey, Purpose
from rejoinder.accounts.queries import passkeys
from rejoinder.accounts.sessions import open_session
from rejoinder.db import Tx
from rejoinder.screening.limits import Act, Sender, spend
from rejoinder.web.loopback import is_name, is_plain_abroad

CHALLENGE_LASTS = timedelta(minutes=5)
MOST_PASSKEYS = 20


def takes_passkeys(base_url: str) -> bool:
    """Whether browsers keep passkeys for a site at this address: a name, over https or on this machine."""
    return is_name(URL(base_url).hostname) and not is_plain_abroad(base_url)


def passkey_host(base_url: str) -> str:
    """The name that browsers keep a site's passkeys for. Raises NoPasskeys."""
    if not takes_passkeys(base_url):
        raise NoPasskeys
    return URL(base_url).hostname


def challenge_browser(
    tx: Tx,
    site_id: int,
    browser_hash: bytes,
    purpose: Purpose,
    account_id: int | None,
    *,
    sender: Sender,
    now: datetime,
) -> bytes:
    """What this browser's passkey is to sign: random, good once, for five minutes. Raises TooMany."""
    spend(tx, site_id, Act.PASSKEY, sender, now=now)
    challenge = Challenge(secrets.token_bytes(32), purpose, account_id)
    passkeys.put_challenge(tx, site_id, browser_hash, challenge, expires_at=now + CHALLENGE_LASTS)
    return challenge.challenge


def add_passkey(tx: Tx, passkey: Passkey) -> None:
    """Let somebody sign in with another passkey. Raises TooManyPasskeys, and PasskeyRefused for one that is known here."""
    if len(passkeys.list_passkeys(tx, passkey.site_id, passkey.account_id)) >= MOST_PASSKEYS:
        raise TooManyPasskeys
    if not passkeys.insert_passkey(tx, passkey):
        raise PasskeyRefused


def sign_in_with(tx: Tx, passkey: Passkey, sign_count: int, browser: Browser, *, now: datetime) -> str:
    """The token of a session for whose passkey has signed. Raises PasskeyRefused where it was removed meanwhile."""
    if not passkeys.note_use(tx, passkey.id, before=passkey.sign_count, after=sign_count, now=now):
        raise PasskeyRefused
    return open_session(tx, passkey.site_id, passkey.account_id, browser, now=now)
