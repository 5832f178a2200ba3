"""The first view of a discussion: nothing of its page is kept, not even one comment."""

from collections.abc import Iterator, Sequence

from bench.client import ask
from bench.cpu import cpu_seconds, tree
from bench.ours import Rejoinder
from bench.rounds import median
from bench.rows import Row, at_most, near_limit, seen
from bench.stage import HUGE, LARGE, OTHER, SMALL, Stage


def measure(stage: Stage) -> Iterator[Row]:
    """CPU and bytes of first views at every size of discussion."""
    cost = first_views(stage.ours, list(stage.sizes), times=2 * stage.rounds)
    yield seen("first view, 100 comments, CPU", cost[SMALL], "ms")
    yield at_most("first view, 5,000 comments, CPU", cost[LARGE], "ms", 10)
    page = ask(stage.ours.port, stage.ours.place.get(f"/articles/{LARGE}", accept_encoding="br"))
    yield at_most("first view, 5,000 comments, Brotli", len(page.body) / 1000, "kB", 25)
    if HUGE in cost:
        yield near_limit("first view, 50,000 comments, CPU", cost[HUGE], "ms", limit=cost[LARGE], times=1.3)


def first_views(server: Rejoinder, slugs: Sequence[str], *, times: int) -> dict[str, float]:
    """CPU in ms of the first view of each article, each time from a fresh start that has drawn another page."""
    costs: dict[str, list[float]] = {slug: [] for slug in slugs}
    for turn in range(times):
        server.restart()
        ask(server.port, server.place.get(f"/articles/{OTHER}", accept_encoding="br"))
        for slug in slugs if turn % 2 else reversed(slugs):
            pids = tree(server.place.pid)
            before = cpu_seconds(pids)
            answer = ask(server.port, server.place.get(f"/articles/{slug}", accept_encoding="br"))
            costs[slug].append((cpu_seconds(pids) - before) * 1000)
            assert answer.status == 200, answer.head
    return {slug: median(mine) for slug, mine in costs.items()}
