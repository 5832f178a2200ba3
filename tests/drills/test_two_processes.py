"""Two processes on one database are one site: what one took, the other shows; what one counted, the other knows."""

import statistics
import time
from pathlib import Path

import httpx

from drills.process import PAGE, served
from drills.writing import Post, sender


def test_what_one_took_the_other_never_answers_older(empty_url: str, tmp_path: Path) -> None:
    with (
        served(empty_url, tmp_path, processes=2) as (first, second),
        first.client() as one,
        second.client() as other,
    ):
        for number in range(1, 31):
            writing, reading = (one, other) if number % 2 else (other, one)
            posted = post(writing, number)
            version = {"v": str(posted["version"])}
            seen = reading.get(f"/comments/{posted['id']}", params=version)
            assert (seen.status_code, Post(number).text in seen.text) == (200, True)
            assert Post(number).text in reading.get(PAGE, params=version).text


def test_limits_are_shared(empty_url: str, tmp_path: Path) -> None:
    with served(empty_url, tmp_path, processes=2) as (first, second):
        with first.client() as one, second.client() as other:
            answers = [
                client.post("/api/v1/comments", json=Post(number).body, headers=sender(1))
                for number, client in enumerate([one, other, one, other, one, other, one], start=1)
            ]
        assert [answer.status_code for answer in answers] == [201] * 5 + [429] * 2


def test_the_limit_of_a_network_is_shared_by_processes_that_began_together(
    empty_url: str, tmp_path: Path
) -> None:
    """Networks are known by a keyed hash: processes that begin at once on an empty database agree on the key."""
    with served(empty_url, tmp_path, processes=2) as (first, second):
        with first.client() as one, second.client() as other:
            answers = []
            for number in range(1, 23):
                headers = sender(number) | {"x-forwarded-for": "10.9.9.9"}
                client = one if number % 2 else other
                answers.append(client.post("/api/v1/comments", json=Post(number).body, headers=headers))
        assert [answer.status_code for answer in answers] == [201] * 20 + [429] * 2


def test_a_page_that_the_other_keeps_is_drawn_again_within_a_second(empty_url: str, tmp_path: Path) -> None:
    with served(empty_url, tmp_path, processes=2) as (first, second):
        with first.client() as writing, second.client() as reading:
            assert reading.get(PAGE).is_success
            waited = []
            for number in range(1, 12):
                post(writing, number)
                waited.append(seconds_until_shown(reading, Post(number).text))
        assert statistics.median(waited) < 1


def post(client: httpx.Client, number: int) -> dict[str, object]:
    """Post, and what was answered."""
    answer = client.post("/api/v1/comments", json=Post(number).body, headers=Post(number).headers)
    assert answer.status_code == 201, answer.text
    fields: dict[str, object] = answer.json()
    return fields


def seconds_until_shown(client: httpx.Client, text: str) -> float:
    """How long the article's page goes on without a text, as any reader asks for it."""
    began = time.monotonic()
    while text not in client.get(PAGE).text:
        assert time.monotonic() - began < 10, "the page was never drawn again"
        time.sleep(0.01)
    return time.monotonic() - began
