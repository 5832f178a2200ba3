"""What an anonymous read of an article page, or of its comments as JSON, costs beside nginx with the same bytes."""

import json
from collections.abc import Callable, Iterator
from functools import partial

from bench import wrk
from bench.client import ask
from bench.nginx import put_file
from bench.place import Place
from bench.rounds import median, take_turns
from bench.rows import Row, near_limit, seen
from bench.stage import SMALL, Stage
from bench.wrk import Load

GZIP = {"Accept-Encoding": "gzip"}


def measure(stage: Stage) -> Iterator[Row]:
    """CPU of a read at every size of discussion, of an answer that nothing changed, and of a read through the API."""
    isso = take_turns(1, {"isso": partial(_run, stage, stage.isso.place, _isso_path(), {})})["isso"]
    for slug, count in stage.sizes.items():
        path = f"/articles/{slug}"
        put_file(stage.files, f"{slug}.html", _body(stage, path))
        runs = _runs(stage, path, f"/{slug}.html", GZIP, GZIP)
        peer = isso[0].cpu if slug == SMALL else None
        yield from _rows(f"read, {count:,} comments", stage, runs, peer)
    yield from _rows("read, unchanged (304)", stage, _unchanged(stage), None)
    thread = json.loads(_body(stage, f"/api/v1/threads?url=/articles/{SMALL}"))["id"]
    path = f"/api/v1/threads/{thread}/comments?limit=100"
    put_file(stage.files, f"{SMALL}.json", _body(stage, path))
    runs = _runs(stage, path, f"/{SMALL}.json", GZIP, GZIP)
    yield from _rows("read through the API, 100 comments", stage, runs, None)


def _body(stage: Stage, path: str) -> bytes:
    return ask(stage.ours.port, stage.ours.place.get(path, accept_encoding="identity")).body


def _runs(
    stage: Stage, path: str, file: str, ours: dict[str, str], static: dict[str, str]
) -> dict[str, Callable[[], Load]]:
    server = stage.ours.place
    runs: dict[str, Callable[[], Load]] = {"ours": partial(_run, stage, server, path, ours)}
    for nginx in (stage.nginx.place, stage.tuned_nginx.place):
        runs[nginx.name] = partial(_run, stage, nginx, file, static)
    return runs


def _unchanged(stage: Stage) -> dict[str, Callable[[], Load]]:
    ours = ask(stage.ours.port, stage.ours.place.get(f"/articles/{SMALL}", accept_encoding="gzip"))
    static = ask(stage.nginx.place.port, stage.nginx.place.get(f"/{SMALL}.html", accept_encoding="gzip"))
    return _runs(
        stage,
        f"/articles/{SMALL}",
        f"/{SMALL}.html",
        GZIP | {"If-None-Match": ours.header("etag")},
        GZIP | {"If-None-Match": static.header("etag")},
    )


def _run(stage: Stage, place: Place, path: str, headers: dict[str, str]) -> Load:
    load = wrk.read(place, path, headers, seconds=stage.seconds)
    assert load.errors == 0, (place, path, load)
    stage.foreign.append(load.foreign)
    return load


def _rows(name: str, stage: Stage, runs: dict[str, Callable[[], Load]], peer: float | None) -> Iterator[Row]:
    for run in runs.values():
        run()  # so that everything is at hand when it counts
    loads = take_turns(stage.rounds, runs)
    cpu = {who: median(load.cpu for load in mine) for who, mine in loads.items()}
    yield near_limit(f"{name}, CPU", cpu["ours"], "µs", limit=cpu["nginx"], times=3.0, peer=peer)
    yield near_limit(f"{name}, CPU, nginx tuned", cpu["ours"], "µs", limit=cpu["nginx tuned"], times=3.8)
    rate = {who: median(load.rate for load in mine) for who, mine in loads.items()}
    yield seen(f"{name}, 16 connections", rate["ours"], "per s", limit=rate["nginx"])


def _isso_path() -> str:
    return f"/?uri=%2F{SMALL}%2F&nested_limit=5&sorting=oldest"
