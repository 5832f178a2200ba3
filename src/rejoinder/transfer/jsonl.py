"""Our own format, version 1: a header, then one JSON object a line (docs/formats/jsonl.md). Reading it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from rejoinder.transfer.checking import KINDS, check_record
from rejoinder.transfer.errors import NotOurs
from rejoinder.transfer.files import Line, read_lines
from rejoinder.transfer.models import Fault, Item, Reading, Record, Source

FORMAT = "rejoinder"
VERSION = 1

_FIELDS = {kind: frozenset(field.name for field in fields(record)) for kind, record in KINDS.items()}
# Halves of surrogate pairs that stand alone, and NUL: JSON can spell them, text can't hold them.
_ESCAPED_UNFIT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNFIT = re.compile("[\0\ud800-\udfff]")


def open_jsonl(reading: Reading) -> Source:
    """Read the headers. Raises NotOurs where a file is none of ours or of another version."""
    sources = [_source(path) for path in reading.files]
    for path, source in zip(reading.files[1:], sources[1:], strict=True):
        if source != sources[0]:
            raise NotOurs(path.name, "This file comes from another site than the first one.")
    return sources[0]


def read_jsonl(reading: Reading, tell: Callable[[int], None]) -> Iterator[Item]:
    """Every record of the files in order; `tell` hears how many bytes were read. Raises NotOurs or Damaged."""
    before = 0
    for number, path in enumerate(reading.files):
        lines = read_lines(path, number)
        next(lines, None)
        for line in lines:
            yield Item(line.place, _read(line))
            tell(before + line.read)
        before += path.stat().st_size


def _source(path: Path) -> Source:
    line = next(read_lines(path, 0), None)
    if line is None:
        raise NotOurs(path.name, "This file is empty.")
    try:
        header = _parsed(line.text)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise NotOurs(
            path.name, 'This is no archive of Rejoinder: its first line is not {"format": "rejoinder", …}.'
        )
    if header.get("version") != VERSION:
        raise NotOurs(
            path.name,
            f"This is an archive of version {header.get('version')!r}; this Rejoinder reads version {VERSION}.",
        )
    origin = header.get("origin", "")
    if not isinstance(origin, str):
        raise NotOurs(path.name, "`origin` in its first line is not a text.")
    return Source(system=FORMAT, origin=origin, keeps_ids=True, keeps_hidden=True)


def _read(line: Line) -> Record | Fault:
    try:
        values = _parsed(line.text)
    except (ValueError, RecursionError) as error:
        return Fault("", "unreadable", f"is not JSON: {_short(error)}")
    if not isinstance(values, dict):
        return Fault("", "unreadable", "is not a JSON object")
    kind = values.pop("type", None)
    if kind not in KINDS:
        return Fault("other", "unknown-type", f"has a `type` that this Rejoinder does not know: {kind!r:.60}")
    return check_record(kind, _with_extras(kind, values))


def _with_extras(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Keep what we have no home for where it is found again."""
    unknown = {name: values.pop(name) for name in sorted(set(values) - _FIELDS[kind])}
    if unknown and "extras" in _FIELDS[kind]:
        known = values.get("extras")
        values["extras"] = {**(known if isinstance(known, dict) else {}), **unknown}
    return values


def _parsed(text: bytes) -> Any:
    values = json.loads(text.decode())
    return _cleaned(values) if _ESCAPED_UNFIT.search(text) else values


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _UNFIT.sub("", value)
    if isinstance(value, list):
        return [_cleaned(member) for member in value]
    if isinstance(value, dict):
        return {_UNFIT.sub("", key): _cleaned(member) for key, member in value.items()}
    return value


def _short(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (column {error.colno})"
    return "is nested too deeply" if isinstance(error, RecursionError) else "not UTF-8"
