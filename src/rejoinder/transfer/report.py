"""What an import did, in sums that add up."""

from dataclasses import asdict, dataclass, field
from typing import Any

TOLD = 20
"""Of each kind of repair so many are told one by one; the others are counted."""


@dataclass(slots=True)
class Tally:
    """Counts while an import runs; it is kept with each step, so that an import that was cut off goes on counting.

    `records` are those of comments and pings. `comments` are published or pending; a `tombstone` is a record kept
    without being shown. `records = comments + tombstones + pings + skipped`, and so are `new + updated + unchanged`
    without those skipped.
    """

    records: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    articles: int = 0
    threads: int = 0
    comments: int = 0
    replies: int = 0
    published: int = 0
    pending: int = 0
    tombstones: int = 0
    pings: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    untold: dict[str, int] = field(default_factory=dict)

    def skip(self, reason: str, sentence: str) -> None:
        """Count a record that is not imported, and say which."""
        self.records += 1
        self.skipped[reason] = self.skipped.get(reason, 0) + 1
        self.repair(reason, sentence)

    def repair(self, kind: str, sentence: str) -> None:
        """Say what was put right; of many of one kind only the first are told."""
        told = self.told.setdefault(kind, [])
        if len(told) < TOLD:
            told.append(sentence)
        else:
            self.untold[kind] = self.untold.get(kind, 0) + 1

    @property
    def repairs(self) -> list[str]:
        """Sentences for people, in the order in which their kinds came up."""
        lines: list[str] = []
        for kind, told in self.told.items():
            lines += told
            if kind in self.untold:
                lines.append(f"… and {self.untold[kind]} more like this one.")
        return lines

    @property
    def adds_up(self) -> bool:
        """Whether no record was lost on the way."""
        kept = self.comments + self.tombstones + self.pings
        return (
            self.records == kept + sum(self.skipped.values())
            and kept == self.new + self.updated + self.unchanged
            and self.comments == self.published + self.pending
        )

    def as_report(self, format_: str) -> dict[str, Any]:
        """The report as programs read it."""
        counts = {name: value for name, value in asdict(self).items() if name not in ("told", "untold")}
        return {"format": format_, **counts, "repairs": self.repairs}
