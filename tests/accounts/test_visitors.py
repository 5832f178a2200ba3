"""A browser is known by its token, and what it signs with is an author of its own."""

from cast import DAY, NELL, NOON, SECOND, Stage, all_at_once, nobody, reader
from rejoinder.accounts.jobs import forget_networks
from rejoinder.accounts.know import ensure_visitor, sign_as_guest
from rejoinder.accounts.models import Signature, Visitor
from rejoinder.accounts.queries.visitors import find_visitor
from rejoinder.comments.queries.reading import drawn
from rejoinder.db import Tx, new_id
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import insert_site


def know(stage: Stage, *, network: bytes = b"n", now: object = NOON) -> Visitor:
    return stage.write(ensure_visitor, stage.site.id, NELL.token_hash, network=network, now=now)


def author_ids(tx: Tx) -> list[int]:
    return [row[0] for row in tx._connection.rows("SELECT id FROM authors ORDER BY id", {})[1]]


def test_a_browser_is_the_same_visitor_wherever_it_is(stage: Stage) -> None:
    first = know(stage, network=b"home")
    second = know(stage, network=b"train", now=NOON + DAY)

    assert (second.id, second.network) == (first.id, b"train")


def test_two_hundred_first_acts_of_a_browser_make_one_visitor(stage: Stage) -> None:
    answers = all_at_once(200, lambda n: know(stage).id)
    assert len(set(answers)) == 1


def test_a_browser_is_another_visitor_on_another_site(stage: Stage) -> None:
    stage.write(insert_site, elsewhere := new_id(), "https://elsewhere.example", Rules())
    there = stage.write(ensure_visitor, elsewhere, NELL.token_hash, network=b"n", now=NOON)

    assert there.id != know(stage).id
    assert stage.read(find_visitor, elsewhere, NELL.token_hash) == there
    assert stage.read(find_visitor, stage.site.id, b"unknown") is None


def test_a_guest_who_signs_alike_is_one_author_and_otherwise_another(stage: Stage) -> None:
    visitor = know(stage)

    def sign(name: str, email: str | None = None, website: str | None = None) -> int:
        signature = Signature(name, name.casefold(), email, website)
        return stage.write(sign_as_guest, stage.site.id, visitor, signature).id

    assert sign("Nell") == sign("Nell")
    others = {
        sign("Nelly"),
        sign("nell"),
        sign("Nell", "n@x.example"),
        sign("Nell", None, "https://n.example"),
    }
    assert len(others | {sign("Nell")}) == 5


def test_who_changes_the_name_leaves_earlier_comments_as_they_were(stage: Stage) -> None:
    first = stage.post("As Nell.", by=NELL).comment_id
    second = stage.post("As Nelly.", by=NELL, name="Nelly", now=NOON + SECOND).comment_id

    names = {one.id: one.author_name for one in stage.read(drawn, stage.site.id, [first, second])}
    assert names == {first: "Nell", second: "Nelly"}


def test_those_without_a_browser_to_know_them_by_are_never_the_same(stage: Stage) -> None:
    stage.post("One.", by=nobody("cafe"))
    stage.post("Two.", by=nobody("cafe"))
    stage.post("Three.", by=reader("Nell", "cafe"))
    assert len(stage.read(author_ids)) == 3


def test_where_a_visitor_was_is_forgotten_after_thirty_days(stage: Stage) -> None:
    now = stage.read(lambda tx: tx.now)
    know(stage, network=b"home", now=now - 30 * DAY - SECOND)
    stage.post("Here.", by=reader("Bea"), now=now - 30 * DAY + 60 * SECOND)

    assert stage.write(forget_networks) == 1
    found = stage.read(find_visitor, stage.site.id, NELL.token_hash)
    assert found is not None
    assert found.network is None
