"""Fair comparisons on a noisy machine: subjects take turns, A B B A, and medians are compared."""

import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

R = TypeVar("R")


def take_turns(rounds: int, runs: Mapping[str, Callable[[], R]]) -> dict[str, list[R]]:
    """Run every subject once a round, in turned order every other round."""
    results: dict[str, list[R]] = {name: [] for name in runs}
    for number in range(rounds):
        for name in list(runs) if number % 2 == 0 else list(runs)[::-1]:
            results[name].append(runs[name]())
    return results


def median(figures: Iterable[float]) -> float:
    """The middle one."""
    return statistics.median(figures)
