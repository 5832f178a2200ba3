"""The rows as one picture: how much of each budget is used, on a scale of doubling."""

import math
from collections.abc import Sequence
from html import escape

from bench.rows import Row

WIDTH, LINE, LEFT, RIGHT = 900, 26, 370, 190
REACH = 3  # doublings to either side of the budget
KEPT, MISSED, INK, FAINT, PAPER = "#2f6f4f", "#a8321f", "#222222", "#c9c4ba", "#fbfaf7"


def draw(rows: Sequence[Row]) -> str:
    """An SVG; a bar that stays left of the middle line keeps its budget."""
    shown = [(row, used) for row in rows if (used := _used(row)) is not None]
    height = 70 + LINE * len(shown)
    middle = _at(1.0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        f'<text x="12" y="24" font-size="15" fill="{INK}">Share of each budget that is used</text>',
        *(_bar(number, row, used) for number, (row, used) in enumerate(shown)),
        f'<line x1="{middle}" x2="{middle}" y1="38" y2="{height - 24}" stroke="{INK}"/>',
        f'<text x="{middle}" y="{height - 8}" text-anchor="middle" fill="{INK}">budget</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _used(row: Row) -> float | None:
    """1 is exactly the budget, less is better."""
    words = (row.budget or "").split()
    if row.met is None or len(words) < 2 or words[1] == "fsync":
        return None
    target = float(words[1].rstrip("x"))
    if not target:  # none at all: kept, or missed by as much as the chart can show
        return 1.0 if row.met else math.inf
    figure = row.value if row.ratio is None else row.ratio
    return figure / target if words[0] == "≤" else target / figure


def _at(used: float) -> float:
    doublings = max(-REACH, min(REACH, math.log2(max(used, 1e-9))))
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (doublings + REACH) / (2 * REACH), 1)


def _bar(number: int, row: Row, used: float) -> str:
    top = 44 + LINE * number
    colour = KEPT if row.met else MISSED
    text = f"{row.value:,.3g} {row.unit}" if row.ratio is None else f"{row.ratio:,.3g}x"
    return (
        f'<text x="{LEFT - 10}" y="{top + 13}" text-anchor="end" fill="{INK}">{escape(row.name)}</text>'
        f'<rect x="{LEFT}" y="{top + 2}" width="{WIDTH - LEFT - RIGHT}" height="14" fill="{FAINT}" opacity="0.35"/>'
        f'<rect x="{LEFT}" y="{top + 2}" width="{max(2, _at(used) - LEFT)}" height="14" fill="{colour}"/>'
        f'<text x="{WIDTH - RIGHT + 10}" y="{top + 13}" fill="{INK}">{escape(text)} ({escape(row.budget or "")})</text>'
    )
