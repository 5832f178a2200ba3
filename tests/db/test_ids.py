"""Ids grow, are never drawn twice in a process, and have one spelling."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.db import ids, new_id, read_id, show_id
from rejoinder.errors import NotFound

any_id = st.integers(min_value=0, max_value=2**63 - 1)


@given(any_id)
def test_an_id_is_read_as_it_was_shown(number: int) -> None:
    shown = show_id(number)

    assert len(shown) == 13
    assert read_id(shown) == number


@given(any_id, any_id)
def test_shown_ids_sort_like_ids(one: int, other: int) -> None:
    assert (show_id(one) < show_id(other)) == (one < other)


@given(st.text(max_size=15) | st.text(alphabet=ids.ALPHABET + "ilouABC", min_size=13, max_size=13))
def test_any_other_spelling_names_nothing(text: str) -> None:
    try:
        number = read_id(text)
    except NotFound:
        return
    assert show_id(number) == text


@pytest.mark.parametrize(
    "text", ["8" + "0" * 12, "z" * 13, "0000000000A00", " 000000000000", "0" * 12, "0" * 14, "٣" * 13]
)
def test_a_near_miss_names_nothing(text: str) -> None:
    with pytest.raises(NotFound):
        read_id(text)


@pytest.mark.parametrize("number", [-1, 2**63])
def test_what_is_no_id_is_not_shown(number: int) -> None:
    with pytest.raises(ValueError, match="not an id"):
        show_id(number)


def test_ids_tell_the_time_they_were_made() -> None:
    before = time.time_ns() // 1_000_000
    made = (new_id() >> ids.COUNTER_BITS) + ids.FIRST_MS

    assert before <= made <= time.time_ns() // 1_000_000 + 1


def test_ids_grow_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [new_id()]
    hour = time.time_ns() - 3600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: hour)
    made += [new_id() for _ in range(1000)]

    assert made == sorted(set(made))


def test_ids_grow_when_the_counter_turns_over(monkeypatch: pytest.MonkeyPatch) -> None:
    still = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: still)
    made = [new_id()]
    monkeypatch.setattr(ids._source, "_counter", ids.COUNTER_MASK - 3)
    made += [new_id() for _ in range(10)]

    assert made == sorted(set(made))


def test_threads_draw_no_id_twice() -> None:
    drawn: list[list[int]] = [[] for _ in range(4)]

    def draw(mine: list[int]) -> None:
        mine.extend(new_id() for _ in range(5000))

    threads = [threading.Thread(target=draw, args=(mine,)) for mine in drawn]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({number for mine in drawn for number in mine}) == 20_000
    assert all(mine == sorted(mine) for mine in drawn)
