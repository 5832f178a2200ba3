"""Another program holds the lock of a SQLite file: for a moment nobody notices, for long it is said so."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import apsw
import httpx
import pytest

from drills.kept import assert_sound
from drills.process import PAGE, Process, served
from drills.writing import Post
from rejoinder.db import sqlite_path

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Nobody else may write while the block runs."""
    other = apsw.Connection(str(sqlite_path(database_url)))
    other.set_busy_timeout(5000)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def post(server: Process, number: int) -> httpx.Response:
    """Post once, with the time that it took."""
    with server.client() as client:
        return client.post("/api/v1/comments", json=Post(number).body, headers=Post(number).headers)


def test_a_lock_of_three_seconds_is_waited_for(empty_url: str, tmp_path: Path) -> None:
    with served(empty_url, tmp_path) as (server,), ThreadPoolExecutor(10) as people:
        with locked(empty_url):
            answers = [people.submit(post, server, number) for number in range(1, 11)]
            time.sleep(3)
            assert not any(answer.done() for answer in answers)
        assert {answer.result().status_code for answer in answers} == {201}
        assert_sound(server)


def test_a_longer_one_is_told_and_everything_can_still_be_read(empty_url: str, tmp_path: Path) -> None:
    with served(empty_url, tmp_path) as (server,), ThreadPoolExecutor(10) as people:
        first = post(server, 1).json()
        with locked(empty_url), server.client() as reader:
            began = time.monotonic()
            answers = [people.submit(post, server, number) for number in range(2, 7)]
            pages = [
                reader.get(address)
                for address in (PAGE, f"{PAGE}?sort=newest", f"/comments/{first['id']}", "/")
            ]
            assert not any(answer.done() for answer in answers)  # the pages did not wait for the lock
            refused = [answer.result() for answer in answers]
            assert 4 < time.monotonic() - began < 15
        assert {page.status_code for page in pages} == {200}
        assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(503, "busy")}
        assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)

        assert [post(server, number).status_code for number in range(2, 7)] == [201] * 5
        assert "Traceback" not in server.log.read_text()
        assert_sound(server)
