"""A browser gets the coding it would rather have."""

import pytest

from rejoinder.web.codings import choose_coding


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, zstd", "zstd"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("X-GZip", "gzip"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "zstd"),
        ("br;q=0", "identity"),
        ("*;q=0", "identity"),
        ("gzip;q=0.9, br;q=0.1", "gzip"),
        ("identity, br;q=0.5", "identity"),
        ("br; q=0.000, gzip; q=0.001", "gzip"),
        ("deflate, compress", "identity"),
        ("br;q=nan", "identity"),
        ("br;q=high", "identity"),
        (",,;;q==", "identity"),
    ],
)
def test_the_coding_follows_the_weights(accepted: str | None, coding: str) -> None:
    assert choose_coding(accepted.encode() if accepted is not None else None) == coding
