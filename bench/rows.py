"""One measured figure, and whether it keeps its budget."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report.

    `peer` is what Isso gave, `limit` what is physically there: a static file, or the disk. `ratio` is the value over
    the one of them that the budget speaks of; `met` is None where there is no budget.
    """

    name: str
    value: float
    unit: str
    peer: float | None = None
    limit: float | None = None
    ratio: float | None = None
    budget: str | None = None
    met: bool | None = None

    def as_json(self) -> dict[str, object]:
        """The row as `bench/results/*.json` has it."""
        return asdict(self)


def seen(name: str, value: float, unit: str, *, peer: float | None = None, limit: float | None = None) -> Row:
    """A figure without a budget."""
    base = limit or peer
    return Row(name, value, unit, peer=peer, limit=limit, ratio=value / base if base else None)


def at_most(name: str, value: float, unit: str, most: float) -> Row:
    """A figure that may not be greater."""
    return Row(name, value, unit, budget=f"≤ {most:g} {unit}", met=value <= most)


def at_least(name: str, value: float, unit: str, least: float) -> Row:
    """A figure that may not be smaller."""
    return Row(name, value, unit, budget=f"≥ {least:g} {unit}", met=value >= least)


def near_limit(
    name: str, value: float, unit: str, *, limit: float, times: float, peer: float | None = None
) -> Row:
    """A cost that may be so many times the limit."""
    ratio = value / limit
    return Row(name, value, unit, peer, limit, ratio, f"≤ {times:g}x limit", ratio <= times)


def ahead(name: str, value: float, unit: str, *, peer: float, times: float) -> Row:
    """A rate that has to be so many times the peer's."""
    ratio = value / peer
    return Row(name, value, unit, peer, None, ratio, f"≥ {times:g}x peer", ratio >= times)
