"""By what a text is known again: exactly, and but for case, spacing, digits and punctuation."""

import hashlib
from dataclasses import dataclass

LONG_ENOUGH = 40
"""Letters from which on two near-equal texts are no coincidence; "Thank you!" may be said by everybody."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Two hashes of a text, 16 bytes each; texts too short to compare have a `near` of their own."""

    near: bytes
    exact: bytes
    is_long: bool


def fingerprint(text: str) -> Fingerprint:
    """Take a text's fingerprint."""
    letters = "".join(filter(str.isalpha, text.casefold()))
    return Fingerprint(_hash(letters or text), _hash(text), len(letters) >= LONG_ENOUGH)


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
