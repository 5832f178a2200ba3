"""docs/security/demands.md is a promise: each demand stands there once, and every test it names exists."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/security/demands.md"
TEXT = PAGE.read_text(encoding="utf-8")

ROW = re.compile(r"^\| (D\d+) \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROWS = ROW.findall(TEXT)
NAMED = sorted(set(TEST.findall(TEXT)))
# What only a machine of its writer has: roots of a file system, homes, and ways out of the clone.
ELSEWHERE = re.compile(r"(?<![\w.])(?:~|\.\.|/(?:home|root|work|tmp|mnt|opt|srv|usr|var|etc))/")


def test_every_demand_stands_there_once() -> None:
    assert [row[0] for row in ROWS] == [f"D{number}" for number in range(1, 65)]
    assert len(re.findall(r"^\| D", TEXT, re.MULTILINE)) == 64


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_demand_has_a_proof_or_a_reason(row: tuple[str, ...]) -> None:
    _, _, state, proof, missing = row
    assert bool(TEST.findall(proof)) == (state in ("holds", "partly"))
    assert (missing != "–") or state == "holds"
    assert state in ("holds", "partly", "not yet")
    assert TEST.sub("", proof).replace("<br>", "") in ("", "–")


def test_the_sums_are_right() -> None:
    states = Counter(row[2] for row in ROWS)
    sums = f"{states['holds']} hold, {states['partly']} hold partly, {states['not yet']} not yet."
    assert sums in TEXT


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[f"{path}::{name}" for path, name in NAMED])
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    assert name in names_in(ROOT / path)


def test_nothing_that_is_named_lies_outside_the_clone() -> None:
    assert ELSEWHERE.findall(TEXT) == []
    for path in re.findall(r"`((?:tests|docs|src|bench)/[\w/.-]+)`", TEXT):
        assert (ROOT / path).exists(), path


@cache
def names_in(path: Path) -> frozenset[str]:
    """The tests at the top of a file, and in its classes."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, functions) and node.name.startswith("test_")
    )
