"""What is wrong with a file of the publication, said so that its writer can put it right."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps a file from being served as it now is; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong, and where: `path` below the folder, `line` from 1 (0: the whole file)."""

    path: str
    line: int
    severity: Severity
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.severity}: {self.message}"


class Faults:
    """Collects what is wrong with one file while it is read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Fault] = []

    def error(self, line: int, message: str) -> None:
        self.found.append(Fault(self.path, line, Severity.ERROR, message))

    def warning(self, line: int, message: str) -> None:
        self.found.append(Fault(self.path, line, Severity.WARNING, message))

    @property
    def are_fatal(self) -> bool:
        return any(is_error(fault) for fault in self.found)


def is_error(fault: Fault) -> bool:
    """Whether it keeps the file from being served as it now is."""
    return fault.severity is Severity.ERROR


def errors(faults: Iterable[Fault]) -> list[Fault]:
    return [fault for fault in faults if is_error(fault)]
