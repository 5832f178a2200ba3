"""Why a file is not imported."""

from rejoinder.errors import Conflict, Invalid


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
