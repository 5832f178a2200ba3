"""A branch is moved and moved back: every place, every counter and every page is as if it had been written there."""

import random
from dataclasses import dataclass
from datetime import datetime

import pytest

from cast import MINUTE, NELL, NOON, Stage, add_thread, all_at_once, stranger
from comments.recount import assert_counters_are_right
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.errors import CannotMove, ParentGone
from rejoinder.comments.models import Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.move import move_branch, undo_move
from rejoinder.comments.places import Place, place_below, top_place
from rejoinder.comments.post import post_comment
from rejoinder.comments.queries.reading import drawn
from rejoinder.comments.queries.writing import get_stored
from rejoinder.db import Tx, new_id, show_id
from rejoinder.errors import Conflict, NotFound, Unavailable
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value

BOB = Actor(None, "It answers that one.")


@dataclass(frozen=True, slots=True)
class Row:
    """A comment and where it stands."""

    id: int
    parent_id: int | None
    root_id: int
    depth: int
    path: bytes
    placed_at: datetime
    posted_at: datetime


def rows(tx: Tx) -> list[Row]:
    return tx.all(
        Row,
        "SELECT id, parent_id, root_id, depth, path, placed_at, posted_at FROM comments ORDER BY id",
    )


def assert_all_is_right(stage: Stage) -> None:
    """Every place follows from the parent and the day; every counter is what a recount gives."""
    found = {row.id: row for row in stage.read(rows)}
    for row in found.values():
        above = found[row.parent_id] if row.parent_id is not None else None
        expected = (
            place_below(place_of(above), row.id, row.posted_at) if above else top_place(row.id, row.posted_at)
        )
        assert place_of(row) == expected
    stage.read(assert_counters_are_right, stage.thread_id)


def place_of(row: Row) -> Place:
    return Place(row.root_id, row.depth, row.path, row.placed_at)


def say(stage: Stage, under: int | None = None, minute: int = 0) -> int:
    draft = CommentDraft(
        stage.thread_id,
        None,
        under,
        write_text(f"Said {new_id()}.", stage.site.rules),
        sign("Ann", "", "", stage.site.rules),
    )
    return stage.write(post_comment, stage.site, draft, stranger(), now=NOON + minute * MINUTE).comment_id


def move(stage: Stage, comment: int, under: int | None) -> int:
    return stage.write(move_branch, stage.site, comment, under=under, by=BOB, now=NOON).version


def back(stage: Stage, comment: int) -> None:
    stage.write(undo_move, stage.site, comment, BOB, now=NOON)


def decisions(tx: Tx) -> list[tuple[str, str, str]]:
    @dataclass(frozen=True, slots=True)
    class Decision:
        verb: str
        before: str
        after: str

    kept = tx.all(Decision, "SELECT verb, before, after FROM decisions ORDER BY id")
    return [(one.verb, one.before, one.after) for one in kept]


def test_a_branch_moves_whole_and_comes_back_as_it_was(stage: Stage) -> None:
    first, second = say(stage), say(stage, minute=5)
    reply = say(stage, first, 6)
    deep = say(stage, reply, 7)
    before = stage.read(rows)
    version = stage.thread.version

    moved = move(stage, first, second)

    assert moved > version
    found = {row.id: row for row in stage.read(rows)}
    assert [(found[id_].parent_id, found[id_].depth) for id_ in (first, reply, deep)] == [
        (second, 1),
        (first, 2),
        (reply, 3),
    ]
    assert {row.root_id for row in found.values()} == {second}
    assert stage.thread.top_count == 1
    assert_all_is_right(stage)
    back(stage, first)
    assert stage.read(rows) == before
    assert_all_is_right(stage)
    assert stage.read(decisions) == [
        ("move", "top", show_id(second)),
        ("undo-move", show_id(second), "top"),
    ]


def test_several_moves_are_taken_back_one_by_one(stage: Stage) -> None:
    a, b = say(stage), say(stage, minute=1)
    c = say(stage, a, 2)
    for under in (b, None):
        move(stage, c, under)

    for parent in (b, a):
        back(stage, c)
        assert stage.read(get_stored, stage.site.id, c).parent_id == parent
    with pytest.raises(CannotMove, match="where it was written"):
        back(stage, c)
    assert_all_is_right(stage)


def test_a_branch_never_stands_below_itself(stage: Stage) -> None:
    a = say(stage)
    b = say(stage, a)
    c = say(stage, b)
    for under in (a, b, c):
        with pytest.raises(CannotMove, match="below itself"):
            move(stage, a, under)
    assert stage.read(decisions) == []


def test_a_branch_stays_in_its_discussion(stage: Stage) -> None:
    a = say(stage)
    other = stage.write(add_thread, stage.site, "fog")
    draft = CommentDraft(
        other.id, None, None, write_text("There.", stage.site.rules), sign("Ann", "", "", stage.site.rules)
    )
    there = stage.write(post_comment, stage.site, draft, stranger(), now=NOON).comment_id
    with pytest.raises(CannotMove, match="within its discussion"):
        move(stage, a, there)
    with pytest.raises(NotFound):
        move(stage, a, 4711)


def test_where_it_stands_already_nothing_is_done(stage: Stage) -> None:
    a = say(stage)
    b = say(stage, a)
    version = stage.thread.version

    assert move(stage, b, a) == version
    assert stage.read(decisions) == []


@pytest.mark.parametrize("mark", ["pin", "close"])
def test_what_is_pinned_or_closed_is_not_moved(stage: Stage, mark: str) -> None:
    a, b = say(stage), say(stage)
    stage.write(act, stage.site, a, mark, BOB, now=NOON)

    with pytest.raises(CannotMove, match="pinned or closed"):
        move(stage, a, b)


@pytest.mark.parametrize("status", ["remove", "spam"])
def test_placeholders_come_and_go_with_what_they_are_for(stage: Stage, status: str) -> None:
    a, b = say(stage), say(stage)
    reply = say(stage, a)
    stage.write(act, stage.site, a, status, BOB, now=NOON)

    move(stage, reply, b)
    assert stage.read(drawn, stage.site.id, [a]) == [], "nothing stands below it any more"
    assert stage.thread.top_count == 1
    assert_all_is_right(stage)
    move(stage, b, a)
    [place] = stage.read(drawn, stage.site.id, [a])
    assert place.is_placeholder
    assert stage.thread.top_count == 1
    assert_all_is_right(stage)


def test_votes_go_along_and_an_author_may_still_delete(stage: Stage) -> None:
    a = say(stage)
    own = stage.post("Mine.", by=NELL).comment_id
    stage.write(cast_vote, stage.site, own, Value.UP, stranger(), now=NOON)

    move(stage, own, a)

    assert stage.read(drawn, stage.site.id, [own])[0].up == 1
    stage.write(delete_comment, stage.site, own, NELL, now=NOON)
    assert stage.thread.comment_count == 1
    stage.read(assert_counters_are_right, stage.thread_id)


def test_a_chain_of_two_thousand_moves_in_one_go(stage: Stage) -> None:
    a = say(stage)
    chain = [say(stage)]
    stage.write(hang, chain[0], 2000)

    move(stage, chain[0], a)

    found = stage.read(rows)
    assert max(row.depth for row in found) == 2001
    assert {row.root_id for row in found} == {a}
    assert max(len(row.path) for row in found) == 96
    back(stage, chain[0])
    assert max(row.depth for row in stage.read(rows)) == 2000


def hang(tx: Tx, comment: int, length: int) -> None:
    """A chain of answers below a comment, as an import would store it."""
    tx.run(
        "UPDATE threads SET comment_count = comment_count + :n WHERE id = (SELECT thread_id FROM comments WHERE id = :id)",
        n=length,
        id=comment,
    )
    tx.run("UPDATE comments SET branch_count = :n WHERE id = :id", n=length, id=comment)
    parent = comment
    for depth in range(1, length + 1):
        id_ = new_id()
        tx.run(
            """
            INSERT INTO comments (id, site_id, thread_id, parent_id, root_id, depth, path, author_id, kind, status,
                                  posted_at, placed_at, shown_children, reply_count)
            SELECT :id, site_id, thread_id, id, root_id, :depth, path, author_id, kind, status, posted_at,
                   placed_at + 1, 0, 0
            FROM comments WHERE id = :parent
            """,
            id=id_,
            parent=parent,
            depth=depth,
        )
        tx.run("UPDATE comments SET shown_children = 1, reply_count = 1 WHERE id = :id", id=parent)
        parent = id_


@pytest.mark.parametrize("seed", range(6))
def test_however_often_branches_are_moved_all_is_right_and_all_comes_back(stage: Stage, seed: int) -> None:
    dice = random.Random(seed)
    ids = [say(stage)]
    for minute in range(1, 25):
        ids.append(say(stage, dice.choice([None, *ids]), minute))
    for id_ in dice.sample(ids, 6):
        stage.write(act, stage.site, id_, dice.choice(["remove", "spam"]), BOB, now=NOON)
    before = stage.read(rows)
    moved = []
    for _ in range(30):
        id_ = dice.choice(ids)
        version = stage.thread.version
        try:
            if move(stage, id_, dice.choice([None, *ids])) > version:
                moved.append(id_)
        except CannotMove:
            continue
        assert_all_is_right(stage)
    for id_ in reversed(moved):
        back(stage, id_)
    assert stage.read(rows) == before
    assert_all_is_right(stage)


def test_who_answers_while_the_branch_moves_is_answered_and_stands_right(stage: Stage) -> None:
    tops = [say(stage, minute=n) for n in range(3)]
    chain = [tops[0]]
    for level in range(7):
        chain.append(say(stage, chain[-1], level))

    def do(number: int) -> object:
        if number % 8 == 0:
            under = [tops[1], tops[2], None][number // 8 % 3]
            return move(stage, chain[2], under)
        return say(stage, chain[1 + number % 6], 10)

    answers = all_at_once(80, do)

    busy = [answer for answer in answers if isinstance(answer, Unavailable)]  # an honest answer
    assert [answer for answer in answers if isinstance(answer, Exception) and answer not in busy] == []
    assert len(busy) < 10
    assert_all_is_right(stage)


def test_who_removes_while_the_branch_moves_meets_no_wrong_counter(stage: Stage) -> None:
    tops = [say(stage, minute=n) for n in range(3)]
    replies = [say(stage, tops[0], 3) for _ in range(20)]

    def do(number: int) -> object:
        if number % 2:
            return move(stage, replies[number % 20], tops[1 + number % 2])
        verb = ["remove", "approve"][number // 2 % 2]
        return stage.write(act, stage.site, replies[number % 20 | 1], verb, BOB, now=NOON)

    answers = all_at_once(60, do)

    errors = {type(answer) for answer in answers if isinstance(answer, Exception)}
    assert all(issubclass(error, Conflict) for error in errors)
    assert_all_is_right(stage)


def test_a_reply_to_a_removed_comment_is_still_refused_after_a_move(stage: Stage) -> None:
    a, b = say(stage), say(stage)
    stage.write(act, stage.site, a, "remove", BOB, now=NOON)
    move(stage, a, b)

    assert stage.read(get_stored, stage.site.id, a).status is Status.REMOVED
    with pytest.raises(ParentGone):
        say(stage, a)
