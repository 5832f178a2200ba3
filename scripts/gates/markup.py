"""HTML is written in templates and nowhere else, and a template holds neither style nor script nor viewer."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from source import Fault, files, inside, name, tree

COMMENT_LINES = 60
TAG = re.compile(r"<(?:[a-z][a-z0-9-]*(?:\s+[a-z-]+=|\s*/?>)|/[a-z][a-z0-9-]*>|!--|!doctype)", re.IGNORECASE)
ROLE = re.compile(r"\b(?:role|is_staff|is_moderator|is_owner|viewer|may_\w+|can_\w+|current_user)\b")
CONDITION = re.compile(r"\{%-?\s*(?:if|elif)\b([^%]*)%\}|\{\{[^}]*\bif\b([^}]*)\}\}")
FORBIDDEN = [
    (r"<[^>]*\sstyle\s*=", "no style attribute: give it a class and write it in frontend/styles"),
    (r"<style\b", "no <style>: write it in frontend/styles"),
    (r"<[^>]*\son[a-z]+\s*=", "no inline handler: decorate it from frontend/"),
    (r"<script\b[^>]*>(?!\s*</script>)", "no inline script: import it from frontend/page.ts"),
    (r"\|\s*safe\b", "no |safe: hand in Markup from text/, which is sanitised"),
]


def faults(root: Path) -> Iterator[Fault]:
    """Markup where it does not belong."""
    for path in files(root, "src/rejoinder", ends=(".py",)):
        if inside(root, path)[0] != "text":
            yield from built(name(root, path), tree(path))
    for path in files(root, "src/rejoinder", ends=(".html",)):
        text = path.read_text(encoding="utf-8")
        yield from inline(name(root, path), text)
        if path.name == "_comment.html":
            yield from viewer(name(root, path), text)


def built(here: str, module: ast.Module) -> Iterator[Fault]:
    """HTML put together by f-string, + or %."""
    for node in ast.walk(module):
        match node:
            case ast.JoinedStr(values=pieces) if len(pieces) > 1:
                found = any(map(is_tag, pieces))
            case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
                found = is_tag(left) or is_tag(right)
            case ast.Call(func=ast.Attribute(value=text, attr="format" | "format_map")):
                found = is_tag(text)
            case _:
                continue
        if found:
            yield Fault(here, node.lineno, "html-built", "write this in a template, where it is escaped")


def is_tag(node: ast.AST) -> bool:
    """Whether this is a string that holds the beginning of an HTML tag."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(TAG.search(node.value))


def inline(here: str, text: str) -> Iterator[Fault]:
    """What the content security policy would refuse, and what gets round the escaping."""
    for pattern, advice in FORBIDDEN:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield Fault(here, line_of(text, match.start()), "html-inline", advice)


def viewer(here: str, text: str) -> Iterator[Fault]:
    """A comment is drawn alike for everybody, by one short template."""
    lines = len(text.splitlines())
    if lines > COMMENT_LINES:
        yield Fault(
            here,
            COMMENT_LINES + 1,
            "comment",
            f"{lines} lines, at most {COMMENT_LINES}: one thing less in it",
        )
    for match in CONDITION.finditer(text):
        if ROLE.search(match[1] or match[2]):
            advice = "the viewer is not in the HTML: what is theirs comes by /mine"
            yield Fault(here, line_of(text, match.start()), "comment", advice)


def line_of(text: str, place: int) -> int:
    """The line a place in a text stands on."""
    return text.count("\n", 0, place) + 1
