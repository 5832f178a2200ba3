"""Which statements a function runs, with what they are bound to."""

from collections.abc import Callable, Mapping
from typing import Any

from rejoinder.db import Bind, Tx

Statement = tuple[str, Mapping[str, Bind]]


class Spy:
    """A connection that notes what goes through it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.engine = connection.engine
        self.statements: list[Statement] = []

    def rows(self, sql: str, binds: Mapping[str, Bind]) -> Any:
        self.statements.append((sql, binds))
        return self._connection.rows(sql, binds)

    def run(self, sql: str, binds: Mapping[str, Bind]) -> int:
        self.statements.append((sql, binds))
        return self._connection.run(sql, binds)  # type: ignore[no-any-return]


def statements_of(tx: Tx, fn: Callable[..., object], *args: Any, **kwargs: Any) -> list[Statement]:
    """Run a function in this transaction and say what it asked the database."""
    connection = tx._connection
    spy = Spy(connection)
    tx._connection = spy  # type: ignore[assignment]
    try:
        fn(tx, *args, **kwargs)
    finally:
        tx._connection = connection
    return spy.statements


def plan_of(tx: Tx, statement: Statement) -> str:
    """How the engine means to run it."""
    sql, binds = statement
    explain = "EXPLAIN QUERY PLAN " if tx.engine == "sqlite" else "EXPLAIN "
    return "\n".join(str(row[-1]) for row in tx._connection.rows(explain + sql, binds)[1])
