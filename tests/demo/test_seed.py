"""Load data: the same for the same seed, and as if it had been posted one by one."""

import gzip
import json
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from cast import NOON
from databases import Databases
from demo import counting
from demo.conftest import opened, serving
from rejoinder.accounts.models import Caller
from rejoinder.articles.find import get_article
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.models import Status, Thread
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.post import post_comment
from rejoinder.comments.queries.reading import find_thread_of
from rejoinder.comments.ranking import best_score
from rejoinder.comments.reading import View, list_comments
from rejoinder.db import Database, Engine, Tx, new_id, show_id
from rejoinder.demo.archive import write_archive
from rejoinder.demo.load import Load, Wanted, shares
from rejoinder.demo.seed import seed
from rejoinder.demo.wxr import write_export
from rejoinder.errors import Conflict
from rejoinder.settings import load_settings
from rejoinder.sites.models import Rules, Site, Sort
from rejoinder.sites.settle import settle_site
from rejoinder.text.names import check_name
from rejoinder.transfer.formats import Format
from rejoinder.transfer.load import import_files
from rejoinder.votes.queries import tallies

SMALL = Wanted(comments=600, pages=7, deep=40, wide=60, votes=900)
RULES = Rules()


@dataclass(frozen=True, slots=True)
class Stored:
    """A comment with its counters."""

    id: int
    thread_id: int
    parent_id: int | None
    root_id: int
    depth: int
    path: bytes
    author_id: int
    reply_count: int
    branch_count: int
    shown_children: int
    shown: bool
    up: int
    down: int
    score: int
    best: float


@dataclass(frozen=True, slots=True)
class Counts:
    """A thread with its counters."""

    id: int
    comment_count: int
    top_count: int


@dataclass(frozen=True, slots=True)
class Said:
    """A comment and its text, without what a database adds."""

    id: int
    parent_id: int | None
    path: bytes
    author_name: str
    text: str
    up: int
    down: int


def stored_comments(tx: Tx) -> list[Stored]:
    return tx.all(
        Stored,
        """
        SELECT id, thread_id, parent_id, root_id, depth, path, author_id, reply_count, branch_count, shown_children, shown,
               up, down, score, best
        FROM comments ORDER BY id
        """,
    )


def stored_threads(tx: Tx) -> list[Counts]:
    return tx.all(Counts, "SELECT id, comment_count, top_count FROM threads")


def said(tx: Tx) -> list[Said]:
    return tx.all(
        Said,
        """
        SELECT c.id, c.parent_id, c.path, r.author_name, r.text, c.up, c.down
        FROM comments c JOIN comment_revisions r ON r.comment_id = c.id ORDER BY c.id
        """,
    )


def seeded(db: Database, wanted: Wanted) -> Site:
    site = db.write_now(settle_site, "http://127.0.0.1:8080")
    seed(db, site, Load(wanted))
    return site


def test_every_counter_is_what_a_recount_says(db: Database) -> None:
    seeded(db, SMALL)
    comments = db.read_now(stored_comments)
    children = Counter(comment.parent_id for comment in comments)
    branches = Counter(comment.root_id for comment in comments)
    counted = {
        tally.comment_id: (tally.up, tally.down) for tally in db.read_now(tallies, [c.id for c in comments])
    }

    assert len(comments) == SMALL.total == 701
    assert sum(up + down for up, down in counted.values()) == SMALL.votes
    for comment in comments:
        assert comment.shown
        assert comment.reply_count == comment.shown_children == children[comment.id]
        assert comment.branch_count == (branches[comment.id] - 1 if comment.parent_id is None else 0)
        assert (comment.up, comment.down) == counted.get(comment.id, (0, 0))
        assert comment.score == comment.up - comment.down
        assert comment.best == best_score(comment.up, comment.down)
    for thread in db.read_now(stored_threads):
        own = [comment for comment in comments if comment.thread_id == thread.id]
        assert thread.comment_count == len(own)
        assert thread.top_count == sum(comment.parent_id is None for comment in own)


def test_a_reply_stands_below_its_parent(db: Database) -> None:
    seeded(db, SMALL)
    comments = {comment.id: comment for comment in db.read_now(stored_comments)}

    for comment in comments.values():
        if comment.parent_id is None:
            assert (comment.depth, comment.path, comment.root_id) == (0, b"", comment.id)
        else:
            parent = comments[comment.parent_id]
            assert (comment.depth, comment.root_id) == (parent.depth + 1, parent.root_id)
            assert comment.path.startswith(parent.path[:80])
            assert comment.path > parent.path
            assert len(comment.path) == 16 * min(comment.depth, 6)


def test_the_same_seed_stores_the_same_comments(databases: Databases, engine: Engine) -> None:
    def once(number: int) -> list[Said]:
        with databases.migrated(engine) as url, opened(url) as db:
            seeded(db, Wanted(comments=200, pages=3, votes=100, seed=number))
            return db.read_now(said)

    first = once(7)
    assert first == once(7)
    assert first != once(8)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.jsonl", "two.jsonl", "other.jsonl")]
    for path, number in zip(files, (7, 7, 8), strict=True):
        write_archive(path, Load(Wanted(comments=200, pages=3, votes=100, seed=number)))
    one, two, other = (path.read_bytes() for path in files)

    assert one == two
    assert one != other
    records = [json.loads(line) for line in one.splitlines()]
    assert records[0] == {"format": "rejoinder", "version": 1, "origin": "seed"}
    kinds = Counter(record["type"] for record in records[1:])
    assert kinds == {"article": 3, "comment": 200, "vote": 100}


def test_an_archive_brings_in_what_seeding_would_have_stored(
    databases: Databases, engine: Engine, tmp_path: Path
) -> None:
    wanted = Wanted(comments=200, pages=3, deep=12, votes=100)
    archive = tmp_path / "load.jsonl"
    write_archive(archive, Load(wanted))

    with databases.migrated(engine) as url, opened(url) as db:
        site = db.write_now(settle_site, "http://127.0.0.1:8080")
        report = import_files(db, site, [archive], format_="jsonl")
        imported = db.read_now(said)
    with databases.migrated(engine) as url, opened(url) as db:
        seeded(db, wanted)
        assert imported == db.read_now(said)
    assert report["skipped"] == {} and report["repairs"] == []


def test_an_export_brings_in_the_same_discussions(
    databases: Databases, engine: Engine, tmp_path: Path
) -> None:
    wanted = Wanted(comments=200, pages=3, deep=12, votes=100)
    export = tmp_path / "load.wxr"
    write_export(export, Load(wanted))

    with databases.migrated(engine) as url, opened(url) as db:
        site = db.write_now(settle_site, "http://127.0.0.1:8080")
        report = import_files(db, site, [export], format_=Format.WORDPRESS)
    pages = list(Load(wanted).pages())
    said = [comment for page in pages for comment in page.comments]
    assert (report["articles"], report["threads"], report["published"]) == (4, 4, len(said))
    assert report["replies"] == sum(comment.parent_id is not None for comment in said)
    assert report["skipped"] == {} and report["repairs"] == []


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("mine")

    with pytest.raises(FileExistsError):
        write_archive(path, Load(Wanted(comments=1, pages=1)))
    assert path.read_text() == "mine"


def test_a_seeded_database_is_not_seeded_again(db: Database) -> None:
    site = seeded(db, Wanted(comments=5, pages=1))

    with pytest.raises(Conflict, match="already"):
        seed(db, site, Load(Wanted(comments=5, pages=1, seed=2)))
    assert len(db.read_now(stored_comments)) == 5


def test_what_is_drawn_is_what_the_renderer_would_draw() -> None:
    for page in Load(SMALL).pages():
        for comment in page.comments[::7]:
            assert write_text(comment.text, RULES).html == comment.html


def test_everybody_signs_as_a_guest_could() -> None:
    names = {person.signature.name for person in Load(Wanted(comments=10_000, pages=1)).people}

    assert len(names) > 300
    for name in names:
        assert check_name(name).text == name


def test_text_packs_about_as_well_as_prose() -> None:
    (page,) = Load(Wanted(comments=400, pages=1)).pages()
    text = "\n".join(comment.html for comment in page.comments).encode()

    assert 2.3 < len(text) / len(gzip.compress(text)) < 3.3


def test_sizes_of_threads_fall_as_zipf_says() -> None:
    sizes = [len(page.comments) for page in Load(Wanted(comments=3000, pages=20)).pages()]

    assert sum(sizes) == 3000
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 3 * sizes[9]


def test_shares_add_up_exactly() -> None:
    assert shares(10, [1, 1, 1]) == [4, 3, 3]
    assert shares(0, [1, 2]) == [0, 0]
    assert shares(5, [0, 0]) == [0, 0]
    assert sum(shares(1_000_003, [(n + 1) ** -0.8 for n in range(997)])) == 1_000_003


DEEP, WIDE = 10_000, 20_000


@dataclass(frozen=True)
class Grown:
    """A database with a chain of ten thousand replies and a comment with twenty thousand."""

    url: str


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def grown(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Grown]:
    with databases.migrated(request.param) as url:
        with opened(url) as db:
            seeded(db, Wanted(comments=30, pages=1, deep=DEEP, wide=WIDE))
        yield Grown(url)


def find(tx: Tx, slug: str) -> tuple[Site, Thread, list[Stored]]:
    """A page's site, thread and comments, the oldest first."""
    site = settle_site(tx, None)
    thread = find_thread_of(tx, site.id, get_article(tx, site.id, f"/articles/{slug}").id)
    assert thread is not None
    shown = [comment for comment in stored_comments(tx) if comment.thread_id == thread.id and comment.shown]
    return site, thread, shown


def answer(tx: Tx, site: Site, thread: Thread, parent_id: int, caller: Caller) -> int:
    """Answer a comment as a reader does who was never here; the id of the answer."""
    written = write_text(f"My answer, {new_id()}.", RULES)
    draft = CommentDraft(thread.id, None, parent_id, written, sign("Nell", "", "", RULES))
    posted = post_comment(tx, site, draft, caller, now=tx.now)
    assert posted.status is Status.PUBLISHED
    return posted.comment_id


@pytest.mark.anyio
@pytest.mark.parametrize("slug", ["seed-1", "seed-deep", "seed-wide"])
async def test_every_page_is_readable_at_any_depth_and_width(grown: Grown, slug: str) -> None:
    with opened(grown.url) as db:
        _, _, comments = db.read_now(find, slug)
        ids = [comment.id for comment in comments]
        async with serving(db, load_settings({}, {})) as browser:
            article = await browser.get(f"/articles/{slug}")
            middle, last = [
                await browser.get(f"/comments/{show_id(ids[place])}") for place in (len(ids) // 2, -1)
            ]
            more = re.findall(r'href="(/comments/\w+/replies[^"]+)"', article.text)
            replies = [await browser.get(unescape(address)) for address in more[:1]]

    assert [page.status_code for page in (article, middle, last, *replies)] == [200] * (3 + len(replies))
    assert bool(replies) is (slug != "seed-1")
    assert f'id="comment-{show_id(ids[-1])}"' in last.text
    assert all(page.text.count('class="comment"') <= 250 for page in (article, middle, last, *replies))


@pytest.mark.parametrize(
    ("slug", "place", "kind"),
    [("seed-deep", -1, (True, False)), ("seed-deep", 5_000, (True, True)), ("seed-wide", 0, (False, True))],
)
def test_reading_answering_and_deleting_cost_as_many_statements_as_in_a_small_thread(
    grown: Grown, slug: str, place: int, kind: tuple[bool, bool]
) -> None:
    with opened(grown.url) as db:
        here = db.read_now(find, slug)[2][place]
        small = next(comment for comment in db.read_now(find, "seed-1")[2] if kind_of(comment) == kind)

        assert kind_of(here) == kind
        assert statements(db, slug, here.id) == statements(db, "seed-1", small.id)


def kind_of(comment: Stored) -> tuple[bool, bool]:
    """Whether it is a reply, and whether it has some."""
    return comment.parent_id is not None, comment.reply_count > 0


def statements(db: Database, slug: str, comment_id: int) -> list[int]:
    """How many it takes to read a page, to answer a comment, to take the answer back, to remove the comment and restore it."""
    site, thread, _ = db.read_now(find, slug)
    caller = Caller(secrets.token_bytes(32), secrets.token_bytes(16))
    _, reading = counting.read(db, list_comments, site, thread, View(Sort.OLDEST), now=NOON)
    answer_id, answering = counting.written(db, answer, site, thread, comment_id, caller)
    _, deleting = counting.written(db, delete_comment, site, answer_id, caller, now=NOON)
    _, removing = counting.written(db, act, site, comment_id, "remove", Actor(None), now=NOON)
    _, restoring = counting.written(db, act, site, comment_id, "approve", Actor(None), now=NOON)
    return [reading, answering, deleting, removing, restoring]
