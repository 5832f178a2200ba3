"""What is done by and by: comments of who asked to be forgotten, links on their way by mail."""

from datetime import UTC, datetime

from rejoinder.accounts.tokens import hash_token, new_token
from rejoinder.db import Database, Tx, show_id
from rejoinder.jobs.models import Payload
from rejoinder.jobs.outbox import enqueue
from rejoinder.mail.letters import draw_letter
from rejoinder.mail.sending import post
from rejoinder.privacy import erase
from rejoinder.privacy.events import LinkWanted
from rejoinder.privacy.queries import links
from rejoinder.settings import Settings
from rejoinder.sites.queries import get_site

GO_ON = erase.GO_ON
MAIL_LINK = "mail-link"


def go_on(tx: Tx, payload: Payload) -> None:
    """Do the next comments of an erasure."""
    erase.go_on(tx, payload["erasure"])


def mail_link_soon(tx: Tx, event: LinkWanted) -> None:
    """Send the link when the wish for it is on the disk."""
    payload = {"site": event.site_id, "link": event.link_id}
    enqueue(tx, MAIL_LINK, payload, run_at=event.at, dedupe_key=str(event.link_id))


async def mail_link(db: Database, settings: Settings, payload: Payload) -> None:
    """Send a link. Its token is made here and only its hash is kept; where it is sent twice, the later mail's opens."""
    link = await db.read(links.find_link, payload["link"], datetime.now(UTC))
    if link is None:
        return
    site = await db.read(get_site, payload["site"])
    token = new_token()
    await db.write(links.set_token, link.id, hash_token(token))
    letter = draw_letter(
        "privacy/link_mail",
        link.language,
        {
            "site": site.rules.name,
            "address": site.base_url,
            "link": f"{site.base_url}/me/by-mail?lang={link.language}&link={token}",
        },
        key=f"link-{show_id(link.id)}",
        to=link.email,
    )
    await post(settings, letter)


def forget(tx: Tx) -> None:
    """What was done a day ago, and links that are too old."""
    erase.forget_finished(tx)
    links.delete_expired(tx, tx.now)
