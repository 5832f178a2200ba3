"""Told to stop in the middle of fifty posts a second: what was begun is finished, and ending is no failure."""

import asyncio
import time
from pathlib import Path

from drills.kept import assert_nothing_lost_or_doubled, assert_sound
from drills.process import served
from drills.writing import Crowd, Journal


def test_it_drains_and_ends_well(empty_url: str, tmp_path: Path) -> None:
    crowd = Crowd(Journal(tmp_path / "journal"))

    async def drill() -> tuple[int, float]:
        told = asyncio.Event()
        posting = asyncio.create_task(crowd.post_while(server, told))
        await asyncio.sleep(1)
        began = time.monotonic()
        status = await asyncio.to_thread(server.stop)
        took = time.monotonic() - began
        told.set()
        await posting
        return status, took

    with served(empty_url, tmp_path) as (server,):
        status, took = asyncio.run(drill())
        assert status == 0, server.log.read_text()
        assert took < 12  # ten to drain, and the end of the process
        assert crowd.journal.read()
        assert_nothing_lost_or_doubled(empty_url, crowd.journal)
        assert "Traceback" not in server.log.read_text()

        server.start()
        asyncio.run(crowd.post_the_rest(server))
        assert crowd.unanswered == []
        assert_nothing_lost_or_doubled(empty_url, crowd.journal)
        assert_sound(server)
