"""Why a file is not imported, or an import not undone."""

from rejoinder.errors import Conflict, Invalid, NotFound


class NotOurs(Invalid):
    """The file is no archive of ours, or of a version this program does not know; nothing of it was imported."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__("not-our-format", f"{file}: {why} Nothing was imported.")


class Damaged(Invalid):
    """The file ends in the middle or can't be unpacked; nothing of it is to be seen."""

    def __init__(self, file: str, line: int | None, why: str) -> None:
        place = file if line is None else f"{file}, line {line}"
        super().__init__("file-damaged", f"{place}: {why} Nothing was imported.")


class AnotherImport(Conflict):
    """Another import, or the first comment of a discussion, came between two steps."""

    def __init__(self) -> None:
        super().__init__(
            "another-import",
            "Somebody changed the same discussions at the same moment. Run this again: it goes on where it was.",
        )


class BeingUndone(Conflict):
    """An import is being taken back; until that is done nothing is brought in."""

    def __init__(self, run: str) -> None:
        super().__init__(
            "being-undone", f"An import is being taken back. Finish that first: rejoinder import undo {run}"
        )


class NoSuchImport(NotFound):
    """There is no import of this name."""

    def __init__(self) -> None:
        super().__init__(
            "import-not-found", "There is no such import. `rejoinder import list` shows those there are."
        )


class UndoneBefore(Conflict):
    """The import was taken back already."""

    def __init__(self, run: str, day: str) -> None:
        super().__init__(
            "undone-before", f"The import {run} was taken back on {day}. Nothing of it is left to undo."
        )
