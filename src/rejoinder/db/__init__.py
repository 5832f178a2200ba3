"""Transactions on SQLite and PostgreSQL for plain functions, ids, records, migrations.

Ground: this package knows no feature.
"""

from .database import Database
from .findings import Finding
from .first import WriteFirst, read_prepared
from .health import examine
from .ids import new_id, read_id, show_id
from .migrate import MIGRATIONS, WrongSchema
from .opening import dump_schema, migrate, open_database, schema_version, sqlite_path
from .records import Bind, Json, as_json, from_ms, to_ms
from .refusals import RunAgain
from .tx import EVERYTHING, Engine, Follow, Followers, Tx, whole_milliseconds

__all__ = [
    "EVERYTHING",
    "MIGRATIONS",
    "Bind",
    "Database",
    "Engine",
    "Finding",
    "Follow",
    "Followers",
    "Json",
    "RunAgain",
    "Tx",
    "WriteFirst",
    "WrongSchema",
    "as_json",
    "dump_schema",
    "examine",
    "from_ms",
    "migrate",
    "new_id",
    "open_database",
    "read_id",
    "read_prepared",
    "schema_version",
    "show_id",
    "sqlite_path",
    "to_ms",
    "whole_milliseconds",
]
