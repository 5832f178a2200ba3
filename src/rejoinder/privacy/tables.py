"""What each table holds about people, as the migrations say above it: the one source of the command and of the docs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rejoinder.db import MIGRATIONS

_TABLE = re.compile(r"((?:^--.*\n)+)^CREATE TABLE (\w+)", re.MULTILINE)
_SAID = re.compile(r"^-- (purpose|personal|until|erased): (.*)$", re.MULTILINE)
_COLUMNS = re.compile(r"(.*) \(([\w, ]+)\)")


@dataclass(frozen=True, slots=True)
class Table:
    """A table, what it is for, and what of it is personal: in words, and in which columns; until when; how erased."""

    name: str
    purpose: str
    personal: str | None
    columns: tuple[str, ...]
    until: str | None
    erased: str | None


def list_tables() -> list[Table]:
    """Every table of the schema, in the order in which it is made."""
    return [
        table
        for step in sorted(MIGRATIONS.glob("*.sql"))
        for table in _tables_in(step.read_text(encoding="utf-8"))
    ]


def _tables_in(text: str) -> Iterator[Table]:
    for above, name in _TABLE.findall(text):
        said = dict(_SAID.findall(above))
        personal = _COLUMNS.fullmatch(said["personal"])
        yield Table(
            name=name,
            purpose=said["purpose"],
            personal=personal[1] if personal else None,
            columns=tuple(personal[2].split(", ")) if personal else (),
            until=said.get("until"),
            erased=said.get("erased"),
        )
