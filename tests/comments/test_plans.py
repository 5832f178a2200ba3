"""What a page or a list needs is answered from one index, on both engines, beside much that it does not need."""

from collections.abc import Callable, Iterator
from datetime import datetime

import psycopg
import pytest

from cast import DAY, NOON, Stage, add_thread, set_stage, stranger
from comments.bulk import add_authors, grow
from comments.spy import Statement, plan_of, statements_of
from databases import Databases
from rejoinder.accounts.queries import left, names
from rejoinder.comments.models import Status
from rejoinder.comments.places import END
from rejoinder.comments.queries import claiming, counting, deciding, editions, own, reading, writing
from rejoinder.comments.queries.reading import drawn
from rejoinder.db import Engine, Tx, open_database
from rejoinder.subscribers import FOLLOWERS
from rejoinder.votes import queries as votes

LATER = NOON + DAY
END_ID = 2**63 - 1


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowded(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Stage]:
    """A thread of 50 conversations with 50 replies, one of 5,000, and much else in the same tables."""
    engine: Engine = request.param
    with databases.migrated(engine) as url:
        db = open_database(url, followers=FOLLOWERS)
        try:
            stage = crowd(set_stage(db))
            if engine == "postgresql":  # as its autovacuum does; SQLite plans by rules alone
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute("VACUUM ANALYZE")
            yield stage
        finally:
            db.close()


def crowd(stage: Stage) -> Stage:
    def fill(tx: Tx) -> None:
        authors = add_authors(tx, stage.site, 3000)
        talk = [None if number % 51 == 0 else number - number % 51 for number in range(51 * 50)]
        grow(tx, stage.site, stage.thread_id, [*talk, None, *[len(talk)] * 5000], authors=authors)
        spam, spams = add_thread(tx, stage.site, "spam"), [Status.SPAM] * 3000
        grow(tx, stage.site, spam.id, [None] * 3000, statuses=spams, authors=authors)
        tx.run("UPDATE comments SET revision_pending = 1 WHERE status = 'spam'")
        other = add_thread(tx, stage.site, "other")
        grow(tx, stage.site, other.id, [None if n % 9 == 0 else n - 1 for n in range(9000)], authors=authors)
        tx.run(
            """
            INSERT INTO votes (comment_id, voter, site_id, thread_id, value, at, counts_from)
            SELECT id, author_id, site_id, thread_id, 1, placed_at, placed_at FROM comments
            """
        )
        tx.run(
            """
            INSERT INTO fingerprints (site_id, fingerprint, comment_id, text_hash, place_id, network, at)
            SELECT site_id, path, id, path, thread_id, path, placed_at FROM comments
            """
        )
        tx.run(
            """
            INSERT INTO accounts (id, site_id, name, name_key, created_at)
            SELECT id, site_id, 'A member', CAST(id AS TEXT), 1 FROM visitors
            """
        )
        tx.run(
            "INSERT INTO name_looks (site_id, look, account_id) SELECT site_id, name_key, id FROM accounts WHERE true ON CONFLICT DO NOTHING"
        )
        tx.run("UPDATE authors SET email = id || '@mail.example'")

    stage.write(fill)
    return stage


@pytest.fixture
def root_ids(crowded: Stage) -> list[int]:
    found = crowded.read(
        reading.oldest_roots,
        crowded.thread_id,
        after=datetime(1970, 1, 2, tzinfo=NOON.tzinfo),
        after_id=0,
        now=LATER,
        most=51,
    )
    return [root.id for root in found]


def plans(stage: Stage, fn: Callable[..., object], *args: object, **kwargs: object) -> str:
    def explain(tx: Tx) -> str:
        statements: list[Statement] = statements_of(tx, fn, *args, **kwargs)
        return "\n".join(plan_of(tx, statement) for statement in statements)

    return stage.read(explain)


def assert_uses(plan: str, *indexes: str) -> None:
    """The plan names these indexes, and reads no table from its beginning to its end."""
    for index in indexes:
        assert index in plan, plan
    scans = [line for line in plan.splitlines() if "Seq Scan" in line or line.strip().startswith("SCAN ")]
    assert [line for line in scans if not is_small(line)] == [], plan


def is_small(line: str) -> bool:
    """What is read whole because it is a handful of rows: the list that a statement made itself, sites, articles."""
    return any(name in line for name in ("heads", "articles", "threads", "sites", "roles", "CONSTANT ROW"))


def test_a_list_of_conversations_is_one_range_of_an_index(crowded: Stage) -> None:
    for find in (reading.oldest_roots, reading.newest_roots):
        plan = plans(crowded, find, crowded.thread_id, after=NOON, after_id=5, now=LATER, most=51)
        assert_uses(plan, "comments_by_place")
        assert "SORT" not in plan.upper(), plan


def test_the_first_replies_of_fifty_conversations_are_read_and_no_others(
    crowded: Stage, root_ids: list[int]
) -> None:
    for ids in (root_ids[:50], root_ids[-10:]):
        plan = plans(crowded, reading.branches, ids, replies=20)
        assert_uses(plan, "comments_by_branch")
        assert rows_touched(crowded, ids) < 21 * 51 + 100


def rows_touched(stage: Stage, ids: list[int]) -> int:
    """How many rows of comments the statement reads at most in one loop or another; SQLite does not say."""
    if stage.db.engine == "sqlite":
        return 0

    def analyse(tx: Tx) -> int:
        (sql, binds), *_ = statements_of(tx, reading.branches, ids, replies=20)
        rows = tx._connection.rows("EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) " + sql, binds)[1]
        return most_rows(rows[0][0][0]["Plan"])

    return stage.read(analyse)


def most_rows(node: dict[str, object]) -> int:
    own_rows = 0
    if "Scan" in str(node["Node Type"]):
        read = int(node["Actual Rows"]) + int(node.get("Rows Removed by Filter", 0))  # type: ignore[call-overload]
        own_rows = read * int(node["Actual Loops"])  # type: ignore[call-overload]
    return max([own_rows, *map(most_rows, node.get("Plans", []))])  # type: ignore[call-overload]


def test_a_stretch_of_a_wide_branch_is_one_range_of_an_index(crowded: Stage, root_ids: list[int]) -> None:
    wide = crowded.read(drawn, crowded.site.id, root_ids)
    widest = max(wide, key=lambda root: root.branch_count)
    for find, edge in ((reading.branch_after, b""), (reading.branch_before, END)):
        plan = plans(crowded, find, widest.id, edge, most=201)
        assert_uses(plan, "comments_by_branch")
        assert "SORT" not in plan.upper() and "TEMP B-TREE" not in plan, plan


def test_pins_marks_and_what_waits_in_a_thread_have_an_index_each(crowded: Stage) -> None:
    assert_uses(plans(crowded, reading.pinned_roots, crowded.thread_id, now=LATER), "comments_pinned")
    assert_uses(plans(crowded, writing.count_pinned, crowded.thread_id, LATER), "comments_pinned")
    assert_uses(plans(crowded, own.marked_ids, crowded.thread_id, most=100), "comments_marked")
    assert_uses(plans(crowded, own.held_ids, crowded.thread_id, most=100), "comments_held")


def test_the_moderators_list_is_read_past_any_amount_of_spam(crowded: Stage) -> None:
    assert_uses(plans(crowded, deciding.waiting, crowded.site.id, after=0, most=51), "comments_waiting")
    assert_uses(plans(crowded, deciding.count_waiting, crowded.site.id), "comments_waiting")


def test_what_is_mine_is_found_by_its_author(crowded: Stage) -> None:
    plan = plans(
        crowded, own.own_ids, crowded.thread_id, visitor_id=1, account_id=0, since=NOON - DAY, most=100
    )
    assert_uses(plan, "comments_by_author")


def test_facts_about_a_sender_are_found_by_indexes(crowded: Stage) -> None:
    plan = plans(
        crowded,
        counting.look_up,
        crowded.site.id,
        visitor_id=1,
        account_id=0,
        network=b"n",
        near=b"near",
        exact=b"exact",
        place_id=1,
        day_ago=NOON - DAY,
        twin_since=NOON,
    )
    assert_uses(plan)


def test_an_order_is_made_from_the_top_level_alone(crowded: Stage) -> None:
    for find in (editions.best_ids, editions.most_voted_ids):
        assert_uses(plans(crowded, find, crowded.thread_id), "comments_by_place")


def test_single_comments_are_found_by_their_ids(crowded: Stage, root_ids: list[int]) -> None:
    assert_uses(plans(crowded, writing.list_stored, crowded.site.id, root_ids[:1]))
    assert_uses(plans(crowded, reading.drawn, crowded.site.id, root_ids[:1]))
    assert_uses(plans(crowded, own.as_written, crowded.site.id, root_ids[:1]))
    assert_uses(plans(crowded, own.latest_texts, root_ids[:1]))


def test_the_crowd_of_a_network_is_counted_from_its_index(crowded: Stage) -> None:
    plan = plans(
        crowded,
        votes.crowd_of,
        crowded.site.id,
        crowded.thread_id,
        voter=1,
        network=stranger().network,
        since=NOON,
        day_ago=NOON,
    )
    assert_uses(plan, "votes_by_network")


def test_what_was_left_with_an_address_is_found_by_the_address(crowded: Stage) -> None:
    site_id, key = crowded.site.id, "nobody@mail.example"
    asked = {"email_key": key, "oldest": 0, "newest": END_ID, "most": 50}
    for plan in (
        plans(crowded, claiming.list_left, site_id, 1, **asked),
        plans(crowded, claiming.count_left, site_id, 1, email_key=key, before=END_ID),
        plans(crowded, claiming.authors_since, site_id, key, 0),
        plans(crowded, left.signed_with, site_id, key),
        plans(crowded, left.has_left, 1),
    ):
        assert_uses(plan, "authors_by_email")


def test_the_votes_of_a_person_for_themselves_are_found_by_who_voted(crowded: Stage) -> None:
    assert_uses(plans(crowded, votes.votes_for_oneself, 1), "votes_by_voter")
    assert_uses(plans(crowded, votes.votes_given_twice, 1, 2), "votes_by_voter")


def test_a_name_among_many_members_is_found_by_what_it_looks_like(crowded: Stage) -> None:
    for find, more in ((names.are_held, ()), (names.are_held_by_others, (b"token",))):
        plan = plans(crowded, find, crowded.site.id, ["nell", "ne11"], *more)
        assert_uses(plan, "name_looks")


def test_the_threads_to_draw_again_for_a_new_name_are_found_by_who_signed(crowded: Stage) -> None:
    assert_uses(plans(crowded, own.threads_of, 1), "authors_by_account")
