"""The cast of the tests and their stage: Alice owns, Bob moderates, Nell is new, Mallory attacks.

A stage is a site with one article and its thread in a real database, at noon.
"""

import hashlib
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from rejoinder.accounts.models import Caller, Person, Role, Signature
from rejoinder.accounts.naming import hold_name
from rejoinder.accounts.queries.staff import find_account, grant_role, insert_account
from rejoinder.articles.models import ArticleDraft, ArticleSource, Body, Discussion
from rejoinder.articles.store import store_article
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.models import Thread
from rejoinder.comments.post import Posted, post_comment
from rejoinder.comments.queries.reading import get_thread
from rejoinder.comments.reading import Listing, View, list_comments
from rejoinder.comments.threads import ensure_thread
from rejoinder.db import Database, Tx, WriteFirst, new_id
from rejoinder.jobs.queries import lease_jobs
from rejoinder.jobs.worker import do_inside
from rejoinder.settings import load_settings
from rejoinder.sites.models import Rules, Site
from rejoinder.sites.queries import set_rules
from rejoinder.sites.settle import settle_site
from rejoinder.subscribers import duties
from rejoinder.text.names import name_key
from rejoinder.web.idempotency import hash_request
from rejoinder.web.models import Attempt

T = TypeVar("T")

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_numbers = itertools.count(1)


def reader(name: str, network: str | None = None) -> Caller:
    """A guest with a browser that is known again; each on a network of its own unless one is named."""
    return Caller(hashlib.sha256(name.encode()).digest(), network_hash(network or name))


def stranger(network: str | None = None) -> Caller:
    """Somebody who was never here."""
    return reader(f"stranger-{next(_numbers)}", network)


def nobody(network: str) -> Caller:
    """A browser that keeps no cookie."""
    return Caller(None, network_hash(network))


def network_hash(network: str) -> bytes:
    """A network as the database may know it."""
    return hashlib.blake2b(network.encode(), digest_size=16).digest()


NELL = reader("Nell")
MALLORY = reader("Mallory")


def set_site(tx: Tx, **rules: object) -> Site:
    """The first site, with these rules."""
    site = settle_site(tx, "http://127.0.0.1:8080")
    set_rules(tx, site.id, Rules.model_validate(rules), ())
    return settle_site(tx, None)


def hire(tx: Tx, site: Site, name: str, *roles: Role, now: datetime = NOON) -> Caller:
    """An account with these roles, signed in."""
    key = name_key(name)
    account = find_account(tx, site.id, key)
    if account is None:
        account = insert_account(tx, new_id(), site.id, Signature(name, key), now)
        hold_name(tx, account)
    for role in roles:
        grant_role(tx, account, role, now)
    staff = Person(account.id, site.id, name, frozenset(roles), now + timedelta(days=7), now, now)
    return Caller(None, network_hash("the newsroom"), staff)


def add_article(tx: Tx, site: Site, slug: str = "lamp", **values: Any) -> int:
    """An article of the publication; its id."""
    draft = ArticleDraft(
        url=f"/articles/{slug}",
        slug=slug,
        title=slug.capitalize(),
        body=Body.of("Text.", "<p>Text.</p>", 1),
        source=ArticleSource.FOLDER,
        **values,
    )
    return store_article(tx, site, draft, NOON).article_id


def add_thread(tx: Tx, site: Site, slug: str = "lamp", **values: Any) -> Thread:
    """An article with its thread, still without a comment."""
    add_article(tx, site, slug, **values)
    return ensure_thread(tx, site, thread_id=None, url=f"/articles/{slug}")


def draft_of(
    site: Site,
    text: str = "I wonder.",
    *,
    name: str = "Nell",
    thread: int | None = None,
    url: str | None = None,
    reply_to: int | None = None,
    trap_filled: bool = False,
    typing_time: timedelta | None = None,
) -> CommentDraft:
    """A form as somebody filled it in."""
    return CommentDraft(
        thread_id=thread,
        url=url,
        reply_to=reply_to,
        written=write_text(text, site.rules),
        signature=sign(name, "", "", site.rules),
        trap_filled=trap_filled,
        typing_time=typing_time,
    )


def attempt_of(site: Site, caller: Caller, key: str, text: str = "I wonder.") -> Attempt:
    """A key as the page's script makes it, for this text."""
    return Attempt(site.id, caller.token_hash or caller.network, key, hash_request({"text": text}))


def post(
    tx: Tx,
    site: Site,
    draft: CommentDraft,
    by: Caller | None = None,
    *,
    attempt: Attempt | None = None,
    now: datetime = NOON,
) -> Posted:
    """Post a draft, by a stranger unless somebody is named."""
    return post_comment(tx, site, draft, by or stranger(), attempt=attempt, now=now)


@dataclass(frozen=True, slots=True)
class Stage:
    """A site with one article and its thread, and who works there."""

    db: Database
    site: Site
    thread_id: int
    article_id: int
    alice: Caller
    bob: Caller

    @property
    def thread(self) -> Thread:
        """The thread as it stands."""
        return self.read(get_thread, self.site.id, self.thread_id)

    def read(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Read, in a transaction of its own."""
        return self.db.read_now(fn, *args, **kwargs)

    def write(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Write, in a transaction of its own."""
        return self.db.write_now(fn, *args, **kwargs)

    def post(
        self, text: str = "I wonder.", *, by: Caller | None = None, now: datetime = NOON, **values: Any
    ) -> Posted:
        """Post in the thread of this stage."""
        draft = draft_of(self.site, text, **({"thread": self.thread_id} | values))
        return self.write(post, self.site, draft, by, now=now)

    def with_rules(self, **rules: object) -> "Stage":
        """The same stage under other rules."""
        site = self.write(set_site, **rules)
        return Stage(self.db, site, self.thread_id, self.article_id, self.alice, self.bob)


def set_stage(db: Database) -> Stage:
    """Build the stage in an empty database."""

    def build(tx: Tx) -> Stage:
        site = set_site(tx)
        thread = add_thread(tx, site, discussion=Discussion.OPEN)
        alice = hire(tx, site, "Alice", Role.OWNER)
        bob = hire(tx, site, "Bob", Role.MODERATOR)
        return Stage(db, site, thread.id, thread.article_id, alice, bob)

    return db.write_now(build)


def listed(stage: Stage, thread_id: int, view: View, *, now: datetime) -> Listing:
    """A page of a thread; an order that has to be stored first is stored."""

    def read(tx: Tx) -> Listing:
        thread = get_thread(tx, stage.site.id, thread_id)
        return list_comments(tx, stage.site, thread, view, now=now)

    try:
        return stage.read(read)
    except WriteFirst as first:
        stage.write(first.write, *first.args_)
    return stage.read(read)


def work_off(stage: Stage, now: datetime) -> list[str]:
    """Do every job inside the database that is due at that time; their kinds."""
    inside = duties(load_settings({})).inside
    jobs = stage.write(lease_jobs, now=now, until=now + MINUTE, most=1000)
    for job in jobs:
        if job.kind in inside:
            stage.write(do_inside, inside, job)
    return [job.kind for job in jobs]


def all_at_once(times: int, act: Callable[[int], T]) -> list[T | Exception]:
    """Do something in so many threads that wait for each other at the start; what each returned or raised."""
    barrier = Barrier(times)

    def run(number: int) -> T | Exception:
        barrier.wait()
        try:
            return act(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))
