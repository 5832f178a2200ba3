"""Guests come to their comments by a link that goes to the address they gave: it opens one thing, for an hour.

Whoever gave an address need not be who it belongs to. So a person says which of the comments left with it are theirs; the
others lose the address, which was not theirs to give, and nothing else.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rejoinder.accounts.queries.left import forget_addresses
from rejoinder.accounts.queries.staff import find_account_at
from rejoinder.accounts.tokens import hash_token
from rejoinder.db import Tx, new_id
from rejoinder.errors import N_, Unavailable
from rejoinder.jobs.scrub import scrub_soon
from rejoinder.privacy.erase import erase_signed
from rejoinder.privacy.errors import LinkSpent
from rejoinder.privacy.events import LinkWanted
from rejoinder.privacy.models import MailLink, Wish
from rejoinder.privacy.queries import erasing, links, signed
from rejoinder.privacy.queries.signed import Signed
from rejoinder.screening.limits import Act, Addressee, count_off, spend
from rejoinder.sites.models import Site
from rejoinder.text.addresses import email_key

LINK_LASTS = timedelta(hours=1)
MOST_OUT = 100
"""So many links of a site that are good and unused, and no more are sent: somebody is playing."""

MOST_SHOWN = 50
MOST_COMMENTS = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """What was left with an address: the signatures, whether there are more of them, and whether an account has it, too."""

    email: str
    signed: list[Signed]
    has_more: bool
    has_account: bool


def want_link(
    tx: Tx, site_id: int, email: str, language: str, addressee: Addressee, *, now: datetime
) -> None:
    """Have a link sent to an address. Nobody is looked up, so nothing tells who left something here.

    Raises TooMany for one mailbox or network, Unavailable for all.
    """
    spend(tx, site_id, Act.MAIL_LINK, addressee, now=now)
    if links.count_links(tx, site_id, now) >= MOST_OUT:
        log.error("%d links wait that nobody uses: no more are sent for now", MOST_OUT)
        raise Unavailable(
            "mail-paused",
            N_("Too many links were asked for and never used. Please try again in an hour."),
            retry_after=int(LINK_LASTS.total_seconds()),
        )
    link_id = new_id()
    links.insert_link(
        tx,
        link_id,
        site_id,
        email=email,
        language=language,
        counted=addressee.one,
        expires_at=now + LINK_LASTS,
    )
    tx.announce(LinkWanted(site_id, link_id, now))


def open_link(tx: Tx, site_id: int, token: str, visitor: bytes | None, *, now: datetime) -> Left:
    """What a link leads to; what was written with this browser is marked. Raises LinkSpent."""
    link = _link(tx, site_id, token, now)
    key = email_key(link.email)
    found = signed.signed_at(tx, site_id, key, visitor_hash=visitor or b"", most=MOST_SHOWN + 1)
    return Left(
        link.email, found[:MOST_SHOWN], len(found) > MOST_SHOWN, find_account_at(tx, site_id, key) is not None
    )


def own_of_link(tx: Tx, site_id: int, token: str, ticked: Sequence[int], *, now: datetime) -> list[int]:
    """Those of the ticked signatures that were left with the link's address. Raises LinkSpent."""
    link = _link(tx, site_id, token, now)
    return sorted(set(ticked) & set(erasing.authors_at(tx, site_id, email_key(link.email))))


def erase_by_link(
    tx: Tx, site: Site, token: str, *, ticked: Sequence[int], shown: Sequence[int], wish: Wish, now: datetime
) -> None:
    """Remove what is ticked or take the name off it; what else was shown loses the address. The link is used up then.

    Raises LinkSpent.
    """
    link = _link(tx, site.id, token, now)
    left = set(erasing.authors_at(tx, site.id, email_key(link.email)))
    own = sorted(left & set(ticked))
    forget_addresses(tx, sorted(left & set(shown) - set(own)))
    forget_addresses(tx, erasing.authors_of_others_at(tx, site.id, email_key(link.email)))
    if own:
        erase_signed(tx, site, own, wish, now=now)
    links.delete_links_to(tx, site.id, email_key(link.email))
    count_off(tx, site.id, Act.MAIL_LINK, link.counted)  # a mail that was wanted
    scrub_soon(tx)


def _link(tx: Tx, site_id: int, token: str, now: datetime) -> MailLink:
    link = links.link_of(tx, site_id, hash_token(token), now)
    if link is None:
        raise LinkSpent
    return link
