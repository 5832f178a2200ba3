"""A read that finds that something has to be stored before it can go on."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from .database import Database
from .tx import Tx

P = ParamSpec("P")
T = TypeVar("T")


class WriteFirst(Exception):
    """Raised inside a read: `write(tx, *args)` has to be done, then the read can be asked again."""

    def __init__(self, write: Callable[..., object], *args: Any) -> None:
        super().__init__(write.__name__)
        self.write = write
        self.args_ = args


async def read_prepared(
    db: Database, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """`Database.read` for a function that may raise `WriteFirst`: does what it asks for, once, and reads again."""
    try:
        return await db.read(fn, *args, **kwargs)
    except WriteFirst as first:
        await db.write(first.write, *first.args_)
    return await db.read(fn, *args, **kwargs)
