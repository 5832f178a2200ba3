"""A server that is killed while it erases goes on when it is started again, and ends with every counter right (D38)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comments.bulk import add_authors, grow
from comments.recount import assert_counters_are_right
from databases import Databases
from rejoinder.db import Database, Tx, open_database
from rejoinder.privacy.erase import AT_ONCE, erase_signed
from rejoinder.privacy.models import Wish
from rejoinder.sites.queries import list_sites
from rejoinder.subscribers import FOLLOWERS
from serving import fill, serving, until

PAIRS = 20 * AT_ONCE


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    with databases.migrated(request.param) as url:
        yield url


@pytest.mark.parametrize("wish", Wish)
def test_an_erasure_that_is_killed_goes_on(url: str, tmp_path: Path, wish: Wish) -> None:
    folder = tmp_path / "publication"
    fill(folder, articles=1)
    with serving(url, folder) as server:
        with server.client() as client:
            client.post("/api/v1/comments", json=body("/articles/lamp-1"))
        server.db.write_now(begin, wish)
        server.process.kill()
        server.process.wait()
        done = server.db.read_now(progress)
        assert AT_ONCE <= done < PAIRS
    with serving(url, folder):
        db = open_database(url, followers=FOLLOWERS)
        until(lambda: db.read_now(is_finished), seconds=120)
        check(db, wish)
        db.close()


def body(path: str) -> dict[str, object]:
    return {"thread": {"url": path}, "text": "First.", "author": {"name": "Nell"}}


def begin(tx: Tx, wish: Wish) -> None:
    """Two people answer each other a thousand times; one of them wants to go."""
    site = list_sites(tx)[0]
    thread_id = tx.value("SELECT id FROM threads")
    one, other = add_authors(tx, site, 2)
    tx.run("UPDATE authors SET name = 'Rita', email = 'rita@mail.example' WHERE id = :id", id=one)
    parents = [None if number % 2 == 0 else number - 1 for number in range(2 * PAIRS)]
    grow(tx, site, thread_id, parents, authors=[one, other])
    erase_signed(tx, site, [one], wish, now=tx.now)


def progress(tx: Tx) -> int:
    done: int = tx.value("SELECT done FROM erasures")
    return done


def is_finished(tx: Tx) -> bool:
    return tx.value("SELECT finished_at FROM erasures") is not None


def check(db: Database, wish: Wish) -> None:
    def count(statement: str) -> int:
        number: int = db.read_now(lambda tx: tx.value(statement))
        return number

    assert db.read_now(progress) == PAIRS
    assert count("SELECT count(*) FROM comments WHERE status = 'deleted'") == (
        PAIRS if wish is Wish.REMOVE else 0
    )
    assert count("SELECT count(*) FROM authors WHERE name = 'Rita' OR email IS NOT NULL") == 0
    assert count("SELECT count(*) FROM erasing") == 0
    db.read_now(lambda tx: assert_counters_are_right(tx, tx.value("SELECT id FROM threads")))
