"""`python -m bench [NAME…] [--quick]`: measure, tell, and write bench/results/latest.json and .svg."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.children import Missing
from bench.measures import MEASURES
from bench.report import Report
from bench.stage import Stage


def main() -> int:
    """Run the measurements that were named, or all; 0 when every budget is kept."""
    asked = _arguments()
    report = Report(Path(__file__).parent / "results" / "latest.json")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rejoinder-bench-") as folder:
        Path(folder).chmod(0o755)  # servers that change their user look into it
        stage = Stage(Path(folder), quick=asked.quick)
        try:
            for name in asked.names or MEASURES:
                _measure(name, stage, report)
        finally:
            stage.close()
    report.end(seconds=time.monotonic() - began, foreign=stage.foreign)
    return 0 if report.is_kept else 1


def _measure(name: str, stage: Stage, report: Report) -> None:
    began = time.monotonic()
    try:
        for row in MEASURES[name](stage):
            report.add(row)
    except Missing as why:
        report.leave_out(name, str(why))
    print(f"bench: {name} took {time.monotonic() - began:.0f} s", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(MEASURES)}; default: all"
    )
    parser.add_argument("--quick", action="store_true", help="two minutes: smaller discussions, shorter runs")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in MEASURES]:
        parser.error(f"there is no measurement {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
