"""Reading order is a stored key: it must equal what a plain recursive walk gives, for any tree and any times."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from rejoinder.comments.models import DRAWN_LEVELS
from rejoinder.comments.places import END, Place, place_below, top_place

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
OLDEST = datetime(1970, 1, 1, tzinfo=UTC)

moments = st.integers(min_value=-5, max_value=5).map(lambda n: NOON + timedelta(milliseconds=n))
odd_moments = st.integers(min_value=0, max_value=10**7).map(lambda n: NOON + timedelta(microseconds=n))


@dataclass(eq=False)
class Node:
    """A comment of the model."""

    id: int
    place: Place
    children: list["Node"] = field(default_factory=list)

    @property
    def key(self) -> tuple[datetime, int]:
        at = self.place.placed_at
        return at.replace(microsecond=at.microsecond // 1000 * 1000), self.id


def walk(node: Node, depth: int = 0) -> list[int]:
    """Children by time and id below each comment; from the last indent on, all that is below by time and id alone."""
    if depth >= DRAWN_LEVELS:
        return [node.id, *(below.id for below in sorted(everything_below(node), key=lambda one: one.key))]
    children = sorted(node.children, key=lambda one: one.key)
    return [node.id, *(id_ for child in children for id_ in walk(child, depth + 1))]


def everything_below(node: Node) -> list[Node]:
    return [below for child in node.children for below in (child, *everything_below(child))]


@st.composite
def branches(draw: st.DrawFn, times: st.SearchStrategy[datetime]) -> list[Node]:
    """A top-level comment and replies, each to any earlier one; half of them go on where the last one stopped."""
    nodes = [Node(1, top_place(1, draw(times)))]
    for id_ in draw(st.permutations(range(2, draw(st.integers(2, 25))))):
        parent = nodes[-1] if draw(st.booleans()) else draw(st.sampled_from(nodes))
        node = Node(id_, place_below(parent.place, id_, draw(times)))
        parent.children.append(node)
        nodes.append(node)
    return nodes


@given(st.one_of(branches(moments), branches(odd_moments)))
def test_the_stored_key_reads_as_a_recursive_walk(nodes: list[Node]) -> None:
    by_key = sorted(nodes, key=lambda node: node.place.path)

    assert [node.id for node in by_key] == walk(nodes[0])


@given(branches(moments))
def test_a_reply_stands_behind_what_it_answers_whatever_its_date_says(nodes: list[Node]) -> None:
    for node in nodes:
        for child in node.children:
            assert child.place.path > node.place.path
            assert child.place.placed_at > node.place.placed_at
            assert child.place.depth == node.place.depth + 1
            assert child.place.root_id == nodes[0].id


@given(branches(moments))
def test_a_place_has_at_most_six_pairs_and_stands_before_the_end(nodes: list[Node]) -> None:
    for node in nodes:
        assert len(node.place.path) == 16 * min(node.place.depth, DRAWN_LEVELS + 1)
        assert node.place.path < END


def test_a_branch_is_one_range_at_the_edges_of_time_and_of_ids() -> None:
    root = top_place(1, OLDEST)
    far = place_below(root, 2**63 - 1, datetime(9998, 1, 1, tzinfo=UTC))

    assert b"" == root.path < far.path < END


@pytest.mark.parametrize("depth", [5, 6, 7, 100])
def test_below_the_last_indent_a_reply_keeps_its_true_depth(depth: int) -> None:
    place = top_place(1, NOON)
    for number in range(depth):
        place = place_below(place, number + 2, NOON)

    assert place.depth == depth
