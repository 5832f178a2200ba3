"""A discussion row by row: each once, in reading order, however few at a time and whatever arrives meanwhile."""

import pytest

from cast import DAY, NOON, SECOND, Stage, add_thread, stranger
from comments.bulk import grow
from comments.spy import statements_of
from rejoinder.comments.cursors import ByPlace, write_place
from rejoinder.comments.models import Comment
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.queries.reading import find_thread
from rejoinder.comments.reading import View
from rejoinder.comments.walking import BEFORE_REPLIES, Stretch, walk
from rejoinder.db import Tx, WriteFirst
from rejoinder.errors import Invalid
from rejoinder.sites.models import Sort
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value

STAFF = Actor(None, "a test")
# Three branches: one deep and wide, one lonely, one that goes below the last drawn level.
TREE = [None, 0, 1, 0, 3, 3, None, None, 7, 8, 9, 10, 11, 12, 8]


def read(tx: Tx, stage: Stage, sort: Sort, after: str | None, limit: int) -> Stretch:
    thread = find_thread(tx, stage.site.id, stage.thread_id)
    assert thread is not None
    return walk(tx, thread, View(sort, after), limit=limit, now=tx.now)


def step(stage: Stage, sort: Sort, after: str | None, limit: int) -> Stretch:
    try:
        return stage.read(read, stage, sort, after, limit)
    except WriteFirst as first:
        stage.write(first.write, *first.args_)
        return stage.read(read, stage, sort, after, limit)


def walked(stage: Stage, sort: Sort, limit: int) -> list[Comment]:
    rows: list[Comment] = []
    after: str | None = None
    for _ in range(1000):
        stretch = step(stage, sort, after, limit)
        assert len(stretch.comments) <= limit
        rows += stretch.comments
        after = stretch.next
        if after is None:
            return rows
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("sort", Sort)
def test_any_number_at_a_time_is_the_same_walk(stage: Stage, sort: Sort) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, TREE)
    stage.write(cast_vote, stage.site, ids[6], Value.UP, stranger(), now=NOON)
    whole = [row.id for row in walked(stage, sort, 200)]

    assert sorted(whole) == sorted(ids)
    for limit in (1, 2, 3, 7, len(ids), len(ids) + 1):
        assert [row.id for row in walked(stage, sort, limit)] == whole


def test_branches_stand_in_the_order_of_the_sort_and_each_is_read_as_it_is_drawn(stage: Stage) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, TREE)
    first, second, third = ids[:6], ids[6:7], ids[7:]

    oldest = [row.id for row in walked(stage, Sort.OLDEST, 4)]
    assert oldest == [ids[0], ids[1], ids[2], ids[3], ids[4], ids[5], *second, *oldest[7:]]
    assert set(oldest[7:]) == set(third)
    newest = [row.id for row in walked(stage, Sort.NEWEST, 4)]
    assert newest == [*oldest[7:], *second, *first]
    for row in walked(stage, Sort.OLDEST, 5):
        if row.parent_id is not None:
            assert oldest.index(row.parent_id) < oldest.index(row.id)


def test_a_pinned_comment_keeps_its_place_and_a_placeholder_too(stage: Stage) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, TREE)
    stage.write(act, stage.site, ids[6], "pin", STAFF, now=NOON)
    stage.write(act, stage.site, ids[3], "remove", STAFF, now=NOON)

    rows = walked(stage, Sort.OLDEST, 3)
    assert {row.id for row in rows} == set(ids)
    assert rows[6].id == ids[6]
    assert [row.id for row in rows if row.is_placeholder] == [ids[3]]


@pytest.mark.parametrize("sort", Sort)
def test_what_arrives_meanwhile_is_missed_or_read_and_never_read_twice(stage: Stage, sort: Sort) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, TREE)
    seen: list[int] = []
    after: str | None = None
    for turn in range(100):
        stretch = step(stage, sort, after, 2)
        seen += [row.id for row in stretch.comments]
        late = NOON + DAY + turn * SECOND
        stage.post(f"Late thought {turn}.", by=stranger(), reply_to=ids[turn % len(ids)], now=late)
        stage.write(cast_vote, stage.site, ids[turn % len(ids)], Value.UP, stranger(), now=late)
        after = stretch.next
        if after is None:
            break
    assert after is None, "the list has no end"
    assert len(seen) == len(set(seen))
    assert set(ids) <= set(seen)


def test_a_stretch_costs_the_same_few_statements_at_any_size(stage: Stage) -> None:
    stage.write(grow, stage.site, stage.thread_id, [None if n % 4 == 0 else n - n % 4 for n in range(800)])
    inside = step(stage, Sort.OLDEST, None, 2).next

    for after in (None, inside):
        for limit in (1, 50, 200):
            asked = stage.read(statements_of, read, stage, Sort.OLDEST, after, limit)
            assert len(asked) <= 4


def test_a_word_for_another_threads_branch_leads_to_nothing_of_it(stage: Stage) -> None:
    elsewhere = stage.post("Elsewhere.", now=NOON).comment_id
    stage.post("Below it.", reply_to=elsewhere, now=NOON + SECOND)
    word = write_place(ByPlace(NOON, elsewhere, BEFORE_REPLIES))
    assert len(step(stage, Sort.OLDEST, word, 5).comments) == 1

    def other(tx: Tx) -> Stretch:
        return walk(tx, add_thread(tx, stage.site, "harbour"), View(Sort.OLDEST, word), limit=5, now=NOON)

    assert list(stage.write(other).comments) == []


@pytest.mark.parametrize("word", ["a", "a" * 21, "z" * 26, "0" * 26, "a" * 181])
@pytest.mark.parametrize("sort", [Sort.OLDEST, Sort.BEST])
def test_a_word_that_is_none_of_ours_is_refused(stage: Stage, sort: Sort, word: str) -> None:
    with pytest.raises(Invalid):
        step(stage, sort, word, 5)
