"""Addresses as they stand in an export: not all of them are any."""

from urllib.parse import SplitResult, urlsplit


def split_address(text: str) -> SplitResult:
    """The parts of an address; all of them empty where it is none."""
    try:
        return urlsplit(text)
    except ValueError:  # such as http://[
        return urlsplit("")
