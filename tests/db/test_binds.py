"""Named binds and lists, the same SQL on both engines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notes import list_ids, write_note

from rejoinder.db import Database, Tx
from rejoinder.db.statements import bound, numbered


@pytest.mark.parametrize("asked", [[], [2], [1, 2, 3], list(range(1, 9)), (4, 5)])
def test_a_list_of_any_length_can_be_asked_for(notes: Database, asked: list[int]) -> None:
    for number in range(1, 6):
        notes.write_now(write_note, number)

    def find(tx: Tx) -> list[int]:
        return [
            number
            for number in range(1, 9)
            if tx.value("SELECT id FROM notes WHERE id = :id AND id IN :ids", id=number, ids=asked)
        ]

    assert notes.read_now(find) == [number for number in asked if number <= 5]


@given(st.integers(min_value=1, max_value=200))
def test_lists_of_many_lengths_share_few_statements(length: int) -> None:
    sql, binds = bound("SELECT 1 WHERE 1 IN :ids", {"ids": list(range(length))})

    width = len(binds)
    assert width & (width - 1) == 0
    assert length <= width < 2 * length
    assert set(binds.values()) == set(range(length))
    assert sql.count(":ids_") == width


def test_strings_comments_casts_and_percent_signs_stay_as_they_are(notes: Database) -> None:
    sql = """
    SELECT ':id' || '%' || '%s' || 'it''s :id' || CAST(:text AS text) -- :nothing
    /* :nothing
       either */ AS "a:b"
    """
    assert notes.read_now(lambda tx: tx.value(sql, text="!")) == ":id%%sit's :id!"


def test_casts_are_no_binds() -> None:
    assert numbered("SELECT :a::bigint, :b, :a") == ("SELECT $1::bigint, $2, $1", ("a", "b"))


def test_text_of_an_attacker_is_only_text(notes: Database) -> None:
    mean = "'; DROP TABLE notes; -- %(id)s :id $1"
    notes.write_now(write_note, 1, mean)

    assert notes.read_now(lambda tx: tx.value("SELECT text FROM notes WHERE text = :mean", mean=mean)) == mean
    assert notes.read_now(list_ids) == [1]


def test_one_bind_may_stand_in_several_places(notes: Database) -> None:
    sql = "SELECT count(*) FROM notes WHERE id = :n OR about = :n OR :n > 5"
    notes.write_now(write_note, 1)

    assert notes.read_now(lambda tx: [tx.value(sql, n=n) for n in (1, 2, 6)]) == [1, 0, 1]


def test_large_numbers_and_arithmetic_are_alike_on_both_engines(notes: Database) -> None:
    now = 1_795_000_000_000

    assert notes.read_now(lambda tx: tx.value("SELECT :now - 86400000", now=now)) == now - 86_400_000
    assert notes.read_now(lambda tx: tx.value("SELECT :a AS a", a=True)) == 1


def test_what_is_no_value_is_a_mistake(notes: Database) -> None:
    with pytest.raises(TypeError, match="dict"):
        notes.read_now(lambda tx: tx.value("SELECT :a", a={}))  # type: ignore[arg-type]
