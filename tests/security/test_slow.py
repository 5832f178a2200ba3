"""Clients that never come to an end keep nobody else waiting, cost little, and are let go at their limits (D36).

A few in the suite, for as long as headers may take; `REJOINDER_SLOW_CLIENTS=1000` (`make drills`) are a thousand for
longer than the longest limit. On one engine: what they hold is connections, and none of them gets as far as a database.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe

import httpx
import pytest

from databases import Databases
from rejoinder.web.door import BODY_SECONDS
from rejoinder.web.server import HEADER_SECONDS, READ_SECONDS
from serving import TEXT, Serving, fill, serving, until

CLIENTS = int(os.environ.get("REJOINDER_SLOW_CLIENTS", "90"))
IS_LONG = CLIENTS >= 1000
LASTS = READ_SECONDS + 6 if IS_LONG else HEADER_SECONDS + 6
LATE = 4  # seconds that a limit may be noticed late: looked at once a second, on a machine with other things to do
MOST_EACH = 256 * 1024  # bytes of the server's memory for one of them: its answers wait in a buffer of 64 KiB
SLOWEST = 0.25  # seconds; twice of nearly nothing is nothing that a reader feels


def test_slow_clients_keep_nobody_waiting(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "publication", articles=3)
    with (tmp_path / "publication/lamp-1.md").open("a", encoding="utf-8") as long:
        long.write(f"{TEXT}\n" * 2500)  # so much that no buffer holds a few of it
    with (
        databases.migrated("sqlite") as url,
        few_files(CLIENTS + 20),
        serving(url, tmp_path / "publication") as server,
        server.client() as reader,
    ):
        quiet, before = visit(server, reader, seconds=2), memory(server)
        words = [server.port, str(CLIENTS), str(LASTS), "/articles/lamp-1"]
        program = str(Path(__file__).with_name("slow_clients.py"))
        with subprocess.Popen([sys.executable, program, *words], stdout=subprocess.PIPE) as crowd:
            until(lambda: descriptors(server) > CLIENTS)
            busy, during = visit(server, reader, seconds=HEADER_SECONDS - 5), memory(server)
            if IS_LONG:
                until(lambda: descriptors(server) < CLIENTS // 10, seconds=LASTS)
                assert crowd.poll() is None  # all were let go, and none went by itself
            told, _ = crowd.communicate(timeout=LASTS + 30)
        after = visit(server, reader, seconds=1)
        assert server.process.poll() is None

    figures = f"p95 {quiet:.3f} s alone, {busy:.3f} s beside {CLIENTS}, {after:.3f} s after; {(during - before) >> 10} KiB"
    assert max(busy, after) < max(2 * quiet, SLOWEST), figures
    assert during - before < CLIENTS * MOST_EACH, figures
    if IS_LONG:
        with capsys.disabled():
            print(f"\n{figures}")
    outcome = json.loads(told)
    for kind, limit in (("heads", HEADER_SECONDS), ("bodies", BODY_SECONDS)):
        if limit < LASTS - LATE:
            assert [
                end for end in outcome[kind] if end is None or not limit - 2 < end < limit + LATE + 2
            ] == [], kind
        else:
            assert set(outcome[kind]) == {None}, kind  # slow is not wrong


@contextmanager
def few_files(most: int) -> Iterator[None]:
    """Programs that are started in this block may have so many files open, unless they ask for more."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def visit(server: Serving, reader: httpx.Client, *, seconds: float) -> float:
    """Read and write for a while as others do: the time that all but a twentieth stayed below."""
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = len(times)
        body = {"thread": {"url": "/articles/lamp-2"}, "text": f"{end} {number}", "author": {"name": "Nell"}}
        sender = {"authorization": f"Bearer {token_urlsafe(32)}", "x-forwarded-for": server.network()}
        began = time.monotonic()
        if number % 5:
            answer = reader.get(f"/articles/lamp-{number % 2 + 2}")
        else:
            answer = reader.post("/api/v1/comments", json=body, headers=sender)
        times.append(time.monotonic() - began)
        assert answer.status_code in {200, 201}
        time.sleep(0.01)
    return sorted(times)[len(times) * 95 // 100]


def memory(server: Serving) -> int:
    """Bytes that the server's process has in memory."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def descriptors(server: Serving) -> int:
    """How many files and connections it has open."""
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
