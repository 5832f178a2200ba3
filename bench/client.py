"""A small HTTP client that keeps its connection, cheap enough to stand beside what it measures."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import uvloop

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers as they came, and the body."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, or nothing."""
        found = re.search(rf"^{name}: *(.*?)\r$".encode(), self.head, re.IGNORECASE | re.MULTILINE)
        return found[1].decode() if found else ""


@dataclass(slots=True)
class Written:
    """What came of a stretch of posting: latencies of what was acknowledged, in seconds, and refusals by status."""

    latencies: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)

    @property
    def acknowledged(self) -> int:
        """How many posts the server said yes to."""
        return len(self.latencies)


class Connection:
    """One connection to loopback, opened when it is needed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, raw: bytes) -> Answer:
        """Send a request and read its answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(raw)
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = _LENGTH.search(head)
        if length is not None:
            body = await reader.readexactly(int(length[1]))
        else:
            body = b"" if status in {204, 304} else await reader.read()
        if b"connection: close" in head.lower() or (length is None and body):
            self.close()
        return Answer(status, head, body)

    def close(self) -> None:
        """Let go."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def ask(port: int, raw: bytes) -> Answer:
    """One request on a connection of its own."""

    async def once() -> Answer:
        connection = Connection(port)
        try:
            return await connection.exchange(raw)
        finally:
            connection.close()

    return uvloop.run(once())


def post_for(seconds: float, port: int, requests: Iterator[bytes], writers: int) -> Written:
    """Post from so many connections at once, each waiting for its answer before the next."""
    written = Written()

    async def one(ends: float) -> None:
        connection = Connection(port)
        while time.perf_counter() < ends:
            began = time.perf_counter()
            answer = await connection.exchange(next(requests))
            if answer.status in {201, 202}:
                written.latencies.append(time.perf_counter() - began)
            else:
                written.refused[answer.status] += 1
        connection.close()

    async def all_of_them() -> None:
        ends = time.perf_counter() + seconds
        await asyncio.gather(*(one(ends) for _ in range(writers)))

    uvloop.run(all_of_them())
    return written
