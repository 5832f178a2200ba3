"""A write that arrives twice is done once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request

from rejoinder.db import Database, Tx
from rejoinder.errors import Invalid
from rejoinder.web.idempotency import claim, forget_answers, hash_request, read_key
from rejoinder.web.models import Attempt

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def attempt(key: str = "k", text: str = "Hello", *, site_id: int = 1, scope: bytes = b"v1") -> Attempt:
    return Attempt(site_id, scope, key, hash_request({"text": text}))


def post(tx: Tx, made: list[int], attempt: Attempt, *, now: datetime = NOW) -> str:
    """A write as a verb does it: claim the key, and do what it is for where it is the first."""
    answer = f"answer {len(made) + 1}"
    known = claim(tx, attempt, answer, now=now)
    if known is not None:
        return known
    made.append(1)
    return answer


def test_the_second_is_answered_as_the_first(db: Database) -> None:
    made: list[int] = []
    assert [db.write_now(post, made, attempt()) for _ in range(3)] == ["answer 1"] * 3
    assert len(made) == 1


def test_another_key_scope_or_site_is_another_write(db: Database) -> None:
    made: list[int] = []
    for other in (attempt(), attempt("l"), attempt(scope=b"v2"), attempt(site_id=2)):
        db.write_now(post, made, other)
    assert len(made) == 4


def test_the_same_key_with_another_text_is_refused(db: Database) -> None:
    made: list[int] = []
    db.write_now(post, made, attempt())
    with pytest.raises(Invalid) as refusal:
        db.write_now(post, made, attempt(text="Something else"))
    assert refusal.value.code == "idempotency-mismatch"
    assert len(made) == 1


def test_a_first_attempt_that_failed_leaves_nothing_behind(db: Database) -> None:
    def fail(tx: Tx) -> None:
        claim(tx, attempt(), "never given", now=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.write_now(fail)
    assert db.write_now(post, [], attempt()) == "answer 1"


def test_a_day_later_the_key_is_free_again(db: Database) -> None:
    made: list[int] = []
    db.write_now(post, made, attempt())
    assert db.write_now(post, made, attempt(text="Something else"), now=NOW + DAY) == "answer 2"


def test_answers_are_forgotten_after_a_day(db: Database) -> None:
    now = datetime.now(UTC)
    db.write_now(post, [], attempt("old"), now=now - DAY - timedelta(minutes=1))
    db.write_now(post, [], attempt("new"), now=now - DAY + timedelta(minutes=1))
    assert db.write_now(forget_answers) == 1


def test_many_at_the_same_time_are_one(db: Database) -> None:
    answers: list[str] = []
    start = threading.Barrier(20)

    def send() -> None:
        start.wait()
        answers.append(db.write_now(post, [], attempt()))

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["answer 1"] * 20
    assert db.read_now(lambda tx: tx.value("SELECT count(*) FROM idempotency")) == 1


def test_the_order_of_fields_makes_no_other_request() -> None:
    assert hash_request({"a": "1", "b": "2"}) == hash_request({"b": "2", "a": "1"})
    assert hash_request({"a": "1", "b": "2"}) != hash_request({"a": "1b", "": "2"})


@pytest.mark.parametrize("key", ["", "x" * 101, "a b", "ü", "a\tb"])
def test_what_is_no_key_is_refused(key: str) -> None:
    headers = [(b"idempotency-key", key.encode("latin-1"))]
    with pytest.raises(Invalid):
        read_key(Request({"type": "http", "headers": headers}))


def test_a_request_needs_no_key() -> None:
    assert read_key(Request({"type": "http", "headers": []})) is None
