"""A real `rejoinder serve`: its own process, database and folder of articles, and what tests do to it from outside."""

import itertools
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from hashlib import blake2b
from pathlib import Path

import httpx

from rejoinder.accounts.models import Caller, Role, Signature
from rejoinder.accounts.sign_in import admit
from rejoinder.comments.draft import CommentDraft, write_text
from rejoinder.comments.post import Posted, post_comment
from rejoinder.db import Database, Tx, open_database, read_id, show_id
from rejoinder.sites.models import Site
from rejoinder.sites.queries import list_sites, set_rules
from rejoinder.subscribers import FOLLOWERS

ROOT = Path(__file__).parents[1]
READY = 150  # articles that are there before the server starts, so that most tests have to write none
PUBLICATION = """
name = "The Lamp"
accent = "#8c2f1b"
navigation = [{ label = "Coast", url = "/sections/coast" }]
footer = [{ label = "About", url = "/articles/about" }]
"""
ARTICLE_FILE = """---
title: {title}
published: 2026-05-12
{front}---
{text}
"""
BYLINE = "byline: Mara Lindqvist\n"
TEXT = """The lamp was lit before the harbour was. Nobody remembers who asked for it.

> It was never meant to be a museum.
>
> — Ana Duarte (@ana), 3 May 2026

The keepers took turns, and the [log](https://logs.example/1912) says nothing of thanks.
"""


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the publication, by its path."""

    slug: str

    @property
    def path(self) -> str:
        """Where it is served."""
        return f"/articles/{self.slug}"


@dataclass
class Serving:
    """A running server, and the ways in: HTTP, its folder, its database, its command line."""

    base_url: str
    folder: Path
    environ: Mapping[str, str]
    db: Database
    process: subprocess.Popen[bytes]
    _asked: httpx.Client
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def port(self) -> str:
        """The port it listens on."""
        return self.base_url.rpartition(":")[2]

    @property
    def site(self) -> Site:
        """The one site, as it stands now."""
        return self.db.read_now(list_sites)[0]

    def article(self) -> Article:
        """An article that no other test has."""
        number = next(self._numbers)
        return Article(f"lamp-{number}") if number <= READY else self.publish(f"lamp-{number}")

    def publish(
        self, slug: str, text: str = TEXT, *, title: str = "Who keeps the lamp?", front: str = BYLINE
    ) -> Article:
        """Write an article, or write it anew, and wait until the server has noticed."""
        with self.client() as client:
            before = client.get(f"/articles/{slug}").text
            self.write(slug, text, title=title, front=front)
            until(lambda: client.get(f"/articles/{slug}").text != before)
        return Article(slug)

    def write(
        self, slug: str, text: str = TEXT, *, title: str = "Who keeps the lamp?", front: str = BYLINE
    ) -> None:
        """Write the file of an article."""
        content = ARTICLE_FILE.format(title=title, front=front, text=text)
        (self.folder / f"{slug}.md").write_text(content, encoding="utf-8")

    def network(self) -> str:
        """An address in a network that nobody called from yet."""
        number = next(self._numbers)
        return f"10.{number // 250}.{number % 250}.7"

    def client(self, **headers: str) -> httpx.Client:
        """A program that calls from a network of its own, without cookies, as a browser on our own pages would."""
        own = {"x-forwarded-for": self.network(), "sec-fetch-site": "same-origin", "origin": self.base_url}
        return self.program(own | headers)

    def program(self, headers: Mapping[str, str]) -> httpx.Client:
        """A program that says what it is told to say and nothing else."""
        # Without certificates: to read them takes longer than what most tests do, and nothing here is encrypted.
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=30, verify=False)

    def run(self, *words: str) -> str:
        """A `rejoinder` command on this server's database: what it printed."""
        done = subprocess.run(command(*words), env=self.environ, capture_output=True, text=True, check=True)
        return done.stdout

    def sign_in_link(self, name: str = "Bob", role: Role = Role.MODERATOR) -> str:
        """The path of a sign-in link, as `rejoinder admin create` makes one."""
        signature = Signature(name, name.casefold())
        code = self.db.write_now(admit, self.site.id, signature, role, now=datetime.now(UTC))
        return f"/sign-in?code={code}"

    def code_sent_to(self, address: str) -> str:
        """The digits of the next mail to an address; it is taken out of the mailbox."""
        box = self.folder.parent / "mail"

        def letters() -> list[Path]:
            return [file for file in box.glob("*.eml") if f"To: {address}" in file.read_text()]

        until(lambda: bool(letters()))
        letter = letters()[0]
        digits = letter.read_text().partition("Subject: ")[2][:6]
        letter.unlink()
        return digits

    def link_sent_to(self, address: str) -> str:
        """The path of the link in the next mail to an address; the mail is taken out of the mailbox."""
        box = self.folder.parent / "mail"

        def letters() -> list[Path]:
            return [file for file in box.glob("*.eml") if f"To: {address}" in file.read_text()]

        until(lambda: bool(letters()))
        letter = letters()[0]
        message = message_from_bytes(letter.read_bytes(), policy=default)
        letter.unlink()
        (link,) = re.findall(r"http\S+link=\S+", str(message.get_body(("plain",)).get_content()))  # type: ignore[union-attr]
        assert link.startswith(self.base_url)
        return str(link).removeprefix(self.base_url)

    @contextmanager
    def staff(self, name: str = "Bob", role: Role = Role.MODERATOR) -> Iterator[httpx.Client]:
        """A program that is signed in."""
        code = self.sign_in_link(name, role).partition("code=")[2]
        with self.client() as client:
            assert client.post("/sign-in", data={"code": code}).status_code == 303
            yield client

    @contextmanager
    def letting_in(self, origin: str) -> Iterator[None]:
        """The time in which the site lets the scripts of another origin in, from when the server has heard of it."""
        self.list_origin(origin)
        yield
        self.list_origin(origin, listed=False)

    def list_origin(self, origin: str, *, listed: bool = True) -> None:
        """Let the site list this origin and no other, or none, and wait until the server has heard of it."""
        site, origins, status = self.site, (origin,) if listed else (), 204 if listed else 403

        def write(tx: Tx) -> None:
            set_rules(tx, site.id, site.rules.model_copy(update={"origins": origins}), site.locked)
            tx.touch(f"site:{site.id}")

        self.db.write_now(write)
        with self.program({"origin": origin, "access-control-request-method": "POST"}) as script:
            until(lambda: script.options("/api/v1/comments").status_code == status)

    def say(
        self,
        article: Article,
        text: str,
        *,
        name: str = "Nell",
        below: str | None = None,
        now: datetime | None = None,
    ) -> str:
        """A comment of somebody who was never here before, past the doors: its id."""
        return show_id(self.post(article, text, name=name, below=below, now=now).comment_id)

    def post(
        self,
        article: Article,
        text: str,
        *,
        name: str = "Nell",
        below: str | None = None,
        now: datetime | None = None,
    ) -> Posted:
        """The same; all that is known of it."""
        token = blake2b(f"{next(self._numbers)}".encode()).digest()
        draft = CommentDraft(
            thread_id=None,
            url=article.path,
            reply_to=read_id(below) if below else None,
            written=write_text(text, self.site.rules),
            signature=Signature(name, name.casefold()),
        )
        posted = self.db.write_now(
            post_comment, self.site, draft, Caller(token[:32], token[:16]), now=now or datetime.now(UTC)
        )
        # A page that was looked at before is drawn again a moment later; asked for this version it is so now.
        self._asked.get(f"{article.path}?v={posted.version}").raise_for_status()
        return posted

    def said(self, article: Article, texts: Sequence[str]) -> list[str]:
        """One top-level comment for each text."""
        return [self.say(article, text) for text in texts]


def command(*words: str) -> list[str]:
    """The words that run `rejoinder` from this clone."""
    return [sys.executable, "-c", "from rejoinder.cli import app; app()", *words]


@contextmanager
def serving(
    database_url: str, folder: Path, *, host: str = "127.0.0.1", **settings: str
) -> Iterator[Serving]:
    """A server on a free port over this database and this folder, until the end of the block."""
    port = free_port()
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "REJOINDER_DATABASE_URL": database_url,
        "REJOINDER_TRUSTED_PROXIES": "127.0.0.1/32",
        "REJOINDER_BASE_URL": f"http://{host}:{port}",
        "REJOINDER_MAIL_URL": f"file://{folder.parent / 'mail'}",
        "REJOINDER_MAIL_FROM": "The Lamp <lamp@mail.example>",
        **settings,
    }
    with (folder.parent / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            command("serve", str(folder), "--port", str(port)), env=environ, stderr=log
        )
    try:
        base_url = f"http://{host}:{port}"
        asking = {"host": environ["REJOINDER_BASE_URL"].partition("://")[2]}
        until(lambda: _is_up(process, base_url, folder, asking))
        db = open_database(database_url, followers=FOLLOWERS)
        with httpx.Client(base_url=base_url, headers=asking, timeout=30, verify=False) as asked:
            yield Serving(base_url, folder, environ, db, process, asked)
        db.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


def fill(folder: Path, *, articles: int = READY) -> None:
    """The publication that most tests share."""
    folder.mkdir(parents=True)
    (folder / "publication.toml").write_text(PUBLICATION, encoding="utf-8")
    for number in range(1, articles + 1):
        content = ARTICLE_FILE.format(
            title="Who keeps the lamp?", front=f"{BYLINE}section: coast\n", text=TEXT
        )
        (folder / f"lamp-{number}.md").write_text(content, encoding="utf-8")
    about = ARTICLE_FILE.format(title="About", front=f"{BYLINE}discussion: none\n", text=TEXT)
    (folder / "about.md").write_text(about, encoding="utf-8")


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something holds; a server that never gets there is a failure."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.03)


def _is_up(process: subprocess.Popen[bytes], base_url: str, folder: Path, host: Mapping[str, str]) -> bool:
    last = max(path.stem for path in folder.glob("*.md"))  # the folder is read from A to Z
    assert process.poll() is None, (folder.parent / "serve.log").read_text()
    try:
        return httpx.get(f"{base_url}/articles/{last}", headers=host, timeout=10, verify=False).is_success
    except httpx.TransportError:
        return False
