"""One function that waits for its transaction, and its answer."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .tx import Tx

T = TypeVar("T")

log = logging.getLogger(__name__)


class Work(Generic[T]):
    """A domain function with its arguments, on its way through an engine."""

    __slots__ = ("args", "done", "error", "events", "fn", "future", "kwargs", "loop", "result", "tags")

    def __init__(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.fn, self.args, self.kwargs = fn, args, kwargs
        self.loop: asyncio.AbstractEventLoop | None = None  # where its events are told; None: by who waits
        self.future: asyncio.Future[T] | None = None  # for a caller who awaits
        self.done: threading.Event | None = None  # for a caller who blocks
        self.result: T | None = None
        self.error: Exception | None = None
        self.events: list[object] = []
        self.tags: set[str] = set()

    @property
    def name(self) -> str:
        """The function's name, for the log."""
        return f"{self.fn.__module__}.{self.fn.__qualname__}"

    def run(self, tx: Tx) -> None:
        """Call the function; what it raises comes out, what it announced is kept until the commit."""
        self.error = None
        self.result = self.fn(tx, *self.args, **self.kwargs)
        self.events, self.tags = tx.events, tx.tags

    def run_timed(self, tx: Tx, slow_seconds: float) -> None:
        """The same for a write: others may wait for it, so a slow one is logged by name."""
        began = time.perf_counter()
        try:
            self.run(tx)
        finally:
            seconds = time.perf_counter() - began
            if seconds > slow_seconds:
                log.warning("slow write: %s took %.0f ms", self.name, seconds * 1000)

    def fail(self, error: BaseException) -> None:
        """Answer with an error, whatever was answered so far."""
        if isinstance(error, StopIteration) or not isinstance(error, Exception):
            wrapped = RuntimeError(f"{self.name} raised {type(error).__name__}")
            wrapped.__cause__ = error
            error = wrapped
        self.result, self.error = None, error
        self.events, self.tags = [], set()

    def settle(self) -> None:
        """Hand the answer to the caller who awaits it; on the loop's thread."""
        if self.future is None or self.future.done():  # done: the caller was cancelled
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]
