"""What a run found: told as it comes, a table at the end, and two files."""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.chart import draw
from bench.rounds import median
from bench.rows import Row, seen

NOISY = 0.2  # cores


class Report:
    """The rows of a run, in order."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows: list[Row] = []
        self._left_out: list[str] = []

    @property
    def is_kept(self) -> bool:
        """Whether no budget was missed."""
        return all(row.met is not False for row in self._rows)

    def add(self, row: Row) -> None:
        """Take in a row and tell it."""
        self._rows.append(row)
        print(_line(row), flush=True)

    def leave_out(self, name: str, why: str) -> None:
        """Note that something could not be measured."""
        self._left_out.append(f"{name}: {why}")
        print(f"bench: {name} is left out: {why}", file=sys.stderr)

    def end(self, *, seconds: float, foreign: list[float]) -> None:
        """Write the files and say how it went."""
        if foreign:
            self.add(seen("other work on the machine, in the middle", median(foreign), "cores"))
        self._file.parent.mkdir(exist_ok=True)
        rows = json.dumps([row.as_json() for row in self._rows], ensure_ascii=False, indent=1)
        self._file.write_text(rows + "\n", encoding="utf-8")
        self._file.with_suffix(".svg").write_text(draw(self._rows), encoding="utf-8")
        missed = [row.name for row in self._rows if row.met is False]
        kept = sum(row.met is True for row in self._rows)
        print(f"\n{machine()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {seconds:.0f} s")
        print(
            f"{kept} budgets kept, {len(missed)} missed" + "".join(f"\n  missed: {name}" for name in missed)
        )
        if foreign and median(foreign) > NOISY:
            print(
                "Other work was going on: rates and times are too bad, CPU and ratios are nearer the truth."
            )
        for line in self._left_out:
            print(f"  left out: {line}")
        print(f"{self._file} and {self._file.with_suffix('.svg').name} are written.")


def machine() -> str:
    """What this was measured on."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{os.cpu_count()} x {models[0] if models else platform.machine()}, Linux {platform.release()}"


def show(number: float | None) -> str:
    """A figure with three digits that mean something."""
    if number is None:
        return ""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _line(row: Row) -> str:
    mark = {True: "kept", False: "MISSED", None: ""}[row.met]
    beside = [f"isso {show(row.peer)}" if row.peer else "", f"limit {show(row.limit)}" if row.limit else ""]
    ratio = f"{show(row.ratio)}x" if row.ratio else ""
    value = f"{show(row.value)} {row.unit}"
    return f"{row.name:<58} {value:>14}  {ratio:>8}  {row.budget or '':<16} {mark:<7} {', '.join(filter(None, beside))}"
