"""The publication that is measured: a folder of articles, and discussions of known sizes under them."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench.words import Words
from rejoinder.accounts.models import Caller
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.post import post_comment
from rejoinder.db import Database, Tx, open_database, show_id
from rejoinder.publication.sync import sync_folder
from rejoinder.sites.models import Site
from rejoinder.sites.settle import settle_site
from rejoinder.subscribers import FOLLOWERS

TOGETHER = 500  # comments in one transaction
PAGES = 10  # articles that posts are spread over
HOT = "hot"
BUSY = tuple(f"busy-{number}" for number in range(PAGES))
ROOTS_OF_A_PAGE = 45  # a page shows 50 top-level comments; so all of a small discussion is on one page


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment of a discussion to be made: `parent` is the number of the one it answers."""

    name: str
    text: str
    parent: int | None


def write_articles(folder: Path, slugs: list[str]) -> None:
    """A folder that can be served."""
    folder.mkdir()
    (folder / "publication.toml").write_text('name = "The Bench"\n', encoding="utf-8")
    words = Words(7)
    for slug in slugs:
        head = f"---\ntitle: On {slug}\nbyline: Ada Benk\npublished: 2026-11-01\n---\n\n"
        (folder / f"{slug}.md").write_text(head + words.paragraphs(6) + "\n", encoding="utf-8")


def discussion(count: int) -> Iterator[Remark]:
    """A discussion of so many comments: of the first 100, 45 are top-level, and of more, three in five.

    Two thirds of the replies answer a top-level comment, the rest another reply. The same each time.
    """
    words = Words(count)
    small = count <= 100
    roots: list[int] = []
    replies: list[int] = []
    for number in range(count):
        is_root = not roots or (number % 20 < 9 if small else words.chance(0.6))
        if is_root:
            parent = None
            roots.append(number)
        else:
            parent = words.pick((replies if replies and words.chance(1 / 3) else roots)[-60:])
            replies.append(number)
        yield Remark(words.name(), words.comment(), parent)


class Seeder:
    """Fills a database, by the function that every door posts with."""

    def __init__(self, url: str, base_url: str, folder: Path) -> None:
        # Hundreds of comments in one transaction are slow on purpose.
        logging.getLogger("rejoinder.db").setLevel(logging.ERROR)
        self._db: Database = open_database(url, followers=FOLLOWERS, create=True)
        self._site: Site = self._db.write_now(settle_site, base_url)
        asyncio.run(sync_folder(self._db, self._site.id, folder, now=datetime.now(UTC)))
        self._words = Words(1)

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def fill(self, slug: str, count: int) -> str:
        """Put a discussion of so many comments under an article; the thread's id, as addresses have it."""
        remarks, ids, thread = discussion(count), list[int](), 0
        begins = datetime.now(UTC) - timedelta(days=30)
        while batch := list(islice(remarks, TOGETHER)):
            thread = self._db.write_now(self._post, slug, batch, ids, begins)
        return show_id(thread)

    def _post(self, tx: Tx, slug: str, batch: list[Remark], ids: list[int], begins: datetime) -> int:
        del ids[len(ids) // TOGETHER * TOGETHER :]  # a write may be run twice
        thread = 0
        for remark in batch:
            rules = self._site.rules
            draft = CommentDraft(
                thread_id=None,
                url=f"/articles/{slug}",
                reply_to=None if remark.parent is None else ids[remark.parent],
                written=write_text(remark.text, rules),
                signature=sign(remark.name, "", "", rules),
            )
            caller = Caller(self._words.bytes(32), self._words.bytes(16))
            now = begins + timedelta(seconds=len(ids))
            posted = post_comment(tx, self._site, draft, caller, now=now)
            ids.append(posted.comment_id)
            thread = posted.thread_id
        return thread
