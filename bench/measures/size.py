"""Whether the same discussion is dearer to draw in a larger site."""

from collections.abc import Iterator

from bench.measures.cold import first_views
from bench.rows import Row, near_limit, seen
from bench.stage import SMALL, Stage


def measure(stage: Stage) -> Iterator[Row]:
    """First view of a discussion of 100 in a site of a thousand comments, and of ten times more each time."""
    site = stage.growing
    site.fill(hundred=100, other=100)
    cost: list[float] = []
    for number, size in enumerate([1_000, 10_000] if stage.quick else [1_000, 10_000, 100_000]):
        site.fill(**{f"rest_{number}": size - (size // 10 if number else 200)})
        site.start()
        cost.append(first_views(site, [SMALL], times=2 * stage.rounds)[SMALL])
        site.stop()
        name = f"first view of 100, site of {size:,}, CPU"
        yield (
            near_limit(name, cost[-1], "ms", limit=cost[0], times=1.2)
            if number
            else seen(name, cost[0], "ms")
        )
