"""What anybody may write (D31, D35): texts and names that nobody here made up come back as written, or are refused."""

from collections.abc import Iterator
from secrets import token_urlsafe
from typing import Any

import httpx
import pytest

from attacks import Corpora
from security.doors import CHANGES, DOORS, Key, Scene, set_scene
from serving import Serving

READERS = [key for key in CHANGES if DOORS[key].kind == "json" and DOORS[key].sent]


@pytest.fixture(scope="module")
def scene(each_lamp: Serving) -> Scene:
    return set_scene(each_lamp)


def posted(scene: Scene, bodies: Iterator[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], httpx.Response]]:
    """Each body, posted by somebody new from elsewhere, and what it was answered with."""
    with scene.lamp.program({}) as program:
        for body in bodies:
            sender = {"authorization": f"Bearer {token_urlsafe(32)}", "x-forwarded-for": scene.lamp.network()}
            yield body, program.post("/api/v1/comments", json=body, headers=sender)


def test_a_text_of_the_corpora_is_read_again_as_it_was_written(scene: Scene, corpora: Corpora) -> None:
    thread = {"url": scene.article.path}
    texts = dict.fromkeys((*corpora.naughty, *corpora.examples))
    refused = []
    with scene.lamp.client() as reader:
        for body, answer in posted(
            scene, ({"thread": thread, "text": t, "author": {"name": "Nell"}} for t in texts)
        ):
            if answer.status_code == 201:
                read = reader.get(answer.headers["location"])
                mine = answer.json()["text"]
                assert mine == body["text"].replace("\r\n", "\n").replace("\r", "\n")
                if answer.json()["status"] == "published":
                    assert read.json()["text"] == mine
                else:
                    assert read.status_code == 404
            else:
                assert (answer.status_code, answer.json()["field"]) == (400, "text"), body
                refused.append(body["text"])
    assert len(texts) > 1_000
    assert len(refused) < 60, refused  # blanks, controls and Markdown that shows nothing


def test_a_name_of_the_corpora_is_read_again_as_it_was_written(scene: Scene, corpora: Corpora) -> None:
    thread, taken = {"url": scene.article.path}, 0
    for body, answer in posted(
        scene,
        (
            {"thread": thread, "text": f"Said {n}.", "author": {"name": name}}
            for n, name in enumerate(corpora.naughty)
        ),
    ):
        if answer.status_code == 201:
            taken += 1
            assert answer.json()["author"]["name"] == " ".join(body["author"]["name"].split())
        else:
            assert (answer.status_code, answer.json()["field"]) in {(400, "name"), (400, "author.name")}, body
    assert taken > 200


HUGE = "9" * 400
ODD = (
    '{"text": "A", "text": "B", "revision": 1, "revision": 2}',
    *(f'{{"text": "A", "revision": {n}, "value": {n}, "elapsed": {n}}}' for n in (HUGE, "-" + HUGE, "1e400")),
    *(f'{{"text": "A", "revision": {n}, "value": {n}}}' for n in ("1.0", "-0", "1e0", "01", "0x1", "NaN")),
    *('{"text": "\\ud800"}', '{"text": "\\u0000"}', '{"text": "A", "__proto__": {"a": 1}}', '{"verb": {}}'),
    *("[" * 60_000, '{"a":' * 20_000, "[" * 31 + "]" * 31, '{"text": ' + "[" * 33 + "]" * 33 + "}"),
    *("", "null", "[]", '"A"', "1", '{"text": "A"}{"text": "B"}', "\ufeff{}", "{'text': 'A'}"),
)


@pytest.mark.parametrize("route", READERS, ids=lambda key: f"{key[0]} {key[1]}")
def test_json_that_no_program_of_ours_sends_is_refused(scene: Scene, route: Key) -> None:
    before = scene.state()
    with scene.known() as reader:
        for text in ODD:
            headers = {"content-type": "application/json", "x-forwarded-for": scene.lamp.network()}
            answer = scene.use(reader, route, content=text.encode("utf-8", "surrogatepass"), headers=headers)
            assert answer.status_code in {400, 403, 404, 413}, (text[:80], answer.status_code)
    assert scene.state() == before


# What a caller may never say of a comment: who is behind it, how it stands, when it was, where it came from (D35).
NOT_THEIRS = (
    *("id", "status", "label", "role", "is_staff", "up", "down", "score", "best", "pinned", "pinned_until"),
    *("posted_at", "placed_at", "edited_at", "depth", "path", "root_id", "ip", "network", "site", "site_id"),
    *("account_id", "visitor_id", "author_id", "thread_id", "version", "html", "permalink", "visitor_token"),
)


@pytest.mark.parametrize("route", READERS, ids=lambda key: f"{key[0]} {key[1]}")
def test_nobody_writes_what_is_not_theirs_to_say(scene: Scene, route: Key) -> None:
    thread = {"url": scene.article.path}
    author = {"author": {"name": "Nell"}} if "author" in DOORS[route].sent else {}
    right = dict(DOORS[route].sent) | ({"thread": thread} if author else {})
    with scene.lamp.staff("Bob") as bob:
        before = scene.state()
        for name in NOT_THEIRS:
            places: list[dict[str, Any]] = [right | {name: 1}]
            if author:
                places += [
                    right | {"author": {"name": "Nell", name: 1}},
                    right | {"thread": thread | {name: 1}},
                ]
            for body in places:
                answer = scene.use(bob, route, json=body)
                assert (answer.status_code, answer.json()["code"]) == (400, "invalid-field"), (name, body)
    assert scene.state() == before
