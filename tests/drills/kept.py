"""What a database kept, held against what people were told."""

import json
from dataclasses import dataclass
from pathlib import Path

from drills.process import Process
from drills.writing import Journal, Post
from rejoinder.db import open_database, show_id


@dataclass(frozen=True, slots=True)
class Kept:
    """A comment of the database."""

    id: int
    text: str


COMMENTS = """
SELECT c.id, r.text FROM comments c JOIN comment_revisions r ON r.comment_id = c.id WHERE c.status = 'published'
"""


def read_kept(database_url: str) -> list[Kept]:
    """Every comment that is published."""
    db = open_database(database_url)
    try:
        return db.read_now(lambda tx: tx.all(Kept, COMMENTS))
    finally:
        db.close()


def assert_nothing_lost_or_doubled(database_url: str, journal: Journal) -> None:
    """Whatever was acknowledged is there under its id, and no post is there twice."""
    kept = read_kept(database_url)
    told = {(id_, Post(number).text) for number, id_ in journal.read().items()}
    assert told <= {(show_id(comment.id), comment.text) for comment in kept}
    texts = [comment.text for comment in kept]
    assert len(texts) == len(set(texts))


def assert_sound(server: Process) -> None:
    """`rejoinder doctor` finds nothing to do: the files whole, every counter right.

    Durability is left out: the suite's own PostgreSQL runs without fsync.
    """
    done = server.command("doctor", "--json")
    answer = json.loads(done.stdout)
    wrong = [
        finding for finding in answer["findings"] if not finding["well"] and finding["name"] != "durability"
    ]
    assert (wrong, answer["drift"]) == ([], []), Path(server.log).read_text()
