"""Single flight: however many wait for the same thing, it is made once."""

import asyncio
from collections.abc import Coroutine, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Flights(Generic[K, T]):
    """What is being made at the moment, by key."""

    def __init__(self) -> None:
        self._tasks: dict[K, asyncio.Task[T]] = {}

    def get(self, key: K) -> asyncio.Task[T] | None:
        """The flight under way, if there is one. Await it with `joined`."""
        return self._tasks.get(key)

    def start(self, key: K, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin to make a thing that is not being made."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._landed(key, done))
        return task

    def stop(self) -> None:
        """Give up everything under way."""
        for task in self._tasks.values():
            task.cancel()

    def _landed(self, key: K, task: asyncio.Task[T]) -> None:
        del self._tasks[key]
        if not task.cancelled():
            task.exception()  # seen: those who wait have it too, and perhaps nobody waits


async def joined(task: asyncio.Task[T]) -> T:
    """What a flight brings; who stops waiting does not stop it for the others."""
    return await asyncio.shield(task)
