"""The mails that accounts send, and what they forget as time goes by."""

from datetime import UTC, datetime, timedelta

from rejoinder.accounts.events import CodeWanted
from rejoinder.accounts.queries import elsewhere, mail_codes, passkeys, staff, visitors
from rejoinder.accounts.sessions import forget_sessions
from rejoinder.db import Database, Tx, show_id
from rejoinder.jobs.models import Payload
from rejoinder.jobs.outbox import enqueue
from rejoinder.mail.letters import draw_letter
from rejoinder.mail.sending import post
from rejoinder.settings import Settings
from rejoinder.sites.queries import get_site

MAIL_CODE = "mail-code"
NETWORK_KEPT = timedelta(days=30)


def mail_code_soon(tx: Tx, event: CodeWanted) -> None:
    """Send the code when what it needs is on the disk."""
    payload = {"site": event.site_id, "code": event.code_id}
    enqueue(tx, MAIL_CODE, payload, run_at=event.at, dedupe_key=str(event.code_id))


async def mail_code(db: Database, settings: Settings, payload: Payload) -> None:
    """Send a code to the address it was asked for; one that is over or was used is not sent any more."""
    code = await db.read(mail_codes.find_code, payload["code"], datetime.now(UTC))
    if code is None or code.proved_at:
        return
    site = await db.read(get_site, payload["site"])
    letter = draw_letter(
        "accounts/code_mail",
        code.language,
        {"site": site.rules.name, "address": site.base_url, "digits": code.code},
        key=f"code-{show_id(code.id)}",
        to=code.email,
    )
    await post(settings, letter)


def forget_networks(tx: Tx) -> int:
    """A visitor's blinded network is forgotten thirty days after the visitor was last seen."""
    return visitors.forget_networks(tx, tx.now - NETWORK_KEPT)


def forget_expired(tx: Tx) -> None:
    """Lent roles, sessions, sign-in links, codes, challenges and trips that are over."""
    elsewhere.delete_ended_roles(tx, tx.now)  # first: who was staff until then is still signed in as a reader
    forget_sessions(tx)
    staff.delete_expired_codes(tx, tx.now)
    mail_codes.delete_expired(tx, tx.now)
    passkeys.delete_expired_challenges(tx, tx.now)
    elsewhere.delete_expired_trips(tx, tx.now)
