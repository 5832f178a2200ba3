"""A chain of ten thousand and twenty thousand siblings are read, answered and deleted like any discussion."""

import itertools

from cast import DAY, MINUTE, NOON, Stage, listed
from comments.bulk import grow
from comments.recount import assert_counters_are_right
from rejoinder.comments.cursors import write_path
from rejoinder.comments.delete import delete_comment, undo_delete
from rejoinder.comments.models import Comment, Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.queries.reading import drawn
from rejoinder.comments.reading import View, in_context, more_replies
from rejoinder.sites.models import Sort

DEEP, WIDE = 10_000, 20_000
LATER = NOON + DAY
STAFF = Actor(None, "a test")


def look(stage: Stage, comment_id: int) -> Comment:
    return stage.read(drawn, stage.site.id, [comment_id])[0]


def test_a_chain_of_ten_thousand_is_read_answered_and_deleted(stage: Stage) -> None:
    chain = stage.write(grow, stage.site, stage.thread_id, [None, *range(DEEP - 1)])

    page = listed(stage, stage.thread_id, View(Sort.OLDEST), now=LATER)
    assert [row.comment.id for row in page.rows] == chain[:21]
    assert page.rows[-1].more == DEEP - 21
    assert max(row.level for row in page.rows) == 5

    answer = stage.post("The end.", by=stage.bob, reply_to=chain[-1], now=LATER)
    last = look(stage, answer.comment_id)
    assert last.depth == DEEP
    around = stage.read(in_context, stage.site, last)
    assert [row.comment.id for row in around] == [*chain[-20:], answer.comment_id]

    stage.write(delete_comment, stage.site, answer.comment_id, stage.bob, now=LATER)
    stage.write(act, stage.site, chain[5000], "remove", STAFF, now=LATER)
    assert look(stage, chain[5000]).is_placeholder
    stage.read(assert_counters_are_right, stage.thread_id)


def test_ten_thousand_placeholders_vanish_with_the_last_that_is_read_and_come_back_with_it(
    stage: Stage,
) -> None:
    gone = [Status.REMOVED] * DEEP
    chain = stage.write(grow, stage.site, stage.thread_id, [None, *range(DEEP - 1)], statuses=gone)
    assert stage.thread.top_count == 0

    stage.write(act, stage.site, chain[-1], "approve", STAFF, now=LATER)
    assert (stage.thread.comment_count, stage.thread.top_count) == (1, 1)
    assert look(stage, chain[0]).is_placeholder
    stage.read(assert_counters_are_right, stage.thread_id)

    stage.write(act, stage.site, chain[-1], "remove", STAFF, now=LATER)
    assert (stage.thread.comment_count, stage.thread.top_count) == (0, 0)
    stage.read(assert_counters_are_right, stage.thread_id)


def test_twenty_thousand_siblings_are_read_to_the_end_each_once(stage: Stage) -> None:
    root, *siblings = stage.write(grow, stage.site, stage.thread_id, [None, *itertools.repeat(0, WIDE)])

    page = listed(stage, stage.thread_id, View(Sort.NEWEST), now=LATER)
    assert [row.comment.id for row in page.rows] == [root, *siblings[:20]]
    assert page.rows[-1].more == WIDE - 20

    answer = stage.post("Me too.", by=stage.bob, reply_to=siblings[7], now=LATER)
    stage.write(delete_comment, stage.site, answer.comment_id, stage.bob, now=LATER)
    stage.write(undo_delete, stage.site, answer.comment_id, stage.bob, now=LATER + MINUTE / 2)
    siblings.insert(8, answer.comment_id)

    seen = [row.comment.id for row in listed(stage, stage.thread_id, View(Sort.OLDEST), now=LATER).rows][1:]
    word: str | None = write_path(look(stage, seen[-1]).path)
    while word:
        rows, word = stage.read(more_replies, stage.site, look(stage, root), word)
        seen += [row.comment.id for row in rows]
    assert seen == siblings
