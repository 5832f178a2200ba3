"""Sent two hundred times at once, through two processes: done once, and everybody is told the same."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from drills.kept import assert_sound, read_kept
from drills.process import Process, served
from drills.writing import Post, client_of, send, sender

TIMES = 200


def at_once(
    servers: list[Process], ask: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
) -> list[httpx.Response]:
    """Ask two hundred times, by turns through each process, all begun together."""

    async def begin() -> list[httpx.Response]:
        clients = [client_of(server) for server in servers]
        try:
            return await asyncio.gather(*(ask(clients[n % len(clients)]) for n in range(TIMES)))
        finally:
            for client in clients:
                await client.aclose()

    return asyncio.run(begin())


def test_two_hundred_identical_posts_are_one_comment(empty_url: str, tmp_path: Path) -> None:
    with served(empty_url, tmp_path, processes=2) as servers:
        answers = at_once(servers, lambda client: send(client, Post(1)))
        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: TIMES - 1}
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert [comment.text for comment in read_kept(empty_url)] == [Post(1).text]
        assert_sound(servers[0])


def test_the_same_without_a_key_is_one_comment_too(empty_url: str, tmp_path: Path) -> None:
    async def press_twice(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/api/v1/comments", json=Post(1).body, headers=sender(1))

    with served(empty_url, tmp_path, processes=2) as servers:
        answers = at_once(servers, press_twice)
        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: TIMES - 1}
        assert len(read_kept(empty_url)) == 1
        assert_sound(servers[0])


def test_two_hundred_votes_of_one_voter_are_one(empty_url: str, tmp_path: Path) -> None:
    with served(empty_url, tmp_path, processes=2) as servers:
        with servers[0].client() as nell:
            comment = nell.post("/api/v1/comments", json=Post(1).body, headers=Post(1).headers).json()["id"]

        async def vote(client: httpx.AsyncClient) -> httpx.Response:
            return await client.put(f"/api/v1/comments/{comment}/vote", json={"value": 1}, headers=sender(2))

        answers = at_once(servers, vote)
        assert {answer.status_code for answer in answers} == {200, 429}  # ten in ten seconds, then patience
        assert {answer.json()["up"] for answer in answers if answer.is_success} == {1}
        assert_sound(servers[1])  # the figure on the comment is what the one row of its voter says
