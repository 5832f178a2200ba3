"""One thing that was looked at for the operator: what was found, and what to do about it."""

from dataclasses import dataclass

MEGABYTE = 1_000_000
SPARE_BYTES = 500 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found; `advice` says what to do where it is not well."""

    name: str
    says: str
    advice: str | None = None

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to do."""
        return self.advice is None


def integrity(faults: list[str]) -> Finding:
    """What an engine's own check of its files says."""
    if not faults:
        return Finding("integrity", "The database is whole.")
    return Finding(
        "integrity",
        "The database is damaged: " + "; ".join(faults),
        "Stop the server, keep a copy of everything as it is, and restore the latest backup.",
    )


def space(free: int, size: int) -> Finding:
    """Whether a disk has room: half a gigabyte, and once more what the database has."""
    says = f"{free // MEGABYTE:,} MB are free beside a database of {size // MEGABYTE:,} MB."
    if free >= max(SPARE_BYTES, size):
        return Finding("space", says)
    return Finding("space", says, "Make room: on a full disk nothing is saved, and a backup needs room too.")


def durability(weak: list[str], well: str) -> Finding:
    """Whether what is acknowledged would survive a power cut."""
    if not weak:
        return Finding("durability", well)
    return Finding(
        "durability",
        f"A power cut could lose or damage what was saved: {', '.join(weak)}.",
        "Put these back to what the engine has by default.",
    )
