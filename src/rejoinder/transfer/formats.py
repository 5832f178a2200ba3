"""Every format that can be imported: how its source is found out, and how it is read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from rejoinder.transfer.jsonl import open_jsonl, read_jsonl
from rejoinder.transfer.models import Item, Source


class Format(StrEnum):
    """The formats by the names the command line takes."""

    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Reader:
    """`open` finds out where the files come from and refuses those that are not of the format; `read` gives records."""

    open: Callable[[Sequence[Path]], Source]
    read: Callable[[Sequence[Path], Callable[[int], None]], Iterator[Item]]


READERS: Mapping[Format, Reader] = MappingProxyType({Format.JSONL: Reader(open_jsonl, read_jsonl)})
