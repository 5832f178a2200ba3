"""Every counter is what its rows say after a busy day; one that was spoilt is found, named and set right."""

import hashlib
from datetime import UTC, datetime

import pytest

from rejoinder.accounts.models import Caller
from rejoinder.articles.models import ArticleDraft, ArticleSource, Body
from rejoinder.articles.store import store_article
from rejoinder.comments import recount as comments
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.post import post_comment
from rejoinder.comments.queries.reading import thread_version
from rejoinder.comments.recount import Drift
from rejoinder.db import Database, Tx
from rejoinder.sites.settle import settle_site
from rejoinder.votes import recount as votes
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
STAFF = Actor(None)


def reader(name: str) -> Caller:
    """Somebody with a browser and a network of their own."""
    return Caller(hashlib.sha256(name.encode()).digest(), hashlib.sha256(name.encode()).digest()[:16])


class Day:
    """A discussion with everything that moves a counter: replies, votes, what was removed and what came back."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.site = settle_site(tx, "http://127.0.0.1:8080")
        body = Body.of("Text.", "<p>Text.</p>", 1)
        draft = ArticleDraft(url="/articles/lamp", title="Lamp", body=body, source=ArticleSource.FOLDER)
        store_article(tx, self.site, draft, NOON)
        self.top = self.say("Nell", "Who lit it?")
        self.reply = self.say("Alice", "The keeper did.", below=self.top)
        self.deep = self.say("Bob", "Which one?", below=self.reply)
        lost = self.say("Mallory", "Buy oil.")
        self.gone = self.say("Mallory", "Cheap oil.", below=self.reply)
        for comment in (lost, self.gone, self.reply):
            act(tx, self.site, comment, "remove", STAFF, now=NOON)
        act(tx, self.site, lost, "approve", STAFF, now=NOON)
        for name, value in {"Alice": Value.UP, "Bob": Value.UP, "Mallory": Value.DOWN}.items():
            cast_vote(tx, self.site, self.top, value, reader(name), now=NOON)
        cast_vote(tx, self.site, self.top, Value.NONE, reader("Bob"), now=NOON)

    def say(self, name: str, text: str, *, below: int | None = None) -> int:
        """Post a comment."""
        written, signature = write_text(text, self.site.rules), sign(name, "", "", self.site.rules)
        url = "/articles/lamp"
        draft = CommentDraft(None, url, below, written=written, signature=signature)
        posted = post_comment(self.tx, self.site, draft, reader(name), now=NOON)
        self.thread = posted.thread_id
        return posted.comment_id


def drift_in(db: Database) -> list[Drift]:
    """All drift there is; a small site is one batch."""
    found = [*db.read_now(votes.find_drift, 0).drift, *db.read_now(comments.find_drift, 0).drift]
    assert db.read_now(comments.find_drift, 2**62).end is None
    assert db.read_now(votes.find_drift, 2**62).end is None
    return found


def repair(db: Database) -> None:
    db.write_now(votes.repair_drift, 0)
    db.write_now(comments.repair_drift, 0)


def test_a_busy_day_leaves_no_drift(db: Database) -> None:
    db.write_now(Day)
    assert drift_in(db) == []


@pytest.mark.parametrize(
    "counter", ["reply_count", "branch_count", "shown_children", "up", "down", "score", "best"]
)
def test_a_spoilt_counter_of_a_comment_is_found_and_set_right(db: Database, counter: str) -> None:
    day = db.write_now(Day)
    spoil = f"UPDATE comments SET {counter} = {counter} + 3 WHERE id = :id"
    right = db.read_now(lambda tx: tx.value(f"SELECT {counter} FROM comments WHERE id = :id", id=day.top))
    db.write_now(lambda tx: tx.run(spoil, id=day.top))
    version = db.read_now(thread_version, day.thread)

    named = [d for d in drift_in(db) if (d.comment_id, d.counter) == (day.top, counter)]
    assert [(d.thread_id, d.stored, d.actual) for d in named] == [(day.thread, right + 3, right)]

    repair(db)
    assert drift_in(db) == []
    assert db.read_now(thread_version, day.thread) > version


@pytest.mark.parametrize("counter", ["comment_count", "top_count"])
def test_a_spoilt_counter_of_a_thread_is_found_and_set_right(db: Database, counter: str) -> None:
    day = db.write_now(Day)
    db.write_now(lambda tx: tx.run(f"UPDATE threads SET {counter} = {counter} - 2"))
    assert [(d.thread_id, d.comment_id, d.counter, d.missing) for d in drift_in(db)] == [
        (day.thread, None, counter, 2)
    ]
    repair(db)
    assert drift_in(db) == []


def test_a_placeholder_that_was_lost_comes_back_with_all_that_stands_on_it(db: Database) -> None:
    day = db.write_now(Day)
    db.write_now(act, day.site, day.top, "remove", STAFF, now=NOON)
    db.write_now(
        lambda tx: tx.run("UPDATE comments SET shown_children = 0, reply_count = 0, branch_count = 0")
    )
    shown = "SELECT count(*) FROM comments WHERE shown = 1"
    before = db.read_now(lambda tx: tx.value(shown))

    repair(db)
    assert drift_in(db) == []
    assert (
        db.read_now(lambda tx: tx.value(shown)) == before + 2
    )  # the removed reply, and the removed top above it


def test_repairing_tells_every_reader_of_the_thread(db: Database) -> None:
    day = db.write_now(Day)
    db.write_now(lambda tx: tx.run("UPDATE threads SET comment_count = 40"))
    heard: list[set[str]] = []
    db.on_touch.append(heard.append)
    repair(db)
    assert f"thread:{day.thread}" in set().union(*heard)


def test_a_large_site_is_counted_in_batches_and_none_is_left_out(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = db.write_now(Day)
    monkeypatch.setattr(comments, "MOST_THREADS", 1)
    monkeypatch.setattr(votes, "MOST_COMMENTS", 2)
    seen, after = 0, 0
    while (batch := db.read_now(votes.find_drift, after)).end is not None:
        seen, after = seen + 1, batch.end
    assert seen == 3  # five comments, two at a time
    assert db.read_now(comments.find_drift, 0).end == day.thread
