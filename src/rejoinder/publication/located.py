"""YAML and TOML read with the line of every value, so that each fault can say where it is."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

Key: TypeAlias = tuple[str | int, ...]

DEEPEST = 8

# U+0085, U+2028 and U+2029 end a line for YAML and for no editor: with them no fault would name the right one.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


class Misread(Exception):
    """A text that can't be read at all: what is wrong, and in which line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


@dataclass(frozen=True, slots=True)
class Located:
    """A mapping as it was written, and the lines its values stand in."""

    values: dict[str, Any]
    lines: dict[Key, int]

    def line(self, key: Key) -> int:
        """The line of a value, or of what it would stand in."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)


def read_yaml(text: str, first_line: int) -> Located:
    """Read a mapping whose values are text, lists and mappings: what a text means is for its field to say.

    So `title: 1984` and `language: no` are what they look like. Only an unquoted `null` or `~`, or nothing, is None.
    Raises `Misread`; also for two equal keys, and for anchors, which could blow a small text up into a huge one.
    """
    if unfit := _UNFIT.search(text):
        raise Misread(first_line + text.count("\n", 0, unfit.start()), "holds a character that is not text")
    try:
        _check_shape(text, first_line)
        root = yaml.compose(text, yaml.CBaseLoader)
    except yaml.MarkedYAMLError as wrong:
        line = _line(wrong.problem_mark or wrong.context_mark, first_line)
        raise Misread(line, f"is not YAML: {wrong.problem or wrong.context}") from None
    except yaml.YAMLError:
        raise Misread(first_line, "is not YAML") from None
    if root is None:
        return Located({}, {})
    if not isinstance(root, yaml.MappingNode):
        raise Misread(first_line, "is not a list of `key: value` lines")
    lines: dict[Key, int] = {}
    return Located(_mapping(root, (), lines, first_line), lines)


def _check_shape(text: str, first_line: int) -> None:
    """Look at events only, before a tree is built of them."""
    depth = 0
    for event in yaml.parse(text, yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Misread(_line(event.start_mark, first_line), f"is nested deeper than {DEEPEST} levels")
        if isinstance(event, yaml.AliasEvent):
            raise Misread(_line(event.start_mark, first_line), "uses an alias (`*name`): write the value out")


def _line(mark: Any, first_line: int) -> int:
    """The line of a place in the text, whose own first line has a number too."""
    return first_line + (mark.line if mark else 0)


def _value(node: yaml.Node, key: Key, lines: dict[Key, int], first_line: int) -> Any:
    lines.setdefault(key, _line(node.start_mark, first_line))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, key, lines, first_line)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*key, number), lines, first_line) for number, item in enumerate(node.value)]
    is_nothing = (
        isinstance(node, yaml.ScalarNode)
        and not node.style
        and node.value in ("", "~", "null", "Null", "NULL")
    )
    return None if is_nothing else node.value


def _mapping(node: yaml.MappingNode, key: Key, lines: dict[Key, int], first_line: int) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for name, value in node.value:
        line = _line(name.start_mark, first_line)
        if not isinstance(name, yaml.ScalarNode):
            raise Misread(line, "has a key that is not a word")
        if name.value in mapping:
            raise Misread(line, f"gives `{name.value}` twice")
        lines[(*key, name.value)] = line
        mapping[name.value] = _value(value, (*key, name.value), lines, first_line)
    return mapping


def read_toml(text: str) -> Located:
    """Read a TOML text. Raises `Misread`."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        place = re.search(r"\(at line (\d+), column \d+\)", str(wrong))
        problem = str(wrong).partition(" (at ")[0]
        raise Misread(int(place[1]) if place else text.count("\n") + 1, f"is not TOML: {problem}") from None
    except RecursionError:
        raise Misread(1, "is nested too deeply") from None
    return Located(values, _toml_lines(text))


def _toml_lines(text: str) -> dict[Key, int]:
    """tomllib tells no lines: read ever more of the text; what a statement adds stands where it begins."""
    lines: dict[Key, int] = {}
    rows = text.splitlines(keepends=True)
    begin = 0
    for end in range(1, len(rows) + 1):
        try:
            values = tomllib.loads("".join(rows[:end]))
        except tomllib.TOMLDecodeError:
            continue
        for key in _keys(values, ()):
            lines.setdefault(key, begin + 1)
        begin = end
    return lines


def _keys(value: Any, key: Key) -> Iterator[Key]:
    if key:
        yield key
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _keys(inner, (*key, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _keys(inner, (*key, number))
