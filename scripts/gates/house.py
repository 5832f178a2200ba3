"""What must not lie about: empty files, unfinished remarks, and the name of somebody's own machine."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from source import Fault, name

CODE = {".py", ".ts", ".mjs", ".html", ".css", ".sql", ".sh", ""}

# Written so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b|NotImplemented[E]rror")
MACHINE = re.compile(r"(?<![\w.-])/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+|op[t]/\w+)/|[.]librar[y]\b")
NAMES = {"utils.py", "helpers.py", "manager.py", "service.py", "misc.py", "common.py"}


def faults(root: Path) -> Iterator[Fault]:
    """Walk everything that git holds."""
    for path in held(root):
        here, text = name(root, path), path.read_text(encoding="utf-8")
        if path.name in NAMES:
            yield Fault(here, 1, "name", "name it after what it does")
        if not text.strip() and path.name != "__init__.py":
            yield Fault(here, 1, "empty", "a file that would be empty is absent")
        for number, line in enumerate(text.splitlines(), 1):
            if path.suffix in CODE and UNFINISHED.search(line):
                yield Fault(here, number, "unfinished", "finish it, or open an issue and take the remark out")
            if MACHINE.search(line):
                yield Fault(here, number, "machine", "a path of one machine: make it relative")


def held(root: Path) -> Iterator[Path]:
    """The text files git holds or would hold, without what others wrote for us to read."""
    listed = [
        "git",
        "-c",
        f"safe.directory={root}",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    answer = subprocess.run(listed, cwd=root, capture_output=True, check=True).stdout.decode()
    for entry in answer.split("\0"):
        path = root / entry
        if (
            entry
            and not entry.startswith("tests/data/")
            and path.is_file()
            and b"\0" not in path.read_bytes()
        ):
            yield path
