"""The kill drill: people post, the server is killed, and nothing that they were told was untrue."""

import asyncio
import random
from pathlib import Path

from drills.kept import assert_nothing_lost_or_doubled, assert_sound
from drills.process import Process
from drills.writing import Crowd, Journal, Post, client_of, send


def kill_again_and_again(database_url: str, folder: Path, *, rounds: int) -> None:
    """Kill a server of fifty posts a second at random moments, start it again, and compare."""
    server = Process(database_url, folder)
    crowd = Crowd(Journal(folder / "journal"))
    try:
        for _ in range(rounds):
            server.start()
            asyncio.run(_post_until_killed(server, crowd))
            assert_nothing_lost_or_doubled(database_url, crowd.journal)
        server.start()
        asyncio.run(_settle(server, crowd))
    finally:
        server.end()
    assert_nothing_lost_or_doubled(database_url, crowd.journal)
    assert len(crowd.journal.read()) >= rounds
    assert_sound(server)


async def _post_until_killed(server: Process, crowd: Crowd) -> None:
    killed = asyncio.Event()
    posting = asyncio.create_task(crowd.post_while(server, killed))
    await crowd.is_at_it()
    await asyncio.sleep(random.uniform(0.02, 0.5))
    server.kill()
    killed.set()
    await posting


async def _settle(server: Process, crowd: Crowd) -> None:
    """What was not acknowledged goes through at last; what was is answered as it was the first time."""
    await crowd.post_the_rest(server)
    assert crowd.unanswered == []
    told = crowd.journal.read()
    async with client_of(server) as client:
        for number in random.sample(sorted(told), min(20, len(told))):
            again = await send(client, Post(number))
            assert (again.status_code, again.json()["id"]) == (200, told[number])
