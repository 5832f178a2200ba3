"""Looking for something in every column of every table, whatever tables there are, and in the bytes on the disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rejoinder.db import Tx

_COLUMNS = {
    "sqlite": """
        SELECT m.name AS table_name, p.name AS name, lower(p.type) AS kind
        FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) p
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid
    """,
    "postgresql": """
        SELECT c.table_name, c.column_name AS name, lower(c.data_type) AS kind
        FROM information_schema.columns c JOIN information_schema.tables t
            ON t.table_name = c.table_name AND t.table_schema = c.table_schema
        WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
        ORDER BY c.table_name, c.ordinal_position
    """,
}
OUR_OWN = "schema_versions"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    table_name: str
    name: str
    kind: str

    @property
    def title(self) -> str:
        """As people name it."""
        return f"{self.table_name}.{self.name}"


def columns(tx: Tx) -> list[Column]:
    """Every column of every table of ours."""
    found = tx.all(Column, _COLUMNS[tx.engine])
    return [column for column in found if column.table_name != OUR_OWN]


def filled(tx: Tx) -> set[str]:
    """The columns that hold something, in any row."""
    return {
        column.title for column in columns(tx) if _count(tx, column, "TRUE" if _is_number(column) else "")
    }


def holding(tx: Tx, canary: str) -> list[str]:
    """The columns in which this text stands, as text, as bytes, or as part of either."""
    return [
        column.title
        for column in columns(tx)
        if not _is_number(column) and _count(tx, column, _has(tx, column), canary)
    ]


def naming(tx: Tx, numbers: set[int]) -> list[str]:
    """The columns in which one of these numbers stands, and the texts of which it is a part."""
    wanted = ", ".join(map(str, sorted(numbers))) or "NULL"
    found = [c.title for c in columns(tx) if _is_number(c) and _count(tx, c, f"{c.name} IN ({wanted})")]
    return found + [title for number in numbers for title in holding(tx, str(number))]


def on_disk(database_url: str, canary: str) -> Iterator[str]:
    """The files of an SQLite database in which this text stands, in capitals or not."""
    for end in ("", "-wal", "-shm"):
        path = Path(database_url.removeprefix("sqlite:///") + end)
        if path.exists() and canary.encode() in path.read_bytes().lower():
            yield path.name


def _is_number(column: Column) -> bool:
    return column.kind in {"integer", "bigint", "real", "double precision"}


def _has(tx: Tx, column: Column) -> str:
    if column.kind == "blob":
        return f"hex({column.name}) LIKE '%' || hex(:canary) || '%'"
    if column.kind == "bytea":
        return f"position(convert_to(:canary, 'UTF8') IN {column.name}) > 0"
    return f"lower({column.name}) LIKE '%' || :canary || '%'"


def _count(tx: Tx, column: Column, holds: str, canary: str | None = None) -> int:
    holds = holds or f"length({column.name}) > 0"
    binds = {} if canary is None else {"canary": canary}
    count: int = tx.value(
        f"SELECT count(*) FROM {column.table_name} WHERE {column.name} IS NOT NULL AND ({holds})", **binds
    )
    return count
