"""SQL is a constant and stands in its place: the queries of a feature, or the drivers."""

import ast
import re
from collections.abc import Callable, Iterator
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

TRANSACTION = {"tx", "db", "conn", "connection", "cursor"}
RUNNING = {"one", "maybe", "all", "value", "values", "run", "run_many", "execute", "executemany"}
UNBOUND = ("PRAGMA ", "CREATE ", "DROP ", "ALTER ", "SAVEPOINT ", "SET ", "LISTEN ", "EXPLAIN ")
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")


def faults(root: Path) -> Iterator[Fault]:
    """Statements in the wrong place, or built from pieces."""
    for path in files(root, "src/rejoinder", ends=(".py",)):
        parts = [part.removesuffix(".py") for part in inside(root, path)]
        here, module = name(root, path), tree(path)
        if parts[0] == "db":
            yield from built(here, module, is_built_from_values)
        else:
            yield from built(here, module, is_built)
            if "queries" not in parts:
                yield from misplaced(here, module)


def misplaced(here: str, module: ast.Module) -> Iterator[Fault]:
    """Statements, and calls that run one, outside queries and db."""
    prose = docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and id(node) not in prose and is_statement(node):
            yield Fault(here, node.lineno, "sql-place", "move this statement into the feature's queries.py")
        elif isinstance(node, ast.Call) and runs_statement(node):
            yield Fault(here, node.lineno, "sql-place", "call a function of the feature's queries.py instead")


def built(here: str, module: ast.Module, judge: Callable[[ast.AST], bool]) -> Iterator[Fault]:
    """Statements put together from pieces: the way injections come in (demand D4)."""
    for node in ast.walk(module):
        if isinstance(node, ast.expr) and judge(node):
            advice = "a statement is one constant; bind values by name (:name) instead of building it"
            yield Fault(here, node.lineno, "sql-built", advice)


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
    """Whether SQL is put together here by f-string, +, %, format or join, or handed over half made."""
    match node:
        case ast.Call() if runs_statement(node):
            return any(isinstance(given, ast.JoinedStr | ast.BinOp | ast.Call) for given in node.args[:2])
        case ast.JoinedStr(values=values):
            return len(values) > 1 and any(map(is_sql, values))
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return is_sql(left) or is_sql(right)
        case ast.Call(func=ast.Attribute(value=text, attr="format" | "join" | "replace" | "format_map")):
            return is_sql(text)
    return False


def is_built_from_values(node: ast.AST) -> bool:
    """The same for the drivers in db/: pragmas and definitions take no binds, and constants may be joined."""
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if start.lstrip().startswith(UNBOUND):
            return False
        case ast.Call() if runs_statement(node):
            return False
        case ast.JoinedStr(values=values):
            pieces = [value.value for value in values if isinstance(value, ast.FormattedValue)]
        case ast.BinOp(left=left, right=right):
            pieces = [side for side in (left, right) if not is_sql(side)]
        case _:
            pieces = []
    return is_built(node) and not (pieces and all(map(is_constant, pieces)))


def is_constant(node: ast.AST) -> bool:
    """Whether this is a name that is written as constants are."""
    return isinstance(node, ast.Name) and bool(CONSTANT.fullmatch(node.id))


def runs_statement(node: ast.Call) -> bool:
    """Whether this call hands a statement to a transaction: tx.one(…), cursor.execute(…)."""
    match node.func:
        case ast.Attribute(value=ast.Name(id=receiver), attr=verb):
            return receiver in TRANSACTION and verb in RUNNING and bool(node.args)
    return False
