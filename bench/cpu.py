"""What processes use of the machine, read from /proc."""

import os
import re
import time
from pathlib import Path
from types import TracebackType

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def tree(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for path in PROC.glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended meanwhile
        children.setdefault(parent, []).append(int(path.parent.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of all threads so far, to the microsecond (the `stat` file has it in steps of 10 ms)."""
    nanoseconds = 0
    for pid in pids:
        for path in PROC.glob(f"{pid}/task/*/schedstat"):
            try:
                nanoseconds += int(path.read_text().split()[0])
            except OSError:
                continue
    return nanoseconds / 1e9


def memory_mib(root: int) -> float:
    """The memory of a process tree in MiB; pages that are shared count for their part (PSS)."""
    kib = 0
    for pid in tree(root):
        rollup = (PROC / str(pid) / "smaps_rollup").read_text()
        found = re.search(r"^Pss: +(\d+)", rollup, re.MULTILINE)
        kib += int(found[1]) if found else 0
    return kib / 1024


class Meter:
    """Around a load: `wall` seconds, `cpu` seconds of the server's tree, and `foreign` cores used by other work."""

    def __init__(self, server: int) -> None:
        self._pids = tree(server)
        self.wall = self.cpu = self.foreign = 0.0

    def __enter__(self) -> "Meter":
        self._began = (time.perf_counter(), cpu_seconds(self._pids), _busy(), _own())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        began, cpu, busy, own = self._began
        self.wall = time.perf_counter() - began
        self.cpu = cpu_seconds(self._pids) - cpu
        self.foreign = max(0.0, (_busy() - busy) - self.cpu - (_own() - own)) / self.wall


def _busy() -> float:
    """Seconds in which any core of the machine worked."""
    fields = [int(word) for word in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def _own() -> float:
    """What this process and the load generators that it started used."""
    return sum(os.times()[:4])
