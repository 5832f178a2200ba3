"""Reading and writing at once: 95 reads of a discussion of 100 to 5 posts, from 16 connections."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from bench import site, wrk
from bench.place import Place
from bench.rounds import median, take_turns
from bench.rows import Row, ahead, seen
from bench.stage import SMALL, Stage
from bench.wrk import Load

CONNECTIONS = 16
MOST_POSTS = 2_000  # a second; far more than come


def measure(stage: Stage) -> Iterator[Row]:
    """Posts into other discussions, as beside Isso; then into the very one that is read."""
    loads = take_turns(stage.rounds, _runs(stage))
    rate = {name: median(load.rate for load in mine) for name, mine in loads.items()}
    late = {name: median(load.p99_ms for load in mine) for name, mine in loads.items()}
    name = "mixed 95/5, 16 connections"
    yield ahead(name, rate["ours"], "per s", peer=rate["isso"], times=200)
    yield seen(f"{name}, p99", late["ours"], "ms", peer=late["isso"])
    yield seen(f"{name}, into what is read", rate["same"], "per s", peer=rate["isso"])
    yield seen(f"{name}, into what is read, p99", late["same"], "ms", peer=late["isso"])


def _runs(stage: Stage) -> dict[str, Callable[[], Load]]:
    ours, isso = stage.ours, stage.isso
    page = ours.place.get(f"/articles/{SMALL}", accept_encoding="gzip")
    others = ours.posts([ours.thread_of(slug) for slug in site.BUSY])
    same = ours.posts([ours.thread_of(SMALL)])
    return {
        "ours": partial(_run, stage, ours.place, page, others),
        "isso": partial(_run, stage, isso.place, isso.read(SMALL), isso.posts(list(site.BUSY))),
        "same": partial(_run, stage, ours.place, page, same),
    }


def _run(stage: Stage, place: Place, read: bytes, posts: Iterator[bytes]) -> Load:
    seconds = stage.seconds + 1
    ready = islice(posts, MOST_POSTS * seconds)
    load = wrk.mix(place, read, ready, seconds=seconds, connections=CONNECTIONS, folder=stage.folder)
    assert load.errors == 0, (place, load)
    stage.foreign.append(load.foreign)
    return load
