"""What was acknowledged survives `kill -9`: three rounds here, twenty in `make drills`."""

from pathlib import Path

from databases import Databases
from drills.killing import kill_again_and_again
from rejoinder.db import Engine


def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(
    databases: Databases, engine: Engine, tmp_path: Path
) -> None:
    with databases.empty(engine) as url:
        kill_again_and_again(url, tmp_path, rounds=3)
