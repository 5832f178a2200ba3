"""A crowd that keeps connections busy, as a program of its own: `slow_clients.py PORT CLIENTS SECONDS PATH`.

Some never end their headers, some never end their body, one of ten never reads its answers. When the time is over it
prints what became of each: the seconds until the server hung up, or null where nobody can tell.
"""

import asyncio
import json
import resource
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

EVERY = 2  # seconds between two bytes


async def main(port: int, clients: int, seconds: float, path: str) -> None:
    """Let them all come at once."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    kinds: dict[str, Callable[[int, str, int], Awaitable[None]]] = {
        "heads": never_end_headers,
        "bodies": never_end_body,
        "readers": never_read,
    }
    # The system keeps megabytes for each who does not read: few of those.
    names = ["readers" if number % 10 == 0 else list(kinds)[number % 2] for number in range(clients)]
    ends = [timed(kinds[name](port, path, number), seconds) for number, name in enumerate(names)]
    outcome: dict[str, list[float | None]] = {name: [] for name in kinds}
    for name, end in zip(names, await asyncio.gather(*ends), strict=True):
        outcome[name].append(end)
    print(json.dumps(outcome))


async def timed(client: Awaitable[None], seconds: float) -> float | None:
    """How long the server kept this one, or None where it still does."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            with suppress(ConnectionError):
                await client
    except TimeoutError:
        return None
    return time.monotonic() - began


async def never_end_headers(port: int, path: str, number: int) -> None:
    """A header every other second; half of them after a request that was answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode()
    if number % 4:
        writer.write(head + b"\r\n")
        await reader.readuntil(b"\r\n\r\n")
    await drip(reader, writer, head, b"X-More: x\r\n")


async def never_end_body(port: int, path: str, number: int) -> None:
    """A byte every other second."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /api/v1/preview HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    await drip(reader, writer, f"{head}Content-Length: 100000\r\n\r\n".encode(), b" ")


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes, then: bytes) -> None:
    """Send little by little until the server hangs up."""

    async def send() -> None:
        writer.write(first)
        while True:
            await asyncio.sleep(EVERY)
            writer.write(then)

    sending = asyncio.create_task(send())
    try:
        while await reader.read(4096):
            pass
    finally:
        sending.cancel()
        writer.close()


async def never_read(port: int, path: str, number: int) -> None:
    """Ask for the same a few times and take nothing of what comes; it has to be more than the system takes for us."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(connection, ("127.0.0.1", port))
        await loop.sock_sendall(
            connection, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode() * 10
        )
        await asyncio.Event().wait()  # whether the server hung up, only the server knows


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]))
