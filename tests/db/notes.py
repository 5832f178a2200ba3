"""A feature as small as can be, for the tests of db/: notes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from rejoinder.db import Json, Tx


class Kind(StrEnum):
    PLAIN = "plain"
    LOUD = "loud"


class Origin(BaseModel):
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    id: int
    text: str
    about: int | None = None


@dataclass(frozen=True, slots=True)
class FullNote:
    id: int
    text: str
    kind: Kind
    raw: bytes | None
    weight: float | None
    at: datetime | None
    extras: Json[tuple[str, ...]] | None


@dataclass(frozen=True)
class NoteWritten:
    id: int


@dataclass(frozen=True)
class NoteRead:
    id: int


def write_note(tx: Tx, number: int, text: str = "", *, about: int | None = None) -> Note:
    tx.run(
        "INSERT INTO notes (id, text, about) VALUES (:id, :text, :about)", id=number, text=text, about=about
    )
    tx.announce(NoteWritten(number))
    tx.touch(f"note:{number}")
    return Note(number, text, about)


def write_and_fail(tx: Tx, number: int, error: BaseException) -> None:
    write_note(tx, number)
    raise error


def get_note(tx: Tx, number: int) -> Note:
    return tx.one(Note, "SELECT id, text, about FROM notes WHERE id = :id", id=number)


def list_ids(tx: Tx) -> list[int]:
    return [note.id for note in tx.all(Note, "SELECT id, text, about FROM notes ORDER BY id")]
