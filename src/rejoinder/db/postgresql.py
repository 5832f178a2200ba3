"""PostgreSQL: connections, statements, and what its errors mean."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import errors, pq
from psycopg.adapt import Buffer
from psycopg.types.numeric import Int8Dumper, NumericBinaryLoader

from rejoinder.errors import Invalid

from . import refusals
from .records import Bind, Plain, Row
from .statements import bound, numbered
from .tx import Engine

CONNECT_SECONDS = 5
PREPARE_AFTER = 2  # the third run of a statement is a prepared one
KEPT_STATEMENTS = 300

SETTINGS = """
SET synchronous_commit = on;
SET lock_timeout = '5s';
SET statement_timeout = '30s';
SET idle_in_transaction_session_timeout = '5min';
SET client_min_messages = warning;
"""


class _NumericLoader(NumericBinaryLoader):
    """A sum of bigints is numeric to PostgreSQL; a record wants an int, as SQLite gives."""

    def load(self, data: Buffer) -> Any:
        number: Decimal = super().load(data)
        return int(number) if number == number.to_integral_value() else float(number)


def connect(url: str) -> psycopg.Connection[Row]:
    """Connect, outside of any transaction, with every commit durable; `psycopg.OperationalError` when it can't."""
    connection = psycopg.connect(
        url, autocommit=True, connect_timeout=CONNECT_SECONDS, client_encoding="utf8", application_name="rejoinder",
        cursor_factory=psycopg.RawCursor, prepare_threshold=PREPARE_AFTER,
        keepalives_idle=10, keepalives_interval=5, keepalives_count=3,
    )  # fmt: skip
    connection.prepared_max = KEPT_STATEMENTS
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_loader("numeric", _NumericLoader)
    connection.execute(SETTINGS)
    return connection


class PostgresqlConnection:
    """Runs statements for a transaction."""

    engine: Engine = "postgresql"

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.raw = connection

    def rows(self, sql: str, binds: Mapping[str, Bind]) -> tuple[tuple[str, ...], list[Row]]:
        """Column names and all rows."""
        cursor = self._execute(sql, binds)
        result = cursor.pgresult
        if result is None or not result.ntuples:
            return (), []
        columns = tuple([(result.fname(number) or b"").decode() for number in range(result.nfields)])
        return columns, cursor.fetchall()

    def run(self, sql: str, binds: Mapping[str, Bind]) -> int:
        """How many rows were changed, cascades not counted."""
        return max(0, self._execute(sql, binds).rowcount)

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Bind]]) -> int:
        """All in one pipeline."""
        statement, names = numbered(sql)
        cursor = self.raw.cursor()
        cursor.executemany(statement, [_in_order(names, bound(sql, row)[1]) for row in rows])
        return max(0, cursor.rowcount)

    def _execute(self, sql: str, binds: Mapping[str, Bind]) -> psycopg.Cursor[Row]:
        written, values = bound(sql, binds)
        statement, names = numbered(written)
        return self.raw.execute(statement, _in_order(names, values), binary=True)


def _in_order(names: tuple[str, ...], values: dict[str, Plain]) -> list[Plain]:
    return [values[name] for name in names]


def in_failed_transaction(connection: psycopg.Connection[Row]) -> bool:
    """A statement failed and the function went on: PostgreSQL would answer COMMIT with a silent rollback."""
    return connection.info.transaction_status == pq.TransactionStatus.INERROR


def refusal(error: BaseException) -> BaseException:
    """What an error of the engine means to a caller; other errors are themselves."""
    if isinstance(error, errors.UniqueViolation):
        return refusals.already_there()
    if isinstance(error, errors.ForeignKeyViolation):
        return refusals.gone_meanwhile()
    if isinstance(error, errors.DiskFull):
        return refusals.storage_full()
    if isinstance(error, errors.SerializationFailure | errors.DeadlockDetected | errors.LockNotAvailable):
        return refusals.busy()
    if isinstance(error, errors.QueryCanceled):
        return refusals.busy()
    if isinstance(error, psycopg.OperationalError):
        return refusals.storage_failed()
    if isinstance(error, UnicodeEncodeError):
        return Invalid("unreadable-text", "This text holds a character that can't be stored.")
    return error
