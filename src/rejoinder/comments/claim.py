"""Comments that guests left with an address: who proves it takes those they wrote, and the others lose the address."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rejoinder.accounts.know import sign_as_account
from rejoinder.accounts.models import Person, Signature
from rejoinder.accounts.queries import left
from rejoinder.comments.events import CommentsTaken
from rejoinder.comments.models import Status
from rejoinder.comments.queries import claiming as queries
from rejoinder.comments.queries.claiming import Left
from rejoinder.comments.visibility import move_version
from rejoinder.db import Tx
from rejoinder.text.names import name_key

MOST_SHOWN = 50
LAST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Offer:
    """The newest of what was left with somebody's address, and how many older ones there are."""

    comments: tuple[Left, ...]
    older: int

    @property
    def newest(self) -> int:
        """Up to here it was shown; what comes later is asked about another time."""
        return self.comments[0].id if self.comments else 0

    @property
    def oldest(self) -> int:
        """From here on it was shown."""
        return self.comments[-1].id if self.comments else 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says of an offer that went from `oldest` to `newest`: which are theirs, and whether all older ones are."""

    chosen: Collection[int]
    oldest: int
    newest: int
    older_too: bool = False


def offer_left(
    tx: Tx, site_id: int, person: Person, *, oldest: int = 0, newest: int = LAST_ID, most: int = MOST_SHOWN
) -> Offer:
    """What guests left with the address that somebody proved, the newest first; nothing where they proved none."""
    key = left.proved_key(tx, person.account_id)
    if key is None:
        return Offer((), 0)
    account_id = person.account_id
    found = queries.list_left(tx, site_id, account_id, email_key=key, oldest=oldest, newest=newest, most=most)
    before = found[-1].id if found else 0
    return Offer(tuple(found), queries.count_left(tx, site_id, account_id, email_key=key, before=before))


def take_left(tx: Tx, site_id: int, person: Person, answer: Answer, *, now: datetime) -> int:
    """Make comments those of who wrote them, and let go of the address of all others; how many were taken.

    Once and for all: what is not taken is never offered again. Said twice, the second time changes nothing.
    """
    key = left.proved_key(tx, person.account_id)
    signed = left.signed_with(tx, site_id, key) if key else []
    if key is None or not signed:
        return 0
    left.lock_browsers(tx, [row.visitor_id for row in signed if row.visitor_id])

    author = sign_as_account(
        tx, person, Signature(person.name, name_key(person.name), website=person.website)
    )
    taken = queries.take(
        tx,
        site_id,
        person.account_id,
        email_key=key,
        chosen=[id_ for id_ in answer.chosen if answer.oldest <= id_ <= answer.newest],
        before=answer.oldest if answer.older_too else 0,
        author_id=author.id,
    )
    _let_go(tx, site_id, key, [row.id for row in signed], newest=answer.newest)
    if taken:
        tx.announce(CommentsTaken(site_id, person.account_id, now))
    for thread_id in sorted({row.thread_id for row in taken if row.status is Status.PUBLISHED}):
        move_version(tx, thread_id)
    return len(taken)


def _let_go(tx: Tx, site_id: int, key: str, author_ids: Collection[int], *, newest: int) -> None:
    """Erase the address; not where something came with it that nobody was asked about yet."""
    unasked = set(queries.authors_since(tx, site_id, key, newest))
    settled = [id_ for id_ in author_ids if id_ not in unasked]
    left.forget_addresses(tx, settled)
    left.delete_authors(tx, queries.without_comments(tx, settled))
