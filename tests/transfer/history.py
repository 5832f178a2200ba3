"""Twelve years of History Meta Stack Exchange, as it was taken down and as an archive of ours.

An answer, or a remark on the question, is a comment; a remark on an answer is a reply. Votes on questions are left out.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transfer.archives import Record

HEADER: Record = {"format": "rejoinder", "version": 1, "origin": "https://history.meta.stackexchange.com"}
FOLDER = "samples/discussions"


def raw(shared: Path) -> list[dict[str, Any]]:
    """Threads and comments in the order of time."""
    return lines(shared / FOLDER / "history-meta-se.jsonl.gz")


def raw_votes(shared: Path) -> list[dict[str, Any]]:
    return lines(shared / FOLDER / "history-meta-se-votes.jsonl.gz")


def lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def as_archive(records: list[dict[str, Any]], votes: list[dict[str, Any]]) -> Iterator[Record]:
    """The same as records of our format."""
    comments = {record["id"] for record in records if record["type"] == "comment"}
    for record in records:
        yield _article(record) if record["type"] == "thread" else _comment(record)
    for number, vote in enumerate(votes):
        if vote["post"] in comments:
            yield {
                "type": "vote",
                "comment": vote["post"],
                "voter": f"voter {number}",
                "value": vote["value"],
                "at": f"{vote['date']}T00:00:00Z",
            }


def _article(thread: dict[str, Any]) -> Record:
    return {
        "type": "article",
        "id": thread["id"],
        "url": f"/articles/{thread['id']}",
        "aliases": [thread["url"]],
        "title": thread["title"],
        "byline": thread["author"]["name"],
        "origin": {"name": "History Meta", "url": thread["url"]},
        "published": thread["created"],
        "html": thread["html"],
        "tags": thread["tags"],
        "licence": thread["licence"],
    }


def _comment(comment: dict[str, Any]) -> Record:
    author = {"name": comment["author"]["name"], "website": comment["author"].get("url")}
    if "id" in comment["author"]:
        author["id"] = comment["author"]["id"]
    record: Record = {
        "type": "comment",
        "id": comment["id"],
        "article": comment["thread"],
        "parent": comment["parent"],
        "author": author,
        "posted": comment["created"],
        "licence": comment["licence"],
    }
    if "html" not in comment:
        return record | {"text": comment["text"], "score": comment["score"]}
    edited = {"edited": comment["edited"]} if comment.get("edited") else {}
    return record | {
        "text": comment["html"],
        "format": "html",
        "up": comment["up"],
        "down": comment["down"],
        **edited,
    }
