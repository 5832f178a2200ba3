"""People who post: each a browser and a network of its own, because the limits stay on; and a journal of what they were told."""

import asyncio
import base64
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import httpx

from drills.process import PAGE, Process

PER_SECOND = 50
ACKNOWLEDGED = {200, 201}


@dataclass(frozen=True, slots=True)
class Post:
    """One comment that somebody wants to have posted; sent again it is the same to the last byte."""

    number: int

    @property
    def text(self) -> str:
        """What is written: no two alike."""
        return f"Post number {self.number}."

    @property
    def headers(self) -> dict[str, str]:
        """Credential, key and network."""
        return {"idempotency-key": f"key-{self.number}", **sender(self.number)}

    @property
    def body(self) -> dict[str, object]:
        """The JSON that is sent."""
        return {"thread": {"url": PAGE}, "text": self.text, "author": {"name": f"Nell {self.number}"}}


def sender(number: int) -> dict[str, str]:
    """A browser that made its own token, in a network where nobody else is."""
    token = base64.urlsafe_b64encode(hashlib.sha256(str(number).encode()).digest()).rstrip(b"=").decode()
    network = f"10.{number // 250 % 250}.{number % 250}.7"
    return {"authorization": f"Bearer {token}", "x-forwarded-for": network}


class Journal:
    """Every acknowledged post with the id it was given, on the disk before anything else happens."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def note(self, post: Post, answer: httpx.Response) -> None:
        """Write down an acknowledgement."""
        line = json.dumps({"number": post.number, "id": answer.json()["id"]}) + "\n"
        with self.path.open("a", encoding="ascii") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> dict[int, str]:
        """Ids by number, as the file has them."""
        lines = [json.loads(line) for line in self.path.read_text("ascii").splitlines()]
        return {line["number"]: line["id"] for line in lines}


class Crowd:
    """Posts without a pause, fifty a second, whatever becomes of the server; what was not acknowledged is sent again."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.unanswered: list[Post] = []
        self.refusals: list[httpx.Response] = []
        self._acknowledged = asyncio.Event()
        self._next = 1

    async def post_while(self, server: Process, ends: asyncio.Event) -> None:
        """Post until the event is set, and wait for the last answers."""
        async with client_of(server) as client:
            under_way: set[asyncio.Task[None]] = set()
            while not ends.is_set():
                under_way.add(asyncio.create_task(self._send(client, self._take())))
                await asyncio.sleep(1 / PER_SECOND)
            await asyncio.gather(*under_way)

    async def is_at_it(self) -> None:
        """Wait until another post is acknowledged: on a busy machine the first may take a while."""
        self._acknowledged = asyncio.Event()
        async with asyncio.timeout(60):
            await self._acknowledged.wait()

    async def post_the_rest(self, server: Process) -> None:
        """Send again what nobody acknowledged yet."""
        rest, self.unanswered = self.unanswered, []
        async with client_of(server) as client:
            for post in rest:
                await self._send(client, post)

    def _take(self) -> Post:
        if self.unanswered:
            return self.unanswered.pop(0)
        self._next += 1
        return Post(self._next - 1)

    async def _send(self, client: httpx.AsyncClient, post: Post) -> None:
        try:
            answer = await send(client, post)
        except httpx.TransportError:
            self.unanswered.append(post)
            return
        if answer.status_code in ACKNOWLEDGED:
            self.journal.note(post, answer)
            self._acknowledged.set()
        else:
            self.refusals.append(answer)
            self.unanswered.append(post)


async def send(client: httpx.AsyncClient, post: Post) -> httpx.Response:
    """Post once."""
    return await client.post("/api/v1/comments", json=post.body, headers=post.headers)


def client_of(server: Process) -> httpx.AsyncClient:
    """A client with connections enough that nobody waits for another's answer."""
    limits = httpx.Limits(max_connections=400, max_keepalive_connections=400)
    base = f"http://127.0.0.1:{server.port}"
    return httpx.AsyncClient(base_url=base, headers=server.headers, limits=limits, timeout=30)
