"""What is promised to be forgotten is gone: canaries are planted by what readers do, and every table is searched for them."""

from collections.abc import Iterator

import pytest

from cast import (
    DAY,
    HOUR,
    MINUTE,
    NELL,
    Stage,
    attempt_of,
    draft_of,
    listed,
    network_hash,
    nobody,
    post,
    reader,
    work_off,
)
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.draft import write_text
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.reading import View
from rejoinder.db import Tx
from rejoinder.sites.models import Sort
from rejoinder.subscribers import CHORES
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value

PLACE = "the canary's cage"
CANARY = network_hash(PLACE)
WORDS = "Quite a canary, this sentence, which nobody else would ever think of writing down."


def tables(tx: Tx) -> list[str]:
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if tx.engine == "sqlite"
        else "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return [row[0] for row in tx._connection.rows(names, {})[1]]


def places_of(tx: Tx, canary: bytes) -> set[str]:
    """The columns of any table that hold it, as it is or in hexadecimal."""
    return {
        f"{table}.{column}"
        for table in tables(tx)
        for column, value in cells(tx, table)
        if canary in value or canary.hex().encode() in value
    }


def cells(tx: Tx, table: str) -> Iterator[tuple[str, bytes]]:
    columns, rows = tx._connection.rows(f"SELECT * FROM {table}", {})
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            yield column, value if isinstance(value, bytes) else str(value).encode()


def do_all_chores(stage: Stage) -> None:
    for chore in CHORES:
        stage.write(chore.do)


@pytest.fixture
def busy(stage: Stage) -> Stage:
    """Everything that a reader can do, from the canary's network, thirty-one days ago; a vote and a visit since."""
    then = stage.read(lambda tx: tx.now) - 31 * DAY
    guest, unknown = reader("Canary", PLACE), nobody(PLACE)
    other = stage.post("Something to vote on.", by=NELL, now=then).comment_id
    mine = stage.post("Mine.", by=guest, now=then).comment_id
    draft = draft_of(stage.site, "With a key.", thread=stage.thread_id)
    attempt = attempt_of(stage.site, unknown, "k", "With a key.")
    stage.write(post, stage.site, draft, unknown, attempt=attempt, now=then)
    stage.write(
        edit_comment,
        stage.site,
        mine,
        write_text("Still mine.", stage.site.rules),
        guest,
        revision=1,
        now=then,
    )
    for number in range(7):
        stage.write(cast_vote, stage.site, other, Value.UP, reader(f"hired {number}", PLACE), now=then)
    listed(stage, stage.thread_id, View(Sort.BEST), now=then)
    return stage


def test_where_somebody_was_is_forgotten_everywhere_after_thirty_days(busy: Stage) -> None:
    assert busy.read(places_of, CANARY) == {
        "visitors.network",
        "votes.network",
        "fingerprints.network",
        "idempotency.scope",
        "limits.subject",
    }
    do_all_chores(busy)
    assert busy.read(places_of, CANARY) == set()


def test_what_is_younger_is_kept_while_it_is_of_use(stage: Stage) -> None:
    now = stage.read(lambda tx: tx.now)
    guest = reader("Canary", PLACE)
    comment = stage.post("Something to vote on.", by=NELL, now=now).comment_id
    stage.post("Recent.", by=guest, now=now - 12 * HOUR)
    stage.write(cast_vote, stage.site, comment, Value.UP, reader("new", PLACE), now=now)

    do_all_chores(stage)
    assert stage.read(places_of, CANARY) == {
        "visitors.network",
        "votes.network",
        "fingerprints.network",
        "limits.subject",
    }


def test_forgetting_changes_no_figure(busy: Stage) -> None:
    before = busy.thread, busy.read(figures)
    do_all_chores(busy)
    assert (busy.thread, busy.read(figures)) == before


def figures(tx: Tx) -> object:
    return tx._connection.rows("SELECT id, up, down, score, best, reply_count FROM comments ORDER BY id", {})[
        1
    ]


def test_a_deleted_text_is_nowhere_any_more(stage: Stage) -> None:
    now = stage.read(lambda tx: tx.now) - HOUR
    comment = stage.post(WORDS, by=NELL, now=now).comment_id
    edited = write_text(WORDS + " Twice.", stage.site.rules)
    stage.write(edit_comment, stage.site, comment, edited, NELL, revision=1, now=now)
    assert stage.read(places_of, WORDS.encode()) == {"comment_revisions.text", "comment_revisions.html"}

    stage.write(delete_comment, stage.site, comment, NELL, now=now)
    work_off(stage, now + MINUTE)
    assert stage.read(places_of, WORDS.encode()) == set()
