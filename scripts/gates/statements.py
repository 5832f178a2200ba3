"""SQL is a constant, stands in its place, and names only the tables of its own feature."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from source import Fault, docstrings, files, inside, name, tree

STATEMENT = re.compile(
    r"\s*(?:--.*\n\s*)*(?:"
    r"SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|VALUES\s*\("
    r"|WITH\s+(?:RECURSIVE\s+)?\w+[\s(].*?\bAS\b"
    r"|CREATE\s+(?:TABLE|INDEX|UNIQUE)\s|ALTER\s+TABLE\s|DROP\s+\w+\s|PRAGMA\s|SAVEPOINT\s)",
    re.DOTALL,
)
CLAUSE = re.compile(
    r"\b(?:SELECT\s+[\w*.,\s]+\sFROM|INSERT\s+INTO|DELETE\s+FROM|ORDER\s+BY|WHERE\s+\w+|JOIN\s+\w+)\b"
)
TABLE = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+([a-z_]+)(?:\s+(?:AS\s+)?[a-z_]+)?((?:\s*,\s*[a-z_]+)*)"
)
OWNER = re.compile(r"^-- owner: (\w+)\n(?:--.*\n)*CREATE TABLE(?: IF NOT EXISTS)? (\w+)", re.MULTILINE)
CREATE = re.compile(r"^CREATE TABLE(?: IF NOT EXISTS)? (\w+)", re.MULTILINE)

TRANSACTION = {"tx", "db", "conn", "connection", "cursor"}
RUNNING = {"one", "maybe", "all", "value", "execute", "executemany", "many", "first", "scalar", "fetch"}
MAY_NAME_ANY_TABLE = {"db", "transfer", "privacy", "demo", "cli"}


def faults(root: Path) -> Iterator[Fault]:
    """Statements in the wrong place, built from pieces, or about somebody else's table."""
    owners = dict(ownership(root))
    yield from unowned(root, owners)
    for path in files(root, "src/rejoinder", ends=(".py",)):
        parts = [part.removesuffix(".py") for part in inside(root, path)]
        here = name(root, path)
        yield from built(here, tree(path))
        if not ("queries" in parts or parts[0] == "db"):
            yield from misplaced(here, tree(path))
        elif parts[0] not in MAY_NAME_ANY_TABLE:
            yield from foreign(here, tree(path), parts[0], owners)


def ownership(root: Path) -> Iterator[tuple[str, str]]:
    """Table and owner, as the line `-- owner: comments` above each CREATE TABLE says."""
    for path in files(root, "src/rejoinder/db/migrations", ends=(".sql",)):
        for owner, table in OWNER.findall(path.read_text(encoding="utf-8")):
            yield table, owner


def unowned(root: Path, owners: dict[str, str]) -> Iterator[Fault]:
    """Tables that say nothing of whose they are."""
    for path in files(root, "src/rejoinder/db/migrations", ends=(".sql",)):
        text = path.read_text(encoding="utf-8")
        for match in CREATE.finditer(text):
            if match[1] not in owners:
                line = text.count("\n", 0, match.start()) + 1
                yield Fault(
                    name(root, path), line, "sql-owner", f"write `-- owner: FEATURE` above table {match[1]}"
                )


def misplaced(here: str, module: ast.Module) -> Iterator[Fault]:
    """Statements, and calls that run one, outside queries and db."""
    prose = docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and id(node) not in prose and is_statement(node):
            yield Fault(here, node.lineno, "sql-place", "move this statement into the feature's queries.py")
        elif isinstance(node, ast.Call) and runs_statement(node):
            yield Fault(here, node.lineno, "sql-place", "call a function of the feature's queries.py instead")


def built(here: str, module: ast.Module) -> Iterator[Fault]:
    """Statements put together from pieces: the way injections come in (demand D4)."""
    for node in ast.walk(module):
        if is_built(node):
            advice = "a statement is one constant; bind values by name (:name) instead of building it"
            yield Fault(here, node.lineno, "sql-built", advice)  # type: ignore[attr-defined]


def foreign(here: str, module: ast.Module, feature: str, owners: dict[str, str]) -> Iterator[Fault]:
    """Tables of another feature."""
    prose = docstrings(module)
    for node in ast.walk(module):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in prose:
            continue
        for table in sorted(tables(node.value)):
            owner = owners.get(table, feature)
            if owner != feature:
                advice = f"{table} belongs to {owner}: call a function of {owner}/queries instead"
                yield Fault(here, node.lineno, "sql-owner", advice)


def tables(statement: str) -> set[str]:
    """The names that stand where a statement names tables."""
    found: set[str] = set()
    for first, others in TABLE.findall(statement):
        found.add(first)
        found.update(word.strip() for word in others.split(",") if word.strip())
    return found


def is_statement(node: ast.AST) -> bool:
    """Whether this is a string that begins like SQL."""
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(STATEMENT.match(node.value))
    )


def is_sql(node: ast.AST) -> bool:
    """Whether this is a string that begins like SQL or holds one of its clauses."""
    return is_statement(node) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CLAUSE.search(node.value))
    )


def is_built(node: ast.AST) -> bool:
    """Whether SQL is put together here by f-string, +, %, format or join."""
    match node:
        case ast.JoinedStr(values=values):
            return len(values) > 1 and any(map(is_sql, values))
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return is_sql(left) or is_sql(right)
        case ast.Call(func=ast.Attribute(value=text, attr="format" | "join" | "replace" | "format_map")):
            return is_sql(text)
    return False


def runs_statement(node: ast.Call) -> bool:
    """Whether this call hands a statement to a transaction: tx.one(…), cursor.execute(…)."""
    match node.func:
        case ast.Attribute(value=ast.Name(id=receiver), attr=verb):
            return receiver in TRANSACTION and verb in RUNNING and bool(node.args)
    return False
