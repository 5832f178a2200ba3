"""What was answered survives `kill -9`."""

import random
from pathlib import Path

import pytest
from notes import list_ids
from other_process import MIGRATIONS, python

from rejoinder.db import Engine, open_database

BUSY = str(Path(__file__).with_name("busy_process.py"))


@pytest.mark.parametrize("round_", [1, 2, 3])
def test_nothing_that_was_answered_is_lost_when_the_process_is_killed(
    notes_url: str, engine: Engine, round_: int
) -> None:
    process = python(BUSY, notes_url)
    assert process.stdout is not None
    answered = [process.stdout.readline() for _ in range(random.randrange(100, 1000))]
    process.kill()
    answered += process.stdout.readlines()
    process.communicate()
    whole = {int(line) for line in answered if line.endswith("\n")}

    database = open_database(notes_url, migrations=MIGRATIONS)
    assert len(whole) >= 100
    assert whole <= set(database.read_now(list_ids))
    if engine == "sqlite":
        assert database.read_now(lambda tx: tx.value("PRAGMA integrity_check")) == "ok"
    database.close()
