"""Rows become records, values become binds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from typing import Literal, NewType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notes import FullNote, Kind, Note, Origin

from rejoinder.db import Database, Json, Tx, as_json, from_ms, to_ms
from rejoinder.db.records import records

NOON = datetime(2026, 11, 22, 12, 0, 0, 123000, tzinfo=UTC)

INSERT = """
INSERT INTO notes (id, text, kind, raw, weight, at, extras)
VALUES (:id, :text, :kind, :raw, :weight, :at, :extras)
"""
SELECT = "SELECT extras, at, weight, raw, kind, text, id FROM notes WHERE id = :id"


def keep(tx: Tx, note: FullNote) -> FullNote:
    extras = None if note.extras is None else as_json(note.extras)
    tx.run(
        INSERT, id=note.id, text=note.text, kind=note.kind, raw=note.raw, weight=note.weight, at=note.at, extras=extras
    )  # fmt: skip
    return tx.one(FullNote, SELECT, id=note.id)


def test_a_record_comes_back_as_it_was_stored(notes: Database) -> None:
    full = FullNote(2**63 - 1, "Grüße 🙂", Kind.LOUD, b"\0\xff", 0.1, NOON, ("a", 'b"'))
    bare = FullNote(1, "", Kind.PLAIN, None, None, None, None)

    assert notes.write_now(keep, full) == full
    assert notes.write_now(keep, bare) == bare


def test_a_record_made_from_a_row_is_frozen_and_of_its_class(notes: Database) -> None:
    note = notes.write_now(keep, FullNote(1, "", Kind.PLAIN, None, None, None, None))

    assert type(note) is FullNote
    with pytest.raises(AttributeError):
        note.text = "other"  # type: ignore[misc]


@dataclass(frozen=True)
class Plain:
    id: int
    shown: bool
    size: float
    mode: Literal["a", "b"]
    origin: Origin
    more: list[str] = field(default_factory=list)


def test_bools_floats_and_models_are_read_alike_on_both_engines(notes: Database) -> None:
    sql = "SELECT 7 AS id, 1 > 0 AS shown, sum(w) AS size, 'a' AS mode, CAST(:origin AS text) AS origin FROM (SELECT 3 AS w) AS x"

    found = notes.read_now(lambda tx: tx.one(Plain, sql, origin=Origin(name="The Gazette")))
    assert found == Plain(7, True, 3.0, "a", Origin(name="The Gazette"))
    assert (type(found.shown), type(found.size)) == (bool, float)


def test_a_default_fills_a_field_without_a_column() -> None:
    assert records(Note, ("text", "id"), [("x", 1)]) == [Note(1, "x", None)]


def test_a_check_after_making_still_runs() -> None:
    @dataclass(frozen=True, slots=True)
    class Positive:
        number: int

        def __post_init__(self) -> None:
            if self.number < 0:
                raise ValueError("negative")

    with pytest.raises(ValueError, match="negative"):
        records(Positive, ("number",), [(-1,)])


NoteId = NewType("NoteId", int)


class Level(IntEnum):
    LOW = 1


@dataclass(frozen=True, slots=True)
class Marked:
    id: NoteId
    level: Level
    pairs: Json[dict[str, tuple[int, ...]]]


def test_new_types_int_enums_and_nested_json_are_read() -> None:
    made = records(Marked, ("id", "level", "pairs"), [(3, 1, '{"a": [1, 2]}')])

    assert made == [Marked(NoteId(3), Level.LOW, {"a": (1, 2)})]


@pytest.mark.parametrize("columns", [("id",), ("id", "text", "nonsense"), ("id", "text", "text")])
def test_columns_that_do_not_fit_a_record_are_a_mistake(columns: tuple[str, ...]) -> None:
    with pytest.raises(TypeError, match="Note"):
        records(Note, columns, [(1,) * len(columns)])


def test_a_value_outside_an_enum_is_a_mistake() -> None:
    columns = ("id", "text", "kind", "raw", "weight", "at", "extras")

    with pytest.raises(ValueError, match="'odd' is none of 'plain', 'loud'"):
        records(FullNote, columns, [(1, "", "odd", None, None, None, None)])


def test_a_field_of_an_unknown_kind_is_a_mistake() -> None:
    @dataclass(frozen=True, slots=True)
    class Odd:
        value: complex

    with pytest.raises(TypeError, match="complex"):
        records(Odd, ("value",), [(1,)])


def test_a_time_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="zone"):
        to_ms(NOON.replace(tzinfo=None))


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_time_survives_to_its_millisecond(when: datetime) -> None:
    assert timedelta(0) <= when - from_ms(to_ms(when)) < timedelta(milliseconds=1)


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    assert from_ms(to_ms(NOON.astimezone(timezone(timedelta(hours=5))))) == NOON
