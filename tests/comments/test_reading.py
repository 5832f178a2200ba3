"""Lists of a discussion: every comment once, in its order, while others post and vote; and what a page costs."""

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest

from cast import DAY, HOUR, MINUTE, NELL, NOON, SECOND, Stage, listed, stranger
from comments.bulk import grow
from comments.spy import statements_of
from rejoinder.comments.cursors import ByEdition, read_edition, write_edition
from rejoinder.comments.editions import make_edition
from rejoinder.comments.jobs import forget_editions
from rejoinder.comments.models import Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.queries.editions import latest_edition
from rejoinder.comments.reading import Listing, View, list_comments
from rejoinder.db import Tx
from rejoinder.errors import NotFound
from rejoinder.sites.models import Sort
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value

STAFF = Actor(None, "a test")
EDITIONS = (Sort.MOST_VOTED, Sort.BEST)


def pages(stage: Stage, sort: Sort, *, limit: int = 100) -> Iterator[Listing]:
    """Page after page, as a reader walks them."""
    after: str | None = None
    for _ in range(limit):
        page = listed(stage, stage.thread_id, View(sort, after), now=now_of(stage))
        yield page
        after = page.next
        if after is None:
            return
    raise AssertionError("the list has no end")


def now_of(stage: Stage) -> object:
    """Editions are stored at the time of their transaction, so lists are read at it too."""
    return stage.read(lambda tx: tx.now)


def roots(page: Listing) -> list[int]:
    return [row.comment.id for row in page.rows if row.comment.depth == 0]


def walk(stage: Stage, sort: Sort) -> list[int]:
    return [id_ for page in pages(stage, sort) for id_ in roots(page)]


def vote(stage: Stage, comment: int, value: Value = Value.UP, times: int = 1) -> None:
    for _ in range(times):
        stage.write(cast_vote, stage.site, comment, value, stranger(), now=NOON)


def test_every_sort_shows_every_comment_once(stage: Stage) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, [None] * 120)

    assert walk(stage, Sort.OLDEST) == ids
    assert walk(stage, Sort.NEWEST) == ids[::-1]
    assert walk(stage, Sort.MOST_VOTED) == ids[::-1]  # nobody has voted: then the newest first
    assert walk(stage, Sort.BEST) == ids[::-1]


def test_sorts_move_top_level_comments_and_leave_replies_in_their_order(stage: Stage) -> None:
    first, second = stage.post("First.").comment_id, stage.post("Second.", now=NOON + SECOND).comment_id
    replies = [
        stage.post(f"Reply {number}.", reply_to=first, now=NOON + number * MINUTE).comment_id
        for number in range(1, 4)
    ]
    vote(stage, replies[2], times=3)

    page = listed(stage, stage.thread_id, View(Sort.NEWEST), now=NOON + DAY)
    assert [row.comment.id for row in page.rows] == [second, first, *replies]


def test_most_voted_is_for_minus_against_and_best_is_sure_of_it(stage: Stage) -> None:
    loved, fought, new, hated = (
        stage.post(f"Thought {n}.", now=NOON + n * SECOND).comment_id for n in range(4)
    )
    vote(stage, loved, times=4)
    vote(stage, fought, times=9)
    vote(stage, fought, Value.DOWN, times=4)
    vote(stage, hated, Value.DOWN, times=2)

    assert walk(stage, Sort.MOST_VOTED) == [fought, loved, new, hated]
    assert walk(stage, Sort.BEST) == [loved, fought, new, hated]


def test_a_page_has_at_most_fifty_conversations_and_two_hundred_rows(stage: Stage) -> None:
    stage.write(grow, stage.site, stage.thread_id, [None] * 60)
    assert [len(page.rows) for page in pages(stage, Sort.OLDEST)] == [50, 10]

    many = [None if number % 31 == 0 else number - number % 31 for number in range(31 * 20)]
    stage.write(grow, stage.site, stage.thread_id, many, since=NOON + DAY)
    for sort in Sort:
        sizes = [len(page.rows) for page in pages(stage, sort)]
        assert max(sizes) <= 200
        assert sum(sizes) == 60 + 20 * 21


def test_a_long_branch_shows_twenty_replies_and_says_how_many_are_left(stage: Stage) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, [None, *[0] * 20, None, *[21] * 21])

    rows = listed(stage, stage.thread_id, View(Sort.OLDEST), now=NOON + DAY).rows
    assert [row.comment.id for row in rows] == ids[:-1]
    assert {row.comment.id: row.more for row in rows if row.more} == {ids[-2]: 1}


def test_posts_and_votes_move_nothing_in_a_walk_that_has_begun(stage: Stage) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, [None] * 120)
    for sort in EDITIONS:
        walk_ = pages(stage, sort)
        seen = roots(next(walk_))
        vote(stage, ids[0], times=3)  # to the top, from a page that is still to come
        vote(stage, seen[0], Value.DOWN, times=3)  # to the end, from a page that was seen
        late = stage.post(f"A late thought for {sort}.").comment_id
        seen += [id_ for page in walk_ for id_ in roots(page)]
        assert sorted(seen) == ids
        ids.append(late)


def test_what_is_removed_in_a_walk_is_left_out_and_nothing_else_is(stage: Stage) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, [None] * 120)
    for sort in EDITIONS:
        walk_ = pages(stage, sort)
        seen = roots(next(walk_))
        gone = [id_ for id_ in ids if id_ not in seen][10:15]
        for id_ in gone:
            stage.write(act, stage.site, id_, "remove", STAFF, now=NOON)
        seen += [id_ for page in walk_ for id_ in roots(page)]
        assert sorted(seen) == sorted({*ids} - {*gone})
        for id_ in gone:
            stage.write(act, stage.site, id_, "approve", STAFF, now=NOON)


def test_a_page_of_an_edition_that_is_all_gone_leads_on(stage: Stage) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, [None] * 130)
    walk_ = pages(stage, Sort.BEST)
    seen = roots(next(walk_))
    for id_ in ids[30:80]:
        stage.write(act, stage.site, id_, "remove", STAFF, now=NOON)
    seen += [id_ for page in walk_ for id_ in roots(page)]

    assert seen == [*ids[:79:-1], *ids[29::-1]]


def test_an_order_is_made_at_most_once_a_minute(stage: Stage) -> None:
    first = stage.post("First.").comment_id
    assert walk(stage, Sort.BEST) == [first]
    stage.post("Second.")
    assert walk(stage, Sort.BEST) == [first]  # a minute old at the most
    stage.write(age_editions, MINUTE)
    assert len(walk(stage, Sort.BEST)) == 2


def test_an_order_of_a_quiet_thread_is_made_once(stage: Stage) -> None:
    stage.post()
    walk(stage, Sort.BEST)
    stage.write(age_editions, 29 * MINUTE)
    made = stage.read(latest_edition, stage.thread_id, Sort.BEST)
    walk(stage, Sort.BEST)
    assert stage.read(latest_edition, stage.thread_id, Sort.BEST) == made

    stage.write(age_editions, 2 * MINUTE)  # who begins now has half an hour at least
    walk(stage, Sort.BEST)
    assert stage.read(latest_edition, stage.thread_id, Sort.BEST) != made


def test_two_who_want_an_order_at_once_store_one(stage: Stage) -> None:
    stage.post()
    thread = stage.thread
    one = stage.write(make_edition, thread, Sort.BEST)
    assert stage.write(make_edition, thread, Sort.BEST) == one


def test_an_order_is_gone_after_an_hour_and_its_words_say_so(stage: Stage) -> None:
    stage.write(grow, stage.site, stage.thread_id, [None] * 60)
    after = next(pages(stage, Sort.BEST)).next
    stage.write(age_editions, HOUR - MINUTE)
    stage.write(forget_editions)
    assert listed(stage, stage.thread_id, View(Sort.BEST, after_aged(after, HOUR - MINUTE)), now=NOON).rows

    stage.write(age_editions, 2 * MINUTE)
    stage.write(forget_editions)
    with pytest.raises(NotFound) as gone:
        listed(stage, stage.thread_id, View(Sort.BEST, after_aged(after, HOUR + MINUTE)), now=NOON)
    assert gone.value.code == "edition-gone"


def test_pinned_comments_stand_above_the_first_page_of_every_sort_and_nowhere_else(stage: Stage) -> None:
    ids = stage.write(grow, stage.site, stage.thread_id, [None] * 70)
    pinned = [ids[3], ids[40], ids[69]]
    for id_ in reversed(pinned):
        stage.write(act, stage.site, id_, "pin", STAFF, now=NOON)

    for sort in Sort:
        found = list(pages(stage, sort))
        assert [row.comment.id for row in found[0].pinned] == pinned
        assert [page.pinned for page in found[1:]] == [()]
        assert sorted(itertools.chain(*map(roots, found))) == sorted({*ids} - {*pinned})


def test_a_pinned_comment_that_goes_makes_room_for_another(stage: Stage) -> None:
    ids = [
        stage.post(f"Thought {number}.", by=NELL, now=NOON + number * MINUTE).comment_id
        for number in range(4)
    ]
    stage.post("An answer.", reply_to=ids[0])
    for id_ in ids[:3]:
        stage.write(act, stage.site, id_, "pin", STAFF, now=NOON)
    stage.write(act, stage.site, ids[0], "remove", STAFF, now=NOON)

    page = listed(stage, stage.thread_id, View(Sort.OLDEST), now=NOON + DAY)
    assert [row.comment.id for row in page.pinned] == ids[1:3]
    assert page.rows[0].comment.is_placeholder
    assert stage.write(act, stage.site, ids[3], "pin", STAFF, now=NOON)


def test_a_placeholder_says_nothing_but_why(stage: Stage) -> None:
    top = stage.post("A secret.", by=NELL).comment_id
    stage.post("An answer.", reply_to=top, now=NOON + SECOND)
    stage.write(act, stage.site, top, "remove", STAFF, now=NOON)

    above, below = (row.comment for row in listed(stage, stage.thread_id, View(Sort.OLDEST), now=NOON).rows)
    assert above.status is Status.REMOVED
    assert (above.html, above.author_name, above.author_website, above.label, above.edited_at) == (None,) * 5
    assert below.parent_name is None


@pytest.mark.parametrize("sort", Sort)
def test_a_page_costs_the_same_few_statements_at_any_size(stage: Stage, sort: Sort) -> None:
    def count() -> int:
        listed(stage, stage.thread_id, View(sort), now=now_of(stage))  # its order is stored
        thread = stage.thread
        return len(
            stage.read(statements_of, list_comments, stage.site, thread, View(sort), now=now_of(stage))
        )

    stage.write(grow, stage.site, stage.thread_id, [None if n % 10 == 0 else n - n % 10 for n in range(100)])
    small = count()
    stage.write(grow, stage.site, stage.thread_id, [None if n % 50 == 0 else n - 1 for n in range(5000)])

    assert count() == small <= 4


def age_editions(tx: Tx, by: timedelta) -> None:
    """Let time go by for what is stored: editions are dated by the clock of their transaction."""
    tx.run("UPDATE editions SET made_at = made_at - :by", by=by // timedelta(milliseconds=1))


def after_aged(after: str | None, by: timedelta) -> str:
    """The word for the same place in an edition that was dated back."""
    cursor = read_edition(after or "")
    return write_edition(ByEdition(cursor.made_at - by, cursor.position))
