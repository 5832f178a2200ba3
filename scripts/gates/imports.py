"""Every library has its doors, and inside a feature imports go down: pages, verbs, queries, models.

What features may know of each other stands in pyproject.toml (import-linter); there, too, a ring is refused,
so a query cannot import the verb that calls it, while both may import what is pure.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from source import Fault, files, inside, name, tree

HTTP = ("pages", "api", "web", "app")
DOORS = {
    "fastapi": HTTP,
    "starlette": HTTP,
    "jinja2": (*HTTP, "mail"),
    "uvicorn": ("cli", "web"),
    "typer": ("cli",),
    "rich": ("cli",),
    "apsw": ("db",),
    "psycopg": ("db",),
    "psycopg_pool": ("db",),
    "markdown_it": ("text", "publication"),
    "nh3": ("text",),
}

OUTSIDE = {"web", "jobs", "mail", "db", "text", "cli"}  # ground and roof are no features
DOORWAYS = {"pages", "api", "jobs"}
PLAIN = {"models", "errors", "events"}


def faults(root: Path) -> Iterator[Fault]:
    """Imports through a wall."""
    for path in files(root, "src/rejoinder", ends=(".py",)):
        parts = [part.removesuffix(".py") for part in inside(root, path)]
        for line, module in imported(tree(path), parts):
            advice = closed_door(parts, module) or upward(parts, module)
            if advice:
                yield Fault(name(root, path), line, "import", advice)


def imported(module: ast.Module, parts: list[str]) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a file imports; `from a import b` counts as a.b."""
    package = ["rejoinder", *parts][:-1]
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{stem}.{alias.name}") for alias in node.names)


def closed_door(parts: list[str], module: str) -> str | None:
    """What to do about a library used where it has no door."""
    library = module.partition(".")[0]
    doors = DOORS.get(library)
    if doors is None or any(part in doors for part in parts):
        return None
    return f"{library} is used only in {', '.join(doors)}: hand in plain values instead"


def upward(parts: list[str], module: str) -> str | None:
    """What to do about a file of a feature that imports from a higher floor of the same feature."""
    target = module.split(".")
    feature = parts[0]
    if target[:2] != ["rejoinder", feature] or len(parts) < 2 or len(target) < 3 or feature in OUTSIDE:
        return None
    above = DOORWAYS | {"queries"} if parts[1] in PLAIN else DOORWAYS
    if parts[1] in DOORWAYS or target[2] not in above:
        return None
    return f"{parts[1]} stands below {target[2]}: pages, api, jobs → verbs → queries → models, errors, events"
