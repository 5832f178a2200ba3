"""A table belongs to one feature. Only its queries write it; others read it where the schema says so.

In a migration, above each table, a line each:

    -- owner: accounts
    -- read by: comments
    -- purpose: what comments are signed with
    -- personal: name and address (name, email)
    -- until: erased
    -- erased: the row is deleted
    CREATE TABLE authors (…

`personal` is `none`, or words and the columns they are about; `until` and `erased` say when that goes, and what becomes
of it when a person asks to be forgotten. `rejoinder privacy` prints them.

`transfer`, `privacy`, `demo` and the command line may name any table; `db` names none of ours.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from source import Fault, docstrings, files, inside, name, tree

CREATE = re.compile(r"((?:^--.*\n)*)^CREATE TABLE(?: IF NOT EXISTS)? (\w+)", re.MULTILINE)
OWNER = re.compile(r"^-- owner: (\w+)$", re.MULTILINE)
READERS = re.compile(r"^-- read by: ([\w, ]+)", re.MULTILINE)
SAID = re.compile(r"^-- (purpose|personal|until|erased): (\S.*)$", re.MULTILINE)
PERSONAL = re.compile(r"none|\S.* \((?:\w+, )*\w+\)")

WRITTEN = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)")
READ = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)(?:\s+(?:AS\s+)?[a-z_]+)?((?:\s*,\s*[a-z_]+)*)")
ANY_TABLE = {"transfer", "privacy", "demo", "cli"}


@dataclass(frozen=True, slots=True)
class Table:
    """Who writes a table, and who besides may read it."""

    owner: str
    readers: frozenset[str]


def faults(root: Path) -> Iterator[Fault]:
    """Tables without an owner, and statements about somebody else's."""
    known: dict[str, Table] = {}
    for path in files(root, "src/rejoinder/db/migrations", ends=(".sql",)):
        text = path.read_text(encoding="utf-8")
        for match in CREATE.finditer(text):
            owner, readers = OWNER.search(match[1]), READERS.search(match[1])
            line = text.count("\n", 0, match.end()) + 1
            for advice in unsaid(dict(SAID.findall(match[1]))):
                yield Fault(name(root, path), line, "sql-privacy", f"{match[2]}: {advice}")
            if owner is None:
                yield Fault(
                    name(root, path), line, "sql-owner", f"write `-- owner: FEATURE` above {match[2]}"
                )
            else:
                names = re.findall(r"\w+", readers[1]) if readers else []
                known[match[2]] = Table(owner[1], frozenset(names))
    for path in files(root, "src/rejoinder", ends=(".py",)):
        feature = inside(root, path)[0]
        if feature not in ANY_TABLE:
            yield from foreign(name(root, path), tree(path), feature, known)


def unsaid(said: dict[str, str]) -> Iterator[str]:
    """What a table does not say about the people in it."""
    personal = said.get("personal", "")
    if not PERSONAL.fullmatch(personal):
        yield "write `-- personal: none`, or what is personal in it and its columns: `name and address (name, email)`"
    needed = ("purpose",) if personal == "none" else ("purpose", "until", "erased")
    yield from (f"write `-- {word}: …` above it" for word in needed if word not in said)


def foreign(here: str, module: ast.Module, feature: str, known: dict[str, Table]) -> Iterator[Fault]:
    """Statements that touch what is not theirs."""
    prose = docstrings(module)
    for node in ast.walk(module):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in prose:
            continue
        written = {table for table in WRITTEN.findall(node.value) if table in known}
        read = {table for table in read_tables(node.value) if table in known} - written
        for table in sorted(written):
            if known[table].owner != feature:
                advice = f"only {known[table].owner} writes {table}: call a function of its queries"
                yield Fault(here, node.lineno, "sql-owner", advice)
        for table in sorted(read):
            if feature not in {known[table].owner, *known[table].readers}:
                advice = f"{table} belongs to {known[table].owner}: call a function of its queries"
                yield Fault(here, node.lineno, "sql-owner", advice)


def read_tables(statement: str) -> Iterator[str]:
    """The names that stand where a statement names what it reads."""
    for first, others in READ.findall(statement):
        yield first
        yield from (word.strip() for word in others.split(",") if word.strip())
