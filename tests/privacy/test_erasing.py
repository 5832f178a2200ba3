"""Taking a person out of what they wrote: the discussion keeps its shape, whatever is cut off goes on (D38)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from cast import NELL, NOON, Stage, work_off
from comments.recount import assert_counters_are_right
from privacy.people import id_of, join
from rejoinder.accounts.queries.staff import get_account
from rejoinder.comments.models import Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.states import Verb
from rejoinder.db import Tx
from rejoinder.errors import NotFound
from rejoinder.privacy.erase import AT_ONCE, erase_own
from rejoinder.privacy.errors import LastOwner
from rejoinder.privacy.leave import leave
from rejoinder.privacy.models import Wish
from rejoinder.privacy.queries.erasing import erasures_of

EMAIL = "rita@mail.example"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A comment as everybody sees it, and where it stands."""

    id: int
    parent_id: int | None
    path: bytes
    depth: int
    status: Status
    author_name: str | None
    html: str | None


def drawn(stage: Stage) -> list[Drawn]:
    def read(tx: Tx) -> list[Drawn]:
        return tx.all(
            Drawn,
            """
            SELECT id, parent_id, path, depth, status, author_name, html FROM drawn_comments
            WHERE shown = 1 ORDER BY id
            """,
        )

    return stage.read(read)


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=5)


def finish(stage: Stage) -> None:
    while "erase-person" in work_off(stage, soon()):
        pass


def shape(comments: Sequence[Drawn]) -> list[tuple[int, int | None, bytes, int]]:
    return [(c.id, c.parent_id, c.path, c.depth) for c in comments]


@pytest.fixture
def chain(stage: Stage) -> Stage:
    """Rita and Nell answer each other; Rita wrote more at the end than is done at once."""
    rita = join(stage, "Rita", EMAIL, b"r" * 32)
    above = None
    for number in range(8):
        by, name = (rita, "Rita") if number % 2 == 0 else (NELL, "Nell")
        above = stage.post(f"Answer {number}", by=by, reply_to=above, name=name).comment_id
    for number in range(AT_ONCE + 3):
        stage.post(f"Rita {number}", by=rita, name="Rita", now=NOON + timedelta(minutes=5 * number))
    return stage


def rita_of(stage: Stage) -> int:
    found: int = stage.read(lambda tx: tx.value("SELECT id FROM accounts WHERE name = 'Rita'"))
    return found


def test_removed_comments_leave_places_where_replies_hang(chain: Stage) -> None:
    before = drawn(chain)
    chain.write(erase_own, chain.site, rita_of(chain), Wish.REMOVE, now=NOON)
    finish(chain)
    after = drawn(chain)
    assert shape(after) == shape(before)[:8]  # the chain stands; what nobody answered is gone
    assert [c.status for c in after] == [Status.DELETED, Status.PUBLISHED] * 4
    assert [c.html is None for c in after] == [True, False] * 4
    chain.read(assert_counters_are_right, chain.thread_id)
    assert chain.thread.comment_count == 4


def test_comments_without_a_name_stand_as_they_stood(chain: Stage) -> None:
    before = drawn(chain)
    version = chain.thread.version
    chain.write(erase_own, chain.site, rita_of(chain), Wish.UNSIGN, now=NOON)
    finish(chain)
    after = drawn(chain)
    assert shape(after) == shape(before)
    assert [c.html for c in after] == [c.html for c in before]
    assert {c.author_name for c in after} == {"", "Nell"}
    assert "Rita" not in {c.author_name for c in after}
    assert chain.thread.version > version
    chain.read(assert_counters_are_right, chain.thread_id)


def test_what_is_under_way_is_told_and_goes_on_where_it_stopped(chain: Stage) -> None:
    rita = rita_of(chain)
    chain.write(erase_own, chain.site, rita, Wish.REMOVE, now=NOON)
    (erasure,) = chain.read(erasures_of, chain.site.id, rita)
    assert (erasure.comments, erasure.done, erasure.finished_at) == (AT_ONCE + 7, AT_ONCE, None)
    # Nobody's name stands below what is still to be done.
    assert {c.author_name for c in drawn(chain)} <= {None, "", "Nell"}
    finish(chain)
    (erasure,) = chain.read(erasures_of, chain.site.id, rita)
    assert erasure.done == erasure.comments and erasure.finished_at
    assert chain.read(lambda tx: tx.value("SELECT count(*) FROM erasing")) == 0


def test_what_is_written_after_the_wish_stays(chain: Stage) -> None:
    rita = join(chain, "Rita the Second", "second@mail.example")
    chain.write(erase_own, chain.site, id_of(rita), Wish.REMOVE, now=NOON)
    kept = chain.post("Here again.", by=rita, name="Rita the Second").comment_id
    finish(chain)
    (comment,) = [c for c in drawn(chain) if c.id == kept]
    assert (comment.author_name, comment.status) == ("Rita the Second", Status.PUBLISHED)


def test_what_staff_removed_stays_removed_and_nobody_brings_it_back_empty(stage: Stage) -> None:
    rita = join(stage, "Rita", EMAIL)
    said = stage.post("Rude.", by=rita).comment_id
    stage.post("A reply.", by=NELL, reply_to=said)
    bob = Actor(id_of(stage.bob), "Rude: “Rude.”")
    stage.write(act, stage.site, said, Verb.REMOVE, bob, now=NOON)
    stage.write(erase_own, stage.site, id_of(rita), Wish.REMOVE, now=NOON)
    assert [c.status for c in drawn(stage)] == [Status.REMOVED, Status.PUBLISHED]
    with pytest.raises(NotFound):
        stage.write(act, stage.site, said, Verb.APPROVE, bob, now=NOON)
    decision = stage.read(
        lambda tx: tx.value("SELECT verb || coalesce(why, '') FROM decisions WHERE comment_id = :id", id=said)
    )
    assert decision == "remove"


def test_a_guests_comments_on_ones_own_browser_are_ones_own(stage: Stage) -> None:
    stage.post("As a guest.", by=NELL)
    nell = join(stage, "Nell", "nell@mail.example", NELL.token_hash)
    stage.write(erase_own, stage.site, id_of(nell), Wish.REMOVE, now=NOON)
    assert drawn(stage) == []


def test_the_last_owner_stays(stage: Stage) -> None:
    alice = stage.read(get_account, id_of(stage.alice))
    with pytest.raises(LastOwner):
        stage.write(leave, stage.site, alice, Wish.UNSIGN, now=NOON)


def test_what_a_moderator_decided_stays_when_they_leave(stage: Stage) -> None:
    said = stage.post("Rude.", by=NELL).comment_id
    stage.write(act, stage.site, said, Verb.REMOVE, Actor(id_of(stage.bob), "Rude"), now=NOON)
    bob = stage.read(get_account, id_of(stage.bob))
    stage.write(leave, stage.site, bob, Wish.UNSIGN, now=NOON)

    @dataclass(frozen=True, slots=True)
    class Kept:
        verb: str
        at: datetime
        account_id: int | None
        why: str | None

    (kept,) = stage.read(lambda tx: tx.all(Kept, "SELECT verb, at, account_id, why FROM decisions"))
    assert (kept.verb, kept.at, kept.account_id, kept.why) == ("remove", NOON, None, "Rude")
