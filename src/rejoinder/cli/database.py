"""Looking after the database."""

import typer

from rejoinder.cli.opening import fail, read_settings
from rejoinder.db import WrongSchema
from rejoinder.db import migrate as migrate_database
from rejoinder.errors import Refusal


def migrate() -> None:
    """Bring the database to the schema of this version. Stop the server first and make a copy."""
    settings = read_settings()
    try:
        migrate_database(settings.database_url)
    except (WrongSchema, Refusal, RuntimeError) as wrong:
        fail(str(wrong))
    typer.echo("The database is up to date.")


COMMANDS = (migrate,)
