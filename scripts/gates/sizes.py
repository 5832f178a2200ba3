"""A file fits into one reading, a function onto one screen, a script into ten kilobytes."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from source import Fault, files, name, tree

FILE_LINES = 300
FUNCTION_LINES = 50
SCRIPT_BYTES = {"page.js": 10_000, "passkeys.js": 1_500}  # Brotli, as readers get it

# A TypeScript function or method begins on a line that ends with "{" and ends where "}" stands at the same indent.
TS_BLOCK = re.compile(r"\s*\}?\s*(?:if|for|while|switch|else|try|catch|do)\b")
TS_FUNCTION = re.compile(
    r"^(\s*)(?:.*\bfunction\b.*|.*=>\s*|(?:[\w#]+\s+)*[\w#]+(?:<.*>)?\(.*\)(?::.*)?\s*)\{$"
)


def faults(root: Path) -> Iterator[Fault]:
    """Files, functions and bundles that have grown too large."""
    for path in files(root, "src", "frontend", ends=(".py", ".ts", ".html")):
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > FILE_LINES:
            advice = f"{len(lines)} lines, at most {FILE_LINES}: split it by what it does"
            yield Fault(name(root, path), FILE_LINES + 1, "size", advice)
        spans = {".py": python_functions, ".ts": script_functions}.get(path.suffix)
        for line, title, length in spans(path) if spans else ():
            if length > FUNCTION_LINES:
                advice = (
                    f"{title} has {length} lines, at most {FUNCTION_LINES}: take a step of it out by name"
                )
                yield Fault(name(root, path), line, "size", advice)
    yield from bundle_faults(root)


def python_functions(path: Path) -> Iterator[tuple[int, str, int]]:
    """First line, name and length of every function."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def script_functions(path: Path) -> Iterator[tuple[int, str, int]]:
    """The same for TypeScript, by indentation."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for start, line in enumerate(lines):
        head = TS_FUNCTION.match(line)
        if head and not TS_BLOCK.match(line):
            closing = head[1] + "}"
            end = next((n for n in range(start + 1, len(lines)) if lines[n].startswith(closing)), start)
            yield start + 1, line.strip(" {"), end - start + 1


def bundle_faults(root: Path) -> Iterator[Fault]:
    """Scripts that weigh more than a reader should have to carry."""
    static = root / "src/rejoinder/web/static"
    if not (static / "manifest.json").is_file():
        return
    manifest = json.loads((static / "manifest.json").read_text())
    for script, limit in SCRIPT_BYTES.items():
        if script not in manifest:
            continue
        weight = (static / f"{manifest[script]}.br").stat().st_size
        if weight > limit:
            advice = f"{weight} bytes as Brotli, at most {limit}: leave something out"
            yield Fault(f"frontend/{script}", 1, "size", advice)
