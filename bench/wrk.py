"""Load by wrk: one request again and again, or a mixture with ever new posts among the reads."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.children import Missing
from bench.cpu import Meter
from bench.place import Place

SCRIPT = Path(__file__).with_name("mixed.lua")
MOST_SECONDS = 30  # of a request


@dataclass(frozen=True, slots=True)
class Load:
    """What a stretch of load came to: `cpu` in µs a request, `foreign` in cores."""

    requests: int
    rate: float
    p50_ms: float
    p99_ms: float
    errors: int
    cpu: float
    foreign: float


def read(place: Place, path: str, headers: dict[str, str], *, seconds: float, connections: int = 16) -> Load:
    """The same GET from so many connections."""
    options = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    return _run(place, path, options, seconds=seconds, connections=connections)


def mix(
    place: Place, read: bytes, posts: Iterable[bytes], *, seconds: float, connections: int, folder: Path
) -> Load:
    """Nineteen reads and a post, in turn; no post is sent twice."""
    files = {"BENCH_READ": folder / "read", "BENCH_POSTS": folder / "posts"}
    files["BENCH_READ"].write_bytes(read)
    files["BENCH_POSTS"].write_bytes(b"\0".join(posts))
    env = {name: str(path) for name, path in files.items()}
    return _run(place, "/", ["-s", str(SCRIPT)], seconds=seconds, connections=connections, env=env)


def _run(
    place: Place,
    path: str,
    options: list[str],
    *,
    seconds: float,
    connections: int,
    env: dict[str, str] | None = None,
) -> Load:
    if shutil.which("wrk") is None:
        raise Missing("wrk is not on this machine: run scripts/setup bench")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{round(seconds)}s", "--latency"]
    command += ["--timeout", f"{MOST_SECONDS}s", *options, f"http://127.0.0.1:{place.port}{path}"]
    with Meter(place.pid) as meter:
        said = subprocess.run(
            command, check=True, capture_output=True, text=True, env=os.environ | (env or {})
        )
    return _load(said.stdout, meter)


def _load(said: str, meter: Meter) -> Load:
    total = re.search(r"(\d+) requests in ([\d.]+)(m?s)", said)
    assert total is not None, said
    requests = int(total[1])
    seconds = float(total[2]) / (1000 if total[3] == "ms" else 1)
    bad = [int(count) for count in re.findall(r"Non-2xx or 3xx responses: (\d+)", said)]
    for counts in re.findall(r"Socket errors: (.*)", said):
        bad += [int(count) for count in re.findall(r"\d+", counts)]
    return Load(
        requests,
        (requests - sum(bad)) / seconds,
        _milliseconds(said, "50%"),
        _milliseconds(said, "99%"),
        sum(bad),
        meter.cpu / max(requests, 1) * 1e6,
        meter.foreign,
    )


def _milliseconds(said: str, share: str) -> float:
    found = re.search(rf"{share} +([\d.]+)(us|ms|s|m)\b", said)
    assert found is not None, said
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1_000, "m": 60_000}[found[2]]
