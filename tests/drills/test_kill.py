"""`kill -9` in the middle of fifty posts a second: nothing acknowledged is lost, nothing is there twice."""

import asyncio
import random
import signal
from pathlib import Path

import pytest

from drills.kept import assert_nothing_lost_or_doubled, assert_sound
from drills.killing import kill_again_and_again
from drills.process import served
from drills.writing import Crowd, Journal
from postgresql_server import Server


def test_the_server_is_killed_twenty_times(empty_url: str, tmp_path: Path) -> None:
    kill_again_and_again(empty_url, tmp_path, rounds=20)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_the_database_is_killed_under_a_server_that_goes_on(
    empty_url: str, durable_server: Server, tmp_path: Path
) -> None:
    crowd = Crowd(Journal(tmp_path / "journal"))

    async def drill() -> None:
        done = asyncio.Event()
        posting = asyncio.create_task(crowd.post_while(server, done))
        for _ in range(3):
            await crowd.is_at_it()
            await asyncio.sleep(random.uniform(0.02, 0.5))
            durable_server.stop(signal.SIGQUIT)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(durable_server.start)
        await crowd.is_at_it()
        done.set()
        await posting
        await crowd.post_the_rest(server)

    with served(empty_url, tmp_path) as (server,):
        asyncio.run(drill())
        assert crowd.unanswered == []
        assert {refusal.status_code for refusal in crowd.refusals} <= {503}
        assert all("retry-after" in refusal.headers for refusal in crowd.refusals)
        assert_nothing_lost_or_doubled(empty_url, crowd.journal)
        assert_sound(server)
