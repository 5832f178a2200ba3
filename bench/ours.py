"""Rejoinder as an operator runs it, with every rule on, and its discussions."""

import itertools
import json
import os
import re
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path

from bench import site
from bench.children import Child, free_port
from bench.client import ask
from bench.place import Place, request
from bench.site import Seeder
from bench.words import Words

SOURCE = Path(__file__).parent.parent / "src"
POSTS_OF_A_READER = 4  # five a minute are allowed; then the next reader comes, from elsewhere
_THREAD = re.compile(rb'name="thread" value="([0-9a-z]{13})"', re.IGNORECASE)
_COMMENT = re.compile(rb'id="comment-([0-9a-z]{13})"')
_readers = itertools.count()


class Rejoinder:
    """A server over a folder of articles and a database; it can be stopped and started again."""

    def __init__(self, name: str, folder: Path, database_url: str, slugs: list[str]) -> None:
        self.name = name
        self.port = free_port()
        self.database_url = database_url
        self._folder = folder
        self._articles = folder / "articles"
        self._child: Child | None = None
        site.write_articles(self._articles, slugs)

    @property
    def place(self) -> Place:
        """Where it is now."""
        assert self._child is not None, "it is not running"
        return Place(self.name, self.port, self._child.pid)

    @property
    def database_file(self) -> Path:
        """The SQLite file."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    def fill(self, **sizes: int) -> None:
        """Put discussions under articles: slug (underscores for hyphens) and number of comments."""
        seeder = Seeder(self.database_url, f"http://127.0.0.1:{self.port}", self._articles)
        try:
            for slug, count in sizes.items():
                seeder.fill(slug.replace("_", "-"), count)
        finally:
            seeder.close()

    def start(self) -> None:
        """Serve."""
        env = os.environ | {
            "PYTHONPATH": str(SOURCE),
            "REJOINDER_DATABASE_URL": self.database_url,
            "REJOINDER_TRUSTED_PROXIES": "127.0.0.1",
            "REJOINDER_LOG_LEVEL": "warning",
        }
        serve = "from rejoinder.cli import app; app()"
        command = [sys.executable, "-c", serve, "serve", str(self._articles), "--port", str(self.port)]
        self._child = Child(command, self._folder / "log", env=env)
        self._child.wait_for(self.port)

    def stop(self) -> None:
        """End it; what it said is kept."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def restart(self) -> None:
        """Forget every ready page and every kept comment."""
        self.stop()
        self.start()

    def thread_of(self, slug: str) -> str:
        """The id that the form under an article sends."""
        page = ask(self.port, self.place.get(f"/articles/{slug}", accept_encoding="identity")).body
        found = _THREAD.search(page)
        assert found is not None, f"no form with a thread under {slug}"
        return found[1].decode()

    def comments_of(self, slug: str) -> list[str]:
        """The ids of the comments that an article's page shows first."""
        page = ask(self.port, self.place.get(f"/articles/{slug}", accept_encoding="identity")).body
        return [found.decode() for found in _COMMENT.findall(page)]

    def posts(self, threads: list[str], *, reply_to: list[str] | None = None) -> Iterator[bytes]:
        """Requests that post as a page's script does, by ever new readers from ever new networks."""
        seed = next(_readers)
        words = Words(1_000 + seed)
        answered = itertools.cycle(reply_to or [""])
        for number in itertools.count():
            if number % POSTS_OF_A_READER == 0:
                reader = _reader(words, seed, number)
                name = words.name()
            content = {
                "thread": {"id": threads[number % len(threads)]},
                "text": words.comment(),
                "author": {"name": name},
            }
            if reply_to:
                content["reply_to"] = next(answered)
            body = json.dumps(content, ensure_ascii=False).encode()
            yield request("POST", "/api/v1/comments", self.port, reader, body)


def _reader(words: Words, seed: int, number: int) -> dict[str, str]:
    token = urlsafe_b64encode(words.bytes(32)).decode().rstrip("=")
    network = number // POSTS_OF_A_READER
    return {
        "authorization": f"Bearer {token}",
        "content-type": "application/json",
        "x-forwarded-for": f"{11 + seed % 100}.{network >> 8 & 255}.{network & 255}.7",
    }
