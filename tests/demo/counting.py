"""Counting the statements that a function runs, whatever they cost."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from rejoinder.db import Bind, Database, Tx

P = ParamSpec("P")
T = TypeVar("T")


class _Counting:
    """A connection that remembers how often it was asked."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.engine = connection.engine
        self.statements = 0

    def rows(self, sql: str, binds: Mapping[str, Bind]) -> Any:
        self.statements += 1
        return self._connection.rows(sql, binds)

    def run(self, sql: str, binds: Mapping[str, Bind]) -> Any:
        self.statements += 1
        return self._connection.run(sql, binds)

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Bind]]) -> Any:
        self.statements += 1
        return self._connection.run_many(sql, rows)


def written(
    db: Database, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
) -> tuple[T, int]:
    """What a write answers, and how many statements it ran."""
    return db.write_now(_counted, fn, args, kwargs)


def read(
    db: Database, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
) -> tuple[T, int]:
    """What a read answers, and how many statements it ran."""
    return db.read_now(_counted, fn, args, kwargs)


def _counted(tx: Tx, fn: Callable[..., T], args: Any, kwargs: Any) -> tuple[T, int]:
    counting = _Counting(tx._connection)
    tx._connection = counting
    return fn(tx, *args, **kwargs), counting.statements
