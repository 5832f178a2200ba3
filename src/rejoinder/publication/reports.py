"""What a synchronisation did, as plain data that commands print and logs tell."""

from dataclasses import dataclass, field
from datetime import datetime

from rejoinder.articles.models import Outcome
from rejoinder.publication.faults import Fault, is_error


@dataclass(slots=True)
class Report:
    """Addresses that are new, changed, removed; how many stayed; all that is wrong with the folder now.

    `due` is when the next article that waits for its date is to be published.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    due: datetime | None = None

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if is_error(fault)]

    @property
    def warnings(self) -> list[Fault]:
        return [fault for fault in self.faults if not is_error(fault)]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing changed for readers."""
        return not (self.new or self.changed or self.removed)

    def count(self, url: str, outcome: Outcome) -> None:
        """Note what storing one article did."""
        if outcome is Outcome.SAME:
            self.same += 1
        else:
            (self.new if outcome is Outcome.NEW else self.changed).append(url)
