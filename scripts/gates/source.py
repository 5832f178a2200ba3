"""What the gates read: the files of a clone, and a fault in one of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MADE = {"node_modules", "static", "__pycache__", "static.new"}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One broken rule: where, which, and what to do about it."""

    path: str
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


def files(root: Path, *places: str, ends: tuple[str, ...]) -> Iterator[Path]:
    """Files below the named folders whose name ends so; what a build made is left out."""
    for place in places:
        for path in sorted((root / place).rglob("*")):
            if path.suffix in ends and path.is_file() and not MADE & set(path.relative_to(root).parts):
                yield path


def name(root: Path, path: Path) -> str:
    """The path as a reader of the repository knows it."""
    return path.relative_to(root).as_posix()


def inside(root: Path, path: Path) -> tuple[str, ...]:
    """The parts below src/rejoinder: ("comments", "queries", "reading.py")."""
    return path.relative_to(root / "src/rejoinder").parts


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def docstrings(module: ast.Module) -> set[int]:
    """The ids of the nodes that are docstrings: prose, whatever word they begin with."""
    return {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
