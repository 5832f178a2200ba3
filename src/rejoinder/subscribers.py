"""What follows each event, in three columns, and what the worker can do. It lists; it decides nothing.

*within*: in the same transaction, may refuse. *after*: a job in the outbox, stored with the change, done at least once.
*signal*: after the commit, in this process, may be lost. Pages are drawn again by `tx.touch`, in every process.
"""

from datetime import timedelta

from rejoinder.accounts import jobs as accounts
from rejoinder.accounts.events import BrowserJoined, CodeWanted, Renamed
from rejoinder.comments import jobs as comments
from rejoinder.comments.events import CommentMoved, CommentsTaken
from rejoinder.comments.renaming import show_new_name
from rejoinder.db import Database, Follow, Followers
from rejoinder.jobs.models import Duties, Every, Payload
from rejoinder.jobs.scrub import SCRUB, scrub
from rejoinder.privacy import jobs as privacy
from rejoinder.privacy.events import LinkWanted
from rejoinder.screening import jobs as screening
from rejoinder.settings import Settings
from rejoinder.sites import jobs as sites
from rejoinder.sites.queries import get_site
from rejoinder.votes import jobs as votes
from rejoinder.votes.events import ScoreMoved
from rejoinder.votes.join import join_votes, withdraw_own
from rejoinder.web.idempotency import forget_answers
from rejoinder.web.purge import purge

FOLLOWERS: Followers = {
    BrowserJoined: Follow(within=(join_votes,)),
    CodeWanted: Follow(after=(accounts.mail_code_soon,)),
    CommentMoved: Follow(after=(comments.erase_when_deleted, comments.purge_when_gone)),
    CommentsTaken: Follow(within=(withdraw_own,)),
    Renamed: Follow(within=(show_new_name,)),
    LinkWanted: Follow(after=(privacy.mail_link_soon,)),
    ScoreMoved: Follow(after=(votes.show_soon,)),
}

CHORES = (
    Every(timedelta(minutes=10), forget_answers),
    Every(timedelta(minutes=10), screening.forget_limits),
    Every(timedelta(hours=1), screening.forget_fingerprints),
    Every(timedelta(minutes=10), comments.forget_editions),
    Every(timedelta(hours=1), accounts.forget_expired),
    Every(timedelta(hours=6), accounts.forget_networks),
    Every(timedelta(hours=6), votes.forget_networks),
    Every(timedelta(hours=6), sites.forget_changes),
    Every(timedelta(hours=1), privacy.forget),
)


def duties(settings: Settings) -> Duties:
    """Everything a worker of this server can do."""

    async def purge_pages(db: Database, payload: Payload) -> None:
        if settings.purge_url is None:
            return
        site = await db.read(get_site, payload["site"])
        await purge(settings.purge_url, [site.base_url + path for path in payload["paths"]])

    async def mail_code(db: Database, payload: Payload) -> None:
        await accounts.mail_code(db, settings, payload)

    async def mail_link(db: Database, payload: Payload) -> None:
        await privacy.mail_link(db, settings, payload)

    return Duties(
        inside={comments.ERASE: comments.erase, votes.SHOW: votes.show, privacy.GO_ON: privacy.go_on},
        outside={
            comments.PURGE: purge_pages,
            accounts.MAIL_CODE: mail_code,
            privacy.MAIL_LINK: mail_link,
            SCRUB: scrub,
        },
        chores=CHORES,
    )
