"""A process that writes as fast as it can, 16 at a time, and prints the id of each note it was answered for."""

import asyncio
import os
import sys
from pathlib import Path

from notes import write_note

from rejoinder.db import Database, new_id, open_database

MIGRATIONS = Path(__file__).parent / "migrations"


async def write_on(database: Database) -> None:
    while True:
        note = await database.write(write_note, new_id(), "x" * 500)
        os.write(1, f"{note.id}\n".encode())


async def main(url: str) -> None:
    database = open_database(url, migrations=MIGRATIONS)
    await asyncio.gather(*(write_on(database) for _ in range(16)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
