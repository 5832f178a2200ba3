"""One spelling of SQL for two drivers: named binds `:name`, and lists behind `IN :name`."""

import re
from collections.abc import Mapping
from functools import lru_cache

from .records import Bind, Plain, plain

_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | :: | :([A-Za-z_][A-Za-z0-9_]*)""",
    re.VERBOSE | re.DOTALL,
)


def bound(sql: str, binds: Mapping[str, Bind]) -> tuple[str, dict[str, Plain]]:
    """Make binds storable and write lists out: `IN :ids` becomes `IN (:ids_0, :ids_1, …)`.

    Lists are filled up to a power of two with their last value, so that few distinct statements are prepared.
    An empty list is `(NULL)`, which no value is in; `NOT IN` an empty list is therefore true of no row.
    """
    values: dict[str, Plain] = {}
    lists: list[tuple[str, int]] = []
    for name, value in binds.items():
        kind = type(value)
        if kind is int or kind is bytes or value is None:  # most of them; a post has eighty
            values[name] = value  # type: ignore[assignment]
        elif isinstance(value, list | tuple):
            members = _filled([plain(member) for member in value])
            values.update((f"{name}_{number}", member) for number, member in enumerate(members))
            lists.append((name, len(members)))
        else:
            values[name] = plain(value)  # type: ignore[arg-type]
    return (_written_out(sql, tuple(lists)) if lists else sql), values


def _filled(members: list[Plain]) -> list[Plain]:
    if not members:
        return members
    width = 1 << (len(members) - 1).bit_length()
    return members + members[-1:] * (width - len(members))


@lru_cache(maxsize=2048)
def _written_out(sql: str, lists: tuple[tuple[str, int], ...]) -> str:
    widths = dict(lists)

    def write(token: re.Match[str]) -> str:
        name = token[1]
        if name not in widths:
            return token[0]
        return "(" + (", ".join(f":{name}_{number}" for number in range(widths[name])) or "NULL") + ")"

    return _TOKEN.sub(write, sql)


@lru_cache(maxsize=2048)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """PostgreSQL's spelling, `$1` for `:name`, and the names in order; strings, comments, `::` stay."""
    names: list[str] = []

    def number(token: re.Match[str]) -> str:
        name = token[1]
        if name is None:
            return token[0]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _TOKEN.sub(number, sql), tuple(names)
