"""`rejoinder demo` and `rejoinder seed`, as somebody types them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from demo.conftest import opened
from rejoinder.db import Tx

REJOINDER = (sys.executable, "-c", "from rejoinder.cli import app; app()")
SOURCE = Path(__file__).parents[2] / "src"


def surroundings(**more: str) -> dict[str, str]:
    """An environment with nothing of ours in it but what is named."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REJOINDER_")}
    return plain | {"PYTHONPATH": str(SOURCE)} | more


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def started(*words: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*REJOINDER, "demo", *words],
        cwd=cwd,
        env=surroundings(TMPDIR=str(cwd)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for(url: str) -> httpx.Response:
    for _ in range(600):
        try:
            return httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {url}")


def test_the_demo_says_five_lines_serves_and_leaves_nothing_behind(tmp_path: Path) -> None:
    port = free_port()
    with started("--port", str(port), cwd=tmp_path) as process:
        assert wait_for(f"http://127.0.0.1:{port}/articles/harbour-light").status_code == 200
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)

    lines = out.splitlines()
    assert err == ""
    assert len(lines) == 5
    assert lines[0].split()[-1] == f"http://127.0.0.1:{port}"
    assert f"http://127.0.0.1:{port}/sign-in?code=" in lines[1]
    assert lines[4].endswith("Ctrl-C")
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_a_kept_demo_is_there_again(tmp_path: Path) -> None:
    port = free_port()
    for _ in range(2):
        with started("--port", str(port), "--data", "kept", cwd=tmp_path) as process:
            assert wait_for(f"http://127.0.0.1:{port}/").text.count("<li><article>") == 5
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
            assert (process.returncode, err) == (0, "")

    assert (tmp_path / "kept/publication/harbour-light.md").is_file()
    with opened(f"sqlite:///{tmp_path}/kept/demo.db") as db:
        assert db.read_now(count_comments) == 98


def test_a_port_that_is_taken_is_said_before_anything_is_built(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with started("--port", str(port), "--data", "kept", cwd=tmp_path) as process:
            out, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert out == ""
    assert str(port) in err
    assert not (tmp_path / "kept/demo.db").exists()


def seeded(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [*REJOINDER, "seed", *words]
    return subprocess.run(
        command, cwd=cwd, env=surroundings(**more), capture_output=True, text=True, check=False
    )


def test_seed_makes_the_database_it_fills(tmp_path: Path) -> None:
    answer = seeded("--comments", "300", "--pages", "3", "--votes", "50", cwd=tmp_path)

    assert answer.returncode == 0
    assert answer.stdout == ""
    assert answer.stderr.splitlines() == ["300 comments are in the database."]
    with opened(f"sqlite:///{tmp_path}/data/rejoinder.db") as db:
        assert db.read_now(count_comments) == 300

    again = seeded("--comments", "300", "--pages", "3", cwd=tmp_path)
    assert again.returncode == 1
    assert "already" in again.stderr


def test_seed_writes_a_file_and_touches_no_database(tmp_path: Path) -> None:
    answer = seeded("--comments", "30", "--pages", "3", "--to", "load.jsonl", cwd=tmp_path)

    assert answer.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["load.jsonl"]
    records = [json.loads(line) for line in (tmp_path / "load.jsonl").read_text().splitlines()]
    assert sum(record.get("type") == "comment" for record in records) == 30

    again = seeded("--comments", "30", "--pages", "3", "--to", "load.jsonl", cwd=tmp_path)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)


def test_seed_writes_an_export_of_wordpress(tmp_path: Path) -> None:
    answer = seeded("--comments", "30", "--pages", "3", "--to", "load.wxr", cwd=tmp_path)

    assert answer.returncode == 0
    assert (tmp_path / "load.wxr").read_text().count("<wp:comment>") == 30


def count_comments(tx: Tx) -> int:
    count: int = tx.value("SELECT count(*) FROM comments")
    return count
