"""Whatever parents a file names, everybody gets one place, behind whom they answer."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rejoinder.comments.places import Place, top_place
from rejoinder.transfer.counting import count
from rejoinder.transfer.plan import PING, Known, Outline, arrange
from rejoinder.transfer.report import Tally

START = datetime(2020, 1, 1, tzinfo=UTC)

STANDS = st.sampled_from(["published", "published", "held", "removed", "deleted", PING])


@st.composite
def files(draw: st.DrawFn) -> list[Outline]:
    """Comments whose parents may be themselves, each other, later ones, or nobody; with and without dates."""
    size = draw(st.integers(0, 25))
    names = [str(n) for n in range(size)]
    parents = st.none() | st.sampled_from([*names, "outside", "nobody"])
    dates = st.none() | st.integers(0, 50).map(lambda day: START + timedelta(days=day))
    return [
        Outline(n, name, 1000 + n, draw(parents), draw(dates), draw(STANDS)) for n, name in enumerate(names)
    ]


OUTSIDE = {"outside": Known(7, top_place(7, START))}


@given(files())
def test_everybody_has_one_place_behind_whom_they_answer(outlines: list[Outline]) -> None:
    places: dict[int, Place] = {known.id: known.place for known in OUTSIDE.values()}
    order = arrange(outlines, OUTSIDE, start=START, tally=Tally())

    assert sorted(node.outline.place for node in order) == [outline.place for outline in outlines]
    for node in order:
        if node.parent_id is not None:
            above = places[node.parent_id]
            assert node.place.path.startswith(above.path[: 5 * 16])
            assert node.place.placed_at > above.placed_at
            assert (node.place.root_id, node.place.depth) == (above.root_id, above.depth + 1)
        places[node.id] = node.place


@given(files())
def test_a_parent_that_is_given_up_is_told(outlines: list[Outline]) -> None:
    tally = Tally()
    order = arrange(outlines, OUTSIDE, start=START, tally=tally)

    given_up = [node for node in order if node.outline.parent and node.parent_id is None]
    assert len(given_up) == sum(map(len, tally.told.values())) + sum(tally.untold.values())


@given(files(), st.integers(1, 30))
def test_what_is_placed_in_stretches_stands_as_if_placed_at_once(outlines: list[Outline], size: int) -> None:
    at_once = arrange(outlines, OUTSIDE, start=START, tally=Tally())
    known = dict(OUTSIDE)
    for first in range(0, len(at_once), size):
        for node in arrange(outlines, known, start=START, tally=Tally())[first : first + size]:
            known[node.outline.source_id] = Known(node.id, node.place)

    assert {node.outline.source_id: node.place for node in at_once} == {
        name: there.place for name, there in known.items() if name != "outside"
    }


@given(files(), st.integers(1, 30))
def test_stretches_count_together_what_all_count_at_once(outlines: list[Outline], size: int) -> None:
    order = arrange(outlines, OUTSIDE, start=START, tally=Tally())
    whole = count(order)
    parts = [count(order[first : first + size]) for first in range(0, len(order), size)]

    assert sum(part.comments for part in parts) == whole.comments
    for node in order:
        assert sum(part.replies[node.id] for part in parts) == whole.replies[node.id]
        assert sum(part.branches[node.id] for part in parts) == whole.branches[node.id]


def test_twenty_thousand_in_one_chain_need_no_recursion() -> None:
    chain = [Outline(n, str(n), n + 1, str(n + 1), None, "published") for n in range(20_000)]

    order = arrange(chain, {}, start=START, tally=Tally())

    assert (order[0].outline.source_id, order[-1].place.depth) == ("19999", 19_999)
    assert len(order[-1].place.path) == 6 * 16
