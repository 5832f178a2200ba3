"""Words for places in a list: each leads back to its place, one place has one word, and nothing else is one."""

from base64 import b32encode
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from cast import NOON, Stage, listed
from rejoinder.comments.cursors import (
    ByEdition,
    ByPlace,
    read_edition,
    read_path,
    read_place,
    write_edition,
    write_path,
    write_place,
)
from rejoinder.comments.reading import View
from rejoinder.errors import Invalid, NotFound
from rejoinder.sites.models import Sort

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

moments = st.integers(0, 253_402_300_799_999).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
ids = st.integers(0, 2**63 - 1)
READERS: list[Callable[[str], object]] = [read_place, read_edition, read_path]


def word(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=").lower()


@given(moments, ids)
def test_a_place_reads_back(at: datetime, id_: int) -> None:
    assert read_place(write_place(ByPlace(at, id_))) == ByPlace(at, id_)


@given(moments, st.integers(0, 2**32 - 1))
def test_a_place_in_an_edition_reads_back(at: datetime, position: int) -> None:
    assert read_edition(write_edition(ByEdition(at, position))) == ByEdition(at, position)


@given(st.lists(st.binary(min_size=16, max_size=16), min_size=1, max_size=6))
def test_a_place_in_a_branch_reads_back(pairs: list[bytes]) -> None:
    assert read_path(write_path(b"".join(pairs))) == b"".join(pairs)


@pytest.mark.parametrize("read", READERS)
@given(text=st.one_of(st.text(max_size=40), st.text("abcdefghijklmnopqrstuvwxyz234567=", max_size=200)))
@example(text="")
@example(text="a" * 5000)
@example(text="é" * 26)
@example(text="\ud800" * 20)
def test_a_word_that_is_none_of_ours_is_refused_and_breaks_nothing(
    read: Callable[[str], object], text: str
) -> None:
    with suppress(Invalid):
        place = read(text)
        write = {ByPlace: write_place, ByEdition: write_edition, bytes: write_path}[type(place)]
        assert write(place) == text  # type: ignore[operator]


@given(moments, ids)
def test_one_place_has_one_spelling(at: datetime, id_: int) -> None:
    shown = write_place(ByPlace(at, id_))
    for other in (shown.upper(), shown + "=", shown + "aaaaaaaa", " " + shown, shown[:-1]):
        with pytest.raises(Invalid):
            read_place(other)


@pytest.mark.parametrize("id_", [2**63, 2**64 - 1])
def test_an_id_that_no_table_holds_is_no_place(id_: int) -> None:
    with pytest.raises(Invalid):
        read_place(word((1).to_bytes(8, "big") + id_.to_bytes(8, "big")))


def test_a_time_beyond_the_calendar_is_no_place() -> None:
    with pytest.raises(Invalid):
        read_place(word(b"\xff" * 8 + bytes(8)))


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize(
    "raw",
    [
        bytes(16),
        (253_402_300_799_999).to_bytes(8, "big") + (2**63 - 1).to_bytes(8, "big"),
        bytes(12),
        (253_402_300_799_999).to_bytes(8, "big") + b"\xff" * 4,
    ],
)
def test_every_word_gets_an_answer_or_a_refusal_from_every_sort(stage: Stage, sort: Sort, raw: bytes) -> None:
    stage.post()
    is_edition, wants_edition = len(raw) == 12, sort in (Sort.MOST_VOTED, Sort.BEST)
    if is_edition is not wants_edition:
        expected: AbstractContextManager[object] = pytest.raises(Invalid)
    elif is_edition:
        expected = pytest.raises(NotFound, match="an hour old")
    else:
        expected = nullcontext()
    with expected:
        listed(stage, stage.thread_id, View(sort, word(raw)), now=NOON)
