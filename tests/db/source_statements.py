"""Every SQL statement that the source gives to a transaction, found by reading the source."""

import ast
import importlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import rejoinder
from rejoinder.db import Tx
from rejoinder.db.statements import numbered

SOURCE = Path(rejoinder.__file__).parent
WHERE_SQL_STANDS = {"one": 1, "maybe": 1, "all": 1, "value": 0, "values": 0, "run": 0, "run_many": 0}

KINDS = {"bytes": "bytea", "int": "bigint", "datetime": "bigint", "float": "double precision"}
SENT = {"integer": "bigint", "smallint": "bigint", "bytea": "bytea"}

_LIST = re.compile(r"\bIN\s+:(\w+)", re.IGNORECASE)
_BIND = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)")


@dataclass(frozen=True)
class Statement:
    """One statement, and where it stands."""

    place: str
    sql: str
    kinds: dict[str, str] = field(default_factory=dict)
    """PostgreSQL's type for binds whose Python type is seen where the statement stands."""


class BuiltStatement(AssertionError):
    """A statement that is put together from values: they belong in binds."""


def find_statements(source: Path = SOURCE) -> list[Statement]:
    """Every text passed to `tx.one, maybe, all, value, run, run_many` outside of db/, as a constant.

    Raises `BuiltStatement` where a text can't be known before the program runs.
    """
    files = sorted(path for path in source.rglob("*.py") if (source / "db") not in path.parents)
    return [statement for path in files for statement in _statements(path)]


def _statements(path: Path) -> Iterator[Statement]:
    tree = ast.parse(path.read_text("utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in _calls(function):
                place = f"{path.relative_to(SOURCE.parent) if SOURCE in path.parents else path}:{call.lineno} {function.name}"
                where = WHERE_SQL_STANDS[call.func.attr]  # type: ignore[attr-defined]
                try:
                    yield from (
                        Statement(place, text, _kinds(call, function))
                        for text in _texts(call.args[where], path)
                    )
                except (NameError, IndexError, TypeError) as error:
                    raise BuiltStatement(f"{place}: not a constant: {error}") from error


def _calls(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="tx"), attr=method)) if (
                method in WHERE_SQL_STANDS
            ):
                yield node


def _texts(node: ast.expr, path: Path) -> list[str]:
    """What an expression can be: a constant, a choice of two, one of a table's, or several joined."""
    match node:
        case ast.IfExp():
            return _texts(node.body, path) + _texts(node.orelse, path)
        case ast.Subscript():
            table = _constant(node.value, path)
            return [_text(value) for value in table.values()]  # type: ignore[attr-defined]
        case ast.JoinedStr():
            parts = [
                _texts(part.value if isinstance(part, ast.FormattedValue) else part, path)
                for part in node.values
            ]
            return ["".join(choice) for choice in itertools.product(*parts)]
        case ast.BinOp(op=ast.Add()):
            return [a + b for a in _texts(node.left, path) for b in _texts(node.right, path)]
    return [_text(_constant(node, path))]


def _constant(node: ast.expr, path: Path) -> object:
    if isinstance(node, ast.Constant):
        return node.value
    if not isinstance(node, ast.Name | ast.Attribute):
        raise TypeError(ast.unparse(node))
    return eval(compile(ast.Expression(node), str(path), "eval"), _names(path))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _names(path: Path) -> dict[str, object]:
    if SOURCE not in path.parents:
        return {}
    module = importlib.import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
    return vars(module)


def _kinds(call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, str]:
    """The types of binds that are the function's own parameters."""
    parameters = {
        argument.arg: ast.unparse(argument.annotation).removesuffix(" | None")
        for argument in function.args.args + function.args.kwonlyargs
        if argument.annotation is not None
    }
    return {
        bind.arg: KINDS[parameters[bind.value.id]]
        for bind in call.keywords
        if bind.arg and isinstance(bind.value, ast.Name) and parameters.get(bind.value.id) in KINDS
    }


def prepare(tx: Tx, statement: Statement) -> None:
    """Have the engine parse and plan a statement without running it; the engine's own error when it can't."""
    sql = _LIST.sub(r"IN (:\1)", statement.sql)
    if tx.engine == "sqlite":
        tx.value(f"EXPLAIN {sql}", **dict.fromkeys(_BIND.findall(sql)))
        return
    sql, names = numbered(sql)
    kinds = [statement.kinds.get(name, "unknown") for name in names]
    inferred = _prepare_on_postgresql(tx, sql, kinds)
    if {"integer", "smallint"} & set(inferred):  # we always send a bigint
        _prepare_on_postgresql(tx, sql, [SENT.get(kind, "unknown") for kind in inferred])


def _prepare_on_postgresql(tx: Tx, sql: str, kinds: list[str]) -> list[str]:
    """Prepare, and return what types the server takes the binds for."""
    tx.run(f"PREPARE trial {'(' + ', '.join(kinds) + ')' if kinds else ''} AS {sql}")
    types: str = tx.value("SELECT parameter_types::text FROM pg_prepared_statements WHERE name = 'trial'")
    tx.run("DEALLOCATE trial")
    return [kind.strip('"') for kind in types.strip("{}").split(",")]
