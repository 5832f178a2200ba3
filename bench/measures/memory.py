"""How much memory a server holds that has been read, posted to and asked for every size of discussion."""

from collections.abc import Iterator

from bench import site, wrk
from bench.client import post_for
from bench.cpu import memory_mib
from bench.measures.posts import WRITERS, check
from bench.rows import Row, at_most, seen
from bench.stage import Stage


def measure(stage: Stage) -> Iterator[Row]:
    """PSS of the process tree after a load of its own, beside Isso after whatever it was asked in this run."""
    server = stage.ours
    server.restart()
    yield seen("memory after the start", memory_mib(server.place.pid), "MiB")
    for slug in stage.sizes:
        for coding in ("br", "gzip", "identity"):
            wrk.read(server.place, f"/articles/{slug}", {"Accept-Encoding": coding}, seconds=1)
    posts = server.posts([server.thread_of(slug) for slug in site.BUSY])
    check(server.place, post_for(4 * stage.seconds, server.port, posts, WRITERS))
    yield at_most("memory after load", memory_mib(server.place.pid), "MiB", 80)
    yield seen("memory of Isso after its load", memory_mib(stage.isso.place.pid), "MiB")
