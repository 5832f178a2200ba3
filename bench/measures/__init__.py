"""What is measured, by name, in the order of a whole run: memory last, when the server has been through all of it."""

from collections.abc import Callable, Iterator

from bench.measures import cold, memory, mixed, page, posts, reads, rebuild, size
from bench.rows import Row
from bench.stage import Stage

MEASURES: dict[str, Callable[[Stage], Iterator[Row]]] = {
    "reads": reads.measure,
    "page": page.measure,
    "cold": cold.measure,
    "rebuild": rebuild.measure,
    "posts": posts.measure,
    "mixed": mixed.measure,
    "size": size.measure,
    "memory": memory.measure,
}
