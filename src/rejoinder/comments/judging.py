"""What screening is told of a text, new or edited, and what it says."""

from datetime import datetime, timedelta

from rejoinder.accounts.models import Caller, Person
from rejoinder.articles.models import Discussion
from rejoinder.comments.draft import Written
from rejoinder.comments.models import Thread
from rejoinder.comments.queries import counting
from rejoinder.comments.queries.counting import Known
from rejoinder.db import Tx
from rejoinder.screening.judge import Facts, Verdict, screen
from rejoinder.screening.limits import Sender
from rejoinder.sites.models import Site

SAME_WITHIN = timedelta(minutes=10)
"""The same text to the same place from the same network within this time is the same comment, where no key tells."""


def look_up(
    tx: Tx,
    site: Site,
    written: Written,
    sender: Sender,
    person: Person | None,
    *,
    place_id: int,
    now: datetime,
) -> Known:
    """What the tables know of a sender, and of a text that is to stand below `place_id`: a comment or a thread."""
    return counting.look_up(
        tx,
        site.id,
        visitor_id=sender.visitor_id or 0,
        account_id=person.account_id if person else 0,
        network=sender.network,
        near=written.fingerprint.near,
        exact=written.fingerprint.exact,
        place_id=place_id,
        day_ago=now - timedelta(days=1),
        twin_since=now - SAME_WITHIN,
    )


def judge(
    site: Site,
    thread: Thread,
    written: Written,
    caller: Caller,
    known: Known,
    *,
    trap_filled: bool = False,
    typing_time: timedelta | None = None,
) -> Verdict:
    """Whether the text may appear."""
    facts = Facts(
        is_staff=caller.staff is not None,
        trap_filled=trap_filled,
        typing_time=typing_time,
        links=written.links,
        repeats=known.repeats if written.fingerprint.is_long else 0,
        has_published=known.has_published,
        waiting=known.waiting,
        article_holds=thread.discussion is Discussion.HELD,
    )
    return screen(facts, site.rules)
