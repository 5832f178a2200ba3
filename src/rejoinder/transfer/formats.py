"""Every format that can be imported: how its source is found out, and how it is read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rejoinder.transfer.jsonl import open_jsonl, read_jsonl
from rejoinder.transfer.models import Item, Reading, Source
from rejoinder.transfer.wordpress.read import open_wordpress, read_wordpress


class Format(StrEnum):
    """The formats by the names the command line takes."""

    JSONL = "jsonl"
    WORDPRESS = "wordpress"


@dataclass(frozen=True, slots=True)
class Reader:
    """`open` finds out where the files come from and refuses those that are not of the format; `read` gives records.

    `read` tells how many bytes it has read.
    """

    open: Callable[[Reading], Source]
    read: Callable[[Reading, Callable[[int], None]], Iterator[Item]]


READERS: Mapping[Format, Reader] = MappingProxyType(
    {
        Format.JSONL: Reader(open_jsonl, read_jsonl),
        Format.WORDPRESS: Reader(open_wordpress, read_wordpress),
    }
)
