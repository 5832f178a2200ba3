"""A transaction, as domain functions see it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

from rejoinder.errors import NotFound

from .records import Bind, Row, records

E = TypeVar("E")
R = TypeVar("R")

Engine: TypeAlias = Literal["sqlite", "postgresql"]

EVERYTHING = "*"  # the tag that says: anything may have changed

_TAG = re.compile(r"[!-~]{1,200}")


class Connection(Protocol):
    """What a transaction needs from an engine's connection."""

    engine: Engine

    def rows(self, sql: str, binds: Mapping[str, Bind]) -> tuple[tuple[str, ...], list[Row]]:
        """Column names and all rows."""

    def run(self, sql: str, binds: Mapping[str, Bind]) -> int:
        """How many rows were changed."""

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Bind]]) -> int:
        """How many rows were changed in all."""


@dataclass(frozen=True, slots=True)
class Follow:
    """What follows an event: `within` and `after` in the same transaction, `signal` after the commit.

    `within` may refuse. `after` is for functions that store outbox jobs: durable, done at least once.
    `signal` may be lost when the process ends; what it raises is logged and reaches nobody.
    """

    within: tuple[Callable[["Tx", Any], None], ...] = ()
    after: tuple[Callable[["Tx", Any], None], ...] = ()
    signal: tuple[Callable[[Any], None], ...] = ()


Followers: TypeAlias = Mapping[type, Follow]


class Tx:
    """One transaction. Statements are the same for both engines: binds are `:name`, lists stand behind `IN :name`.

    An integer bind is a bigint to PostgreSQL. `now` is when the transaction began, in whole milliseconds.
    """

    __slots__ = ("_connection", "_followers", "_read_only", "engine", "events", "now", "tags")

    def __init__(self, connection: Connection, followers: Followers, *, read_only: bool) -> None:
        self._connection = connection
        self._followers = followers
        self._read_only = read_only
        self.engine: Engine = connection.engine
        self.now = whole_milliseconds(datetime.now(UTC))
        self.events: list[object] = []
        self.tags: set[str] = set()

    def one(self, record: type[R], sql: str, **binds: Bind) -> R:
        """The only row; `NotFound` when there is none, `AssertionError` when there are more."""
        found = self.maybe(record, sql, **binds)
        if found is None:
            raise NotFound("not-found", "There is nothing at this address.")
        return found

    def maybe(self, record: type[R], sql: str, **binds: Bind) -> R | None:
        """The only row, or None; `AssertionError` when there are more."""
        columns, rows = self._connection.rows(sql, binds)
        if len(rows) > 1:
            raise AssertionError(f"{len(rows)} rows where one was asked for: {sql}")
        return records(record, columns, rows)[0] if rows else None

    def all(self, record: type[R], sql: str, **binds: Bind) -> list[R]:
        """Every row."""
        columns, rows = self._connection.rows(sql, binds)
        return records(record, columns, rows) if rows else []

    def value(self, sql: str, **binds: Bind) -> Any:
        """The first column of the first row, as it is stored, or None."""
        _, rows = self._connection.rows(sql, binds)
        return rows[0][0] if rows else None

    def values(self, sql: str, **binds: Bind) -> list[Any]:
        """The first column of every row, as it is stored."""
        _, rows = self._connection.rows(sql, binds)
        return [row[0] for row in rows]

    def run(self, sql: str, **binds: Bind) -> int:
        """Change something and say how many rows were."""
        return self._connection.run(sql, binds)

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Bind]]) -> int:
        """Run one statement for many rows of binds and say how many rows were changed in all."""
        return self._connection.run_many(sql, rows)

    def announce(self, event: object) -> None:
        """Say what happened: followers act within this transaction now, and after it is durable."""
        self._must_write()
        self.events.append(event)
        follow = self._followers.get(type(event))
        if follow is not None:
            for act in (*follow.within, *follow.after):
                act(self, event)

    def touch(self, *tags: str) -> None:
        """Name what changed for readers, such as "thread:123": every process hears it after the commit."""
        self._must_write()
        for tag in tags:
            if not _TAG.fullmatch(tag):
                raise ValueError(f"not a tag: {tag!r}")
        self.tags.update(tags)

    def _must_write(self) -> None:
        if self._read_only:
            raise AssertionError("a read changes nothing, so it has nothing to announce")


def whole_milliseconds(when: datetime) -> datetime:
    """Cut a time to what a column can hold, so that it reads back equal."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000)
