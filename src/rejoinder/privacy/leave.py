"""Leaving: an account goes with all that leads to it; what becomes of its comments is its person's choice."""

from datetime import datetime

from rejoinder.accounts.models import Account
from rejoinder.db import Tx, new_id
from rejoinder.jobs.scrub import scrub_soon
from rejoinder.privacy.erase import erase_own
from rejoinder.privacy.errors import LastOwner
from rejoinder.privacy.models import Wish
from rejoinder.privacy.queries import leaving as queries
from rejoinder.privacy.queries import links
from rejoinder.sites.models import Site
from rejoinder.text.addresses import email_key


def leave(tx: Tx, site: Site, account: Account, wish: Wish, *, now: datetime) -> int:
    """End an account, its sessions and roles at once; the erasure that does its comments by and by. Raises LastOwner."""
    if set(queries.owners(tx, site.id)) == {account.id}:
        raise LastOwner
    erasure_id = erase_own(tx, site, account.id, wish, now=now)
    queries.forget_who_asked(tx, account.id)
    queries.forget_who_decided(tx, account.id)
    browsers = queries.browsers_of(tx, account.id)
    for voter in (account.id, *browsers):
        queries.hand_votes(tx, voter, new_id())
    queries.delete_answers(tx, site.id, browsers)
    queries.delete_visitors(tx, browsers)
    if account.email:
        queries.delete_mail_to(tx, site.id, email_key(account.email))
        links.delete_links_to(tx, site.id, email_key(account.email))
    queries.delete_sessions(tx, account.id)
    queries.delete_sign_in_codes(tx, account.id)
    queries.delete_passkeys(tx, account.id)
    queries.delete_challenges(tx, account.id)
    queries.delete_identities(tx, account.id)
    queries.delete_looks(tx, account.id)
    queries.delete_roles(tx, account.id)
    queries.delete_account(tx, account.id)
    tx.touch(f"site:{site.id}")  # whose names are staff's
    scrub_soon(tx)
    return erasure_id
