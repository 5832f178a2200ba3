"""A script laid out: every comment of a discussion in reading order, rendered, with the moment it is said. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rejoinder.accounts.models import Signature
from rejoinder.comments.draft import Written, write_text
from rejoinder.demo.cast import signature
from rejoinder.demo.script import People, Said, Script
from rejoinder.sites.models import Rules


@dataclass(frozen=True, slots=True)
class Line:
    """One comment, the `n`th of its discussion, ready to be posted."""

    n: int
    parent: int | None
    said: Said
    at: datetime
    written: Written
    changed: Written | None
    signature: Signature


def lay_out(script: Script, people: People, rules: Rules, *, start: datetime) -> list[Line]:
    """The lines of a discussion that has gone on until `start`. Raises ValueError for one that is said later."""
    lines: list[Line] = []
    for said, parent in _said(script.comments, lines):
        before = lines[parent].at if parent is not None else start
        at = (
            before + said.after if parent is not None and said.after else before - (said.ago or start - start)
        )
        if at >= start:
            raise ValueError(f"{script.article}: {said.by} speaks in the future: {said.text[:40]!r}")
        lines.append(
            Line(
                n=len(lines),
                parent=parent,
                said=said,
                at=at,
                written=write_text(said.text.strip(), rules),
                changed=write_text(said.edited.text.strip(), rules) if said.edited else None,
                signature=signature(said.by, people, rules),
            )
        )
    return lines


def _said(
    comments: Sequence[Said], lines: Sequence[Line], parent: int | None = None
) -> Iterator[tuple[Said, int | None]]:
    for said in comments:
        yield said, parent
        yield from _said(said.replies, lines, len(lines) - 1)
