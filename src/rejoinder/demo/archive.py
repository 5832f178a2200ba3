"""Load data as a file: our own JSON lines, as `rejoinder import jsonl` reads them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rejoinder.articles.models import own_url
from rejoinder.db import show_id
from rejoinder.demo.load import Load, Page, SeedComment, Vote

HEADER = {"format": "rejoinder", "version": 1, "origin": "seed"}


def write_archive(path: Path, load: Load, *, tell: Callable[[int], None] = lambda written: None) -> None:
    """Write the load data into a new file; `tell` hears how many comments are written. Raises FileExistsError."""
    written = 0
    with path.open("x", encoding="utf-8") as file:
        file.write(_line(HEADER))
        for page in load.pages():
            file.writelines(map(_line, _records(page)))
            written += len(page.comments)
            tell(written)


def _records(page: Page) -> Iterator[dict[str, Any]]:
    yield {
        "type": "article",
        "id": show_id(page.id),
        "thread": show_id(page.thread_id),
        "url": own_url(page.slug),
        "title": page.title,
        "published": page.published_at.isoformat(),
        "html": page.html,
    }
    for comment in page.comments:
        yield _comment(page, comment)
    for vote in page.votes:
        yield _vote(vote)


def _comment(page: Page, comment: SeedComment) -> dict[str, Any]:
    return {
        "type": "comment",
        "id": show_id(comment.id),
        "article": show_id(page.id),
        "parent": show_id(comment.parent_id) if comment.parent_id else None,
        "author": {"name": comment.author.signature.name, "id": show_id(comment.author.author_id)},
        "posted": comment.place.placed_at.isoformat(timespec="milliseconds"),
        "text": comment.text,
        "up": comment.up,
        "down": comment.down,
    }


def _vote(vote: Vote) -> dict[str, Any]:
    return {
        "type": "vote",
        "comment": show_id(vote.comment_id),
        "voter": show_id(vote.voter.visitor_id),
        "value": vote.value,
        "at": vote.at.isoformat(timespec="milliseconds"),
    }


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"
