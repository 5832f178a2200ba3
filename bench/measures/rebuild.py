"""What it costs to draw a page again after a change, and the whole of it: SQL, comments, page, Brotli."""

import time
from collections.abc import Iterator

from bench.client import ask
from bench.cpu import cpu_seconds, tree
from bench.rounds import median
from bench.rows import Row, at_most
from bench.stage import CHANGING, UNREAD, Stage

WARM = 5  # replies before the first that counts
PAUSE = 0.16  # seconds; a page is drawn again at most every 0.1


def measure(stage: Stage) -> Iterator[Row]:
    """CPU of a reply into a discussion that is read, less that of a reply into one that is not."""
    stage.ours.restart()
    drawn, idle = _replies(stage, CHANGING, read=True), _replies(stage, UNREAD, read=False)
    costs = [next(drawn) - next(idle) for _ in range(WARM + 5 * stage.rounds)]
    yield at_most("rebuild of a page of 100 after a reply, CPU", median(costs[WARM:]), "ms", 5)


def _replies(stage: Stage, slug: str, *, read: bool) -> Iterator[float]:
    """CPU in ms of each reply and what follows it."""
    server = stage.ours
    threads = [server.thread_of(slug)]
    posts = server.posts(threads, reply_to=server.comments_of(slug))
    for post in posts:
        if read:
            ask(server.port, server.place.get(f"/articles/{slug}", accept_encoding="br"))
        pids = tree(server.place.pid)
        before = cpu_seconds(pids)
        answer = ask(server.port, post)
        assert answer.status == 201, answer
        time.sleep(PAUSE)
        yield (cpu_seconds(pids) - before) * 1000
