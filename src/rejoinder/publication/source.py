"""The bytes of a file of the publication as text; what can't be read is a fault with its line."""

from pathlib import Path

from rejoinder.publication.faults import Faults

LARGEST = 1024 * 1024


def read_source(path: Path, faults: Faults, *, largest: int = LARGEST) -> str | None:
    """A text file, its lines ending in LF, without a byte order mark; None when it can't be read."""
    try:
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except OSError as wrong:
        faults.error(0, f"can't be read: {wrong.strerror or wrong}")
        return None
    if len(raw) > largest:
        faults.error(0, f"is larger than {largest // 1024} KiB")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        faults.error(raw.count(b"\n", 0, wrong.start) + 1, "is not UTF-8: save it as UTF-8")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")
