"""The checked-in schema is what the migrations make: `REJOINDER_REWRITE_SCHEMA=1` writes it anew."""

import os
from pathlib import Path

from databases import Databases
from rejoinder import db
from rejoinder.db import Engine, dump_schema

SCHEMA = Path(db.__file__).parent / "schema"


def test_migrations_from_zero_make_the_checked_in_schema(database_url: str, engine: Engine) -> None:
    path = SCHEMA / f"{engine}.sql"
    made = f"-- Made from the migrations by tests/db/test_schema.py; not edited by hand.\n\n{dump_schema(database_url)}"
    if os.environ.get("REJOINDER_REWRITE_SCHEMA"):
        path.write_text(made, "utf-8")

    assert made == path.read_text("utf-8"), (
        "run again with REJOINDER_REWRITE_SCHEMA=1 and look at the difference"
    )


def test_a_copied_database_has_the_schema_of_its_model(databases: Databases, engine: Engine) -> None:
    with databases.migrated(engine) as one, databases.migrated(engine) as other:
        assert dump_schema(one) == dump_schema(other) != ""
