"""Durable posts: how many a second, what one costs, and how many share a commit; on both engines, beside Isso."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import site
from bench.client import Written, post_for
from bench.cpu import Meter
from bench.place import Place
from bench.rounds import median, take_turns
from bench.rows import Row, ahead, at_least, at_most, seen
from bench.stage import Stage

WRITERS = 32
CHANGE = slice(8, 12)  # of the wal-index: counts commits (sqlite.org/walformat.html, "iChange")


@dataclass(frozen=True, slots=True)
class Posting:
    """A stretch of posting."""

    rate: float
    cpu: float  # µs a post
    p50_ms: float
    together: float  # posts a commit; 0 where nobody counts


def measure(stage: Stage) -> Iterator[Row]:
    """32 writers over ten pages and into one; then a lone one."""
    runs = _runs(stage, WRITERS)
    for run in runs.values():
        run()
    crowd = _medians(take_turns(stage.rounds, runs))
    lone = _medians(take_turns(stage.rounds, _lone(stage)))
    yield from _crowded(crowd)
    yield from _alone(lone, stage.fsync_ms)


def _runs(stage: Stage, writers: int) -> dict[str, Callable[[], Posting]]:
    ours, other, isso = stage.ours, stage.on_postgresql, stage.isso
    pages = [[server.thread_of(slug) for slug in site.BUSY] for server in (ours, other)]
    hot = [[server.thread_of(site.HOT)] for server in (ours, other)]
    commits = partial(_commits, ours.database_file)
    return {
        "sqlite": partial(_post, stage, ours.place, ours.posts(pages[0]), writers, commits),
        "isso": partial(_post, stage, isso.place, isso.posts(list(site.BUSY)), writers),
        "postgresql": partial(_post, stage, other.place, other.posts(pages[1]), writers),
        "sqlite hot": partial(_post, stage, ours.place, ours.posts(hot[0]), writers, commits),
        "postgresql hot": partial(_post, stage, other.place, other.posts(hot[1]), writers),
    }


def _lone(stage: Stage) -> dict[str, Callable[[], Posting]]:
    return {name: run for name, run in _runs(stage, 1).items() if "hot" not in name}


def _post(
    stage: Stage, place: Place, posts: Iterator[bytes], writers: int, commits: Callable[[], int] | None = None
) -> Posting:
    before = commits() if commits else 0
    with Meter(place.pid) as meter:
        written = post_for(stage.seconds, place.port, posts, writers)
    check(place, written)
    stage.foreign.append(meter.foreign)
    together = written.acknowledged / max(1, commits() - before) if commits else 0.0
    return Posting(
        written.acknowledged / meter.wall,
        meter.cpu / written.acknowledged * 1e6,
        median(written.latencies) * 1000,
        together,
    )


def check(place: Place, written: Written) -> None:
    """Nothing may be refused: what is measured is posting, not saying no."""
    assert written.acknowledged and not written.refused, (place.name, written.refused)


def _commits(database: Path) -> int:
    """How many transactions were committed to a SQLite file in WAL mode; each is one fsync."""
    with database.with_name(f"{database.name}-shm").open("rb") as index:
        count: int = struct.unpack("=I", index.read(16)[CHANGE])[0]
        return count


def _medians(results: dict[str, list[Posting]]) -> dict[str, Posting]:
    return {
        name: Posting(
            median(run.rate for run in runs),
            median(run.cpu for run in runs),
            median(run.p50_ms for run in runs),
            median(run.together for run in runs),
        )
        for name, runs in results.items()
    }


def _crowded(crowd: dict[str, Posting]) -> Iterator[Row]:
    isso, sqlite, postgresql = crowd["isso"], crowd["sqlite"], crowd["postgresql"]
    yield ahead("posts, 32 writers, SQLite", sqlite.rate, "per s", peer=isso.rate, times=5)
    yield at_most("post, 32 writers, SQLite, CPU", sqlite.cpu, "µs", 500)
    yield at_least("posts a durable commit, 32 writers, SQLite", sqlite.together, "posts", 8)
    yield seen("posts, 32 writers, one thread, SQLite", crowd["sqlite hot"].rate, "per s", peer=isso.rate)
    yield ahead("posts, 32 writers, PostgreSQL", postgresql.rate, "per s", peer=isso.rate, times=3.5)
    hot = crowd["postgresql hot"].rate
    yield ahead("posts, 32 writers, one thread, PostgreSQL", hot, "per s", peer=isso.rate, times=2.5)
    yield seen("post, 32 writers, PostgreSQL, our CPU", postgresql.cpu, "µs", peer=isso.cpu)


def _alone(lone: dict[str, Posting], fsync_ms: float) -> Iterator[Row]:
    wall, peer = lone["sqlite"].p50_ms, lone["isso"].p50_ms
    yield Row(
        "a lone post, SQLite",
        wall,
        "ms",
        peer=peer,
        limit=fsync_ms,
        ratio=wall / fsync_ms,
        budget="≤ fsync + 3 ms",
        met=wall <= fsync_ms + 3,
    )
    yield at_most("commits a lone post, SQLite", 1 / lone["sqlite"].together, "", 1)
    yield seen("a lone post, SQLite, CPU", lone["sqlite"].cpu, "µs", peer=lone["isso"].cpu)
    yield seen("a lone post, PostgreSQL", lone["postgresql"].p50_ms, "ms", peer=peer)
