"""The disk is full: nothing more is taken, everything can be read, and with room again it goes on by itself."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from drills.kept import assert_nothing_lost_or_doubled, read_kept
from drills.process import PAGE, Process, served
from drills.writing import Journal, Post


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of sixteen megabytes in memory."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"needs to mount a small disk: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Write until there is no room for another byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 10, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    return ballast


def post(server: Process, number: int) -> httpx.Response:
    with server.client() as client:
        return client.post("/api/v1/comments", json=Post(number).body, headers=Post(number).headers)


def test_a_full_disk_refuses_kindly_and_heals_by_itself(small_disk: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{small_disk}/rejoinder.db"
    journal = Journal(tmp_path / "journal")
    with served(url, tmp_path) as (server,), server.client() as reader:
        for number in range(1, 21):
            journal.note(Post(number), post(server, number))
        first = read_kept(url)[0]
        ballast = fill(small_disk)

        refused = [answer for number in range(21, 41) if (answer := post(server, number)).status_code != 201]
        assert {answer.status_code for answer in refused} == {503}
        assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
        assert len(refused) > 10
        pages = [reader.get(address) for address in (PAGE, f"{PAGE}?sort=newest", f"{PAGE}?sort=best", "/")]
        assert [page.status_code for page in pages if "best" not in str(page.url)] == [200] * 3

        ballast.unlink()
        freed = time.monotonic()
        while (answer := post(server, 100)).status_code != 201:
            assert time.monotonic() - freed < 10, answer.text
            time.sleep(0.2)
        journal.note(Post(100), answer)
        assert server.process.poll() is None
        assert first in read_kept(url)
        assert_nothing_lost_or_doubled(url, journal)
        answer_of_doctor = server.command("doctor", "--json").stdout
        assert '"The database is whole."' in answer_of_doctor
        assert '"drift": []' in answer_of_doctor
