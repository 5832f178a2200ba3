"""An import under way: what all its steps share, and how far it has come."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, Literal, ParamSpec, TypeAlias, TypeVar

from pydantic import TypeAdapter

from rejoinder.db import Database, Tx, show_id
from rejoinder.errors import Conflict, Unavailable
from rejoinder.sites.models import Site
from rejoinder.transfer.errors import AnotherImport, BeingUndone
from rejoinder.transfer.models import Source
from rejoinder.transfer.queries import staging
from rejoinder.transfer.report import Tally

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 500
"""No transaction holds more records: others who write wait for the time of one of these."""

TEXT_AT_ONCE = 4_000_000
"""No step holds more characters of texts than these, and those of one record."""

_PATIENCE = 120
_PAUSE = 0.25

Phase: TypeAlias = Literal["read", "articles", "comments", "votes", "open", "clear", "undo"]
TellProgress: TypeAlias = Callable[[Phase, int, int | None], None]
"""Hears how many of how many are done in a phase; None where nobody knows."""


@dataclass(slots=True)
class Progress:
    """How far a run has come: it is stored in the transaction of each step, so that a cut-off run goes on there."""

    digest: str
    dry: bool
    phase: Phase = "read"
    place: int = 0
    word: str = ""
    position: int = 0
    tally: Tally = field(default_factory=Tally)

    def enter(self, phase: Phase) -> None:
        """Begin the next phase."""
        self.phase, self.place, self.word, self.position = phase, 0, "", 0

    def as_json(self) -> str:
        """As it is kept in `imports`."""
        return _PROGRESS.dump_json(self).decode()


_PROGRESS = TypeAdapter(Progress)


def read_progress(text: str) -> Progress:
    """Read again what `as_json` wrote."""
    return _PROGRESS.validate_json(text)


@dataclass(frozen=True, slots=True)
class Run:
    """An import: where it goes, where it comes from, and its place."""

    id: int
    db: Database
    site: Site
    source: Source
    keep_addresses: bool
    started_at: datetime
    progress: Progress
    tell: TellProgress

    @property
    def tally(self) -> Tally:
        """What was done so far."""
        return self.progress.tally

    def names(self, kind: str) -> dict[str, Any]:
        """Under which names this run's records are known."""
        return {
            "site_id": self.site.id,
            "system": self.source.system,
            "origin": self.source.origin,
            "kind": kind,
        }

    def read(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Read from the database."""
        return self.db.read_now(fn, *args, **kwargs)

    def step(self, fn: Callable[Concatenate[Tx, P], object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do something and note the progress, both or neither; a dry run does neither."""
        if not self.progress.dry:
            self.note(fn, *args, **kwargs)

    def note(self, fn: Callable[Concatenate[Tx, P], object], *args: P.args, **kwargs: P.kwargs) -> None:
        """The same, in a dry run too: for the waiting room."""
        report = self.progress.as_json()

        def both(tx: Tx) -> None:
            fn(tx, *args, **kwargs)
            if not staging.set_progress(tx, self.id, report):
                raise BeingUndone(show_id(self.id))

        patiently(self.db, both)


def patiently(db: Database, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Write, and wait while a busy server writes: an import has time. Raises AnotherImport."""
    for _ in range(_PATIENCE):
        try:
            return db.write_now(fn, *args, **kwargs)
        except Unavailable as refusal:
            if refusal.code != "busy":
                raise
            time.sleep(_PAUSE)
        except Conflict as conflict:
            if conflict.code in ("already-there", "gone-meanwhile"):
                raise AnotherImport from conflict
            raise
    return db.write_now(fn, *args, **kwargs)
