"""Programs read and answer: the public JSON, by HTTP against a real server."""

import re
from collections.abc import Iterator
from secrets import token_urlsafe
from typing import Any

import httpx
import pytest

from serving import Article, Serving

ELSEWHERE = "https://blog.example"
SIGNED = {"author": {"name": "Nell"}}


@pytest.fixture(scope="module")
def news(each_lamp: Serving) -> Iterator[Serving]:
    """The publication, while it lets the scripts of one other origin in."""
    with each_lamp.letting_in(ELSEWHERE):
        yield each_lamp


@pytest.fixture
def anyone(news: Serving) -> Iterator[httpx.Client]:
    with news.client() as client:
        yield client


def say(news: Serving, article: Article, text: str, *, token: str = "", **more: Any) -> dict[str, Any]:
    token = token or token_urlsafe(32)
    with news.client(authorization=f"Bearer {token}") as client:
        body = {"thread": {"url": article.path}, "text": text, "author": {"name": "Nell"}} | more
        answer = client.post("/api/v1/comments", json=body)
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


def test_an_article_s_discussion_is_found_by_its_address(news: Serving, anyone: httpx.Client) -> None:
    article = news.article()
    before = anyone.get("/api/v1/threads", params={"url": article.path}).json()
    assert (before["id"], before["version"], before["comment_count"]) == (None, 0, 0)
    assert (before["url"], before["state"]) == (news.base_url + article.path, "open")

    said = say(news, article, "Who lit it?")
    for url in (article.path, news.base_url + article.path, f"{article.path}?utm_source=mail#text"):
        found = anyone.get("/api/v1/threads", params={"url": url, "v": said["version"]}).json()
        assert (found["id"], found["comment_count"]) == (said["thread_id"], 1)
    assert anyone.get(f"/api/v1/threads/{said['thread_id']}").json() == found
    assert anyone.get("/api/v1/threads", params={"url": "/articles/nowhere"}).status_code == 404


def test_a_comment_is_the_same_wherever_it_is_read(news: Serving, anyone: httpx.Client) -> None:
    article = news.article()
    said = say(news, article, "Who *lit* it?")
    reply = say(news, article, "I did.", reply_to=said["id"])

    listed = anyone.get(
        f"/api/v1/threads/{said['thread_id']}/comments", params={"v": reply["version"]}
    ).json()
    assert [comment["id"] for comment in listed["comments"]] == [said["id"], reply["id"]]
    assert (listed["next"], listed["comment_count"], listed["version"]) == (None, 2, reply["version"])
    first, second = listed["comments"]
    assert first == anyone.get(f"/api/v1/comments/{said['id']}").json()
    assert (first["text"], first["html"]) == ("Who *lit* it?", "<p>Who <em>lit</em> it?</p>")
    assert (second["parent_id"], second["depth"], first["depth"]) == (said["id"], 1, 0)
    assert first["permalink"] == f"{news.base_url}/comments/{said['id']}#comment-{said['id']}"
    assert {name: reply[name] for name in second} == second


def test_who_wrote_it_reads_more_of_it_than_others(news: Serving, anyone: httpx.Client) -> None:
    nell_s = token_urlsafe(32)
    said = say(news, news.article(), "Who lit it?", token=nell_s)
    with news.client(authorization="Bearer " + nell_s) as nell:
        own = nell.get(f"/api/v1/comments/{said['id']}").json()
    assert (own["revision"], own["can"]) == (1, ["delete", "edit"])
    assert "can" not in anyone.get(f"/api/v1/comments/{said['id']}").json()


def test_of_what_is_gone_only_its_place_is_told(news: Serving, anyone: httpx.Client) -> None:
    nell_s = token_urlsafe(32)
    article = news.article()
    said = say(news, article, "This I take back.", token=nell_s)
    say(news, article, "Why?", reply_to=said["id"])
    alone = say(news, article, "And this.", token=nell_s)
    with news.client(authorization="Bearer " + nell_s) as nell:
        for each in (said, alone):
            gone = nell.delete(f"/api/v1/comments/{each['id']}")
            assert gone.status_code == 200

    version = gone.json()["version"]
    listed = anyone.get(f"/api/v1/threads/{said['thread_id']}/comments", params={"v": version}).json()
    place = listed["comments"][0]
    assert [comment["status"] for comment in listed["comments"]] == ["deleted", "published"]
    assert (place["author"], place["html"], place["text"]) == (None, None, None)
    assert listed["comment_count"] == 1
    assert anyone.get(f"/api/v1/comments/{alone['id']}").status_code == 404


def test_a_walk_by_cursor_meets_every_comment_once(news: Serving, anyone: httpx.Client) -> None:
    article = news.article()
    ids = [say(news, article, f"Thought {n}.")["id"] for n in range(7)]
    ids.append(say(news, article, "Below.", reply_to=ids[2])["id"])
    version = say(news, article, "Last.")["version"]
    thread = anyone.get("/api/v1/threads", params={"url": article.path, "v": version}).json()["id"]

    for sort in ("oldest", "newest", "most-voted", "best"):
        met: list[str] = []
        asked: dict[str, Any] = {"sort": sort, "limit": 2, "v": version}
        while True:
            page = anyone.get(f"/api/v1/threads/{thread}/comments", params=asked).json()
            met += [comment["id"] for comment in page["comments"]]
            if page["next"] is None:
                break
            asked["after"] = page["next"]
        assert len(met) == len(set(met)) == 9, sort
        assert met.index(ids[2]) < met.index(ids[7])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("?limit=0", "wrong-parameter"),
        ("?limit=201", "wrong-parameter"),
        ("?limit=two", "wrong-parameter"),
        ("?sort=loudest", "wrong-parameter"),
        ("?after=nonsense", "wrong-parameter"),
        ("?filter=passages", "wrong-parameter"),
        ("?page=2", "unknown-parameter"),
        ("?limit=2&limit=3", "wrong-parameter"),
    ],
)
def test_what_is_asked_wrongly_is_said(news: Serving, anyone: httpx.Client, asked: str, code: str) -> None:
    thread = say(news, news.article(), "Here.")["thread_id"]
    answer = anyone.get(f"/api/v1/threads/{thread}/comments{asked}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_read_is_a_snapshot(news: Serving, anyone: httpx.Client) -> None:
    said = say(news, news.article(), "Here.")
    path = f"/api/v1/threads/{said['thread_id']}/comments"
    fresh = anyone.get(path, params={"v": said["version"]})
    again = anyone.get(path, headers={"accept-encoding": "br"})
    assert again.headers["content-encoding"] == "br"
    assert again.json() == fresh.json()
    assert (
        anyone.get(
            path, headers={"accept-encoding": "br", "if-none-match": again.headers["etag"]}
        ).status_code
        == 304
    )
    assert again.headers["access-control-allow-origin"] == "*"
    assert "s-maxage" in again.headers["cache-control"]


def test_counts_of_many_addresses_come_at_once(news: Serving, anyone: httpx.Client) -> None:
    talked, quiet = news.article(), news.article()
    say(news, talked, "One.")
    say(news, talked, "Two.")
    urls = [talked.path, news.base_url + talked.path, quiet.path, "https://elsewhere.example/"]
    counts = anyone.get("/api/v1/counts", params={"url": urls}).json()["counts"]
    assert counts == {urls[0]: 2, urls[1]: 2, urls[2]: 0, urls[3]: 0}

    many = [f"/articles/{number}" for number in range(100)]
    assert len(anyone.get("/api/v1/counts", params={"url": many}).json()["counts"]) == 100
    for params, code in (({"url": [*many, "/one-more"]}, "wrong-parameter"), ({}, "missing-parameter")):
        answer = anyone.get("/api/v1/counts", params=params)
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_an_edit_that_crossed_another_is_answered_with_both_texts(news: Serving) -> None:
    nell_s = token_urlsafe(32)
    said = say(news, news.article(), "First words.", token=nell_s)
    with news.client(authorization="Bearer " + nell_s) as nell:
        path = f"/api/v1/comments/{said['id']}"
        assert nell.patch(path, json={"text": "Second words.", "revision": 1}).status_code == 200
        crossed = nell.patch(path, json={"text": "Third words.", "revision": 1})
    problem = crossed.json()
    assert (crossed.status_code, problem["code"]) == (409, "comment-changed")
    assert (problem["theirs"], problem["yours"], problem["revision"]) == ("Second words.", "Third words.", 2)


def test_every_write_is_answered_with_the_version_that_shows_it(news: Serving, anyone: httpx.Client) -> None:
    nell_s = token_urlsafe(32)
    article = news.article()
    said = say(news, article, "Here.", token=nell_s)
    path = f"/api/v1/comments/{said['id']}"
    with news.client(authorization="Bearer " + token_urlsafe(32)) as omar:
        assert omar.put(f"{path}/vote", json={"value": 1}).json()["version"] >= said["version"]
    with news.client(authorization="Bearer " + nell_s) as nell:
        edited = nell.patch(path, json={"text": "There.", "revision": 1}).json()
        read = anyone.get(
            f"/api/v1/threads/{said['thread_id']}/comments", params={"v": edited["version"]}
        ).json()
        assert read["comments"][0]["text"] == "There."
        gone = nell.delete(path).json()
        back = nell.post(f"{path}/undo-delete").json()
    assert said["version"] < edited["version"] < gone["version"] < back["version"]


def test_only_a_listed_origin_s_script_may_write_and_read_what_is_its_reader_s(news: Serving) -> None:
    article = news.article()
    body = {"thread": {"url": article.path}, "text": "From afar.", "author": {"name": "Nell"}}
    asking = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type, idempotency-key",
    }
    for origin, may in (
        (ELSEWHERE, True),
        ("https://evil.example", False),
        (f"{ELSEWHERE}.evil.example", False),
    ):
        token = {"authorization": "Bearer " + token_urlsafe(32), "x-forwarded-for": news.network()}
        with news.program({"origin": origin} | token) as script:
            asked = script.options("/api/v1/comments", headers=asking)
            posted = script.post("/api/v1/comments", json=body)
            refused = script.post("/api/v1/comments", json={"text": 1})
        assert asked.status_code == (204 if may else 403)
        assert posted.status_code == (201 if may else 403)
        for answer in (asked, posted, refused):
            assert answer.headers.get("access-control-allow-origin") == (ELSEWHERE if may else None)
            assert "Origin" in answer.headers["vary"]
            assert "access-control-allow-credentials" not in answer.headers
        if may:
            assert asked.headers["access-control-max-age"] == "7200"
            assert {"Authorization", "Content-Type", "Idempotency-Key"} <= set(
                asked.headers["access-control-allow-headers"].split(", ")
            )


def test_the_description_names_every_route_and_only_what_it_answers(
    news: Serving, anyone: httpx.Client
) -> None:
    described = anyone.get("/api/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    assert set(described["paths"]) == {
        "/api/v1/comments",
        "/api/v1/comments/{comment_id}",
        "/api/v1/comments/{comment_id}/status",
        "/api/v1/comments/{comment_id}/undo-delete",
        "/api/v1/comments/{comment_id}/vote",
        "/api/v1/counts",
        "/api/v1/preview",
        "/api/v1/threads",
        "/api/v1/threads/{thread_id}",
        "/api/v1/threads/{thread_id}/comments",
        "/api/v1/threads/{thread_id}/mine",
    }
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            for status, response in operation["responses"].items():
                kinds = set(response["content"])
                assert kinds == ({"application/problem+json"} if status >= "400" else {"application/json"})


def test_an_answer_says_how_much_one_may_still_do_and_a_refusal_how_long_to_wait(news: Serving) -> None:
    article = news.article()
    with news.client(authorization="Bearer " + token_urlsafe(32)) as nell:
        for left in (4, 3, 2, 1, 0):
            body = {"thread": {"url": article.path}, "text": f"{left} left.", "author": {"name": "Nell"}}
            posted = nell.post("/api/v1/comments", json=body)
            assert posted.headers["ratelimit-policy"] == '"comment-visitor-60";q=5;w=60'
            assert posted.headers["ratelimit"].startswith(f'"comment-visitor-60";r={left};t=')
        refused = nell.post("/api/v1/comments", json=body | {"text": "One too many."})
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["limit"]) == (429, "too-many", "comment-visitor-60")
    assert 50 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"] == f'"comment-visitor-60";r=0;t={refused.headers["retry-after"]}'


def test_who_reads_from_another_origin_learns_why_it_failed(news: Serving) -> None:
    with news.program({"origin": "https://evil.example"}) as script:
        for path in (
            "/api/v1/threads?url=/articles/nowhere",
            "/api/v1/counts",
            "/api/v1/threads/x/comments?limit=0",
        ):
            answer = script.get(path)
            assert answer.status_code in {400, 404}
            assert answer.headers["access-control-allow-origin"] == "*"


def test_a_wrong_method_is_answered_with_the_right_ones(news: Serving, anyone: httpx.Client) -> None:
    for path, operations in anyone.get("/api/openapi.json").json()["paths"].items():
        right = {method.upper() for method in operations}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - right:
            answer = anyone.request(method, path.replace("{", "").replace("}", ""))
            assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed"), (method, path)
            assert set(answer.headers["allow"].split(", ")) == right | {"OPTIONS"}, (method, path)
    assert anyone.get("/api/v1/nowhere").json()["code"] == "not-found"


def test_where_there_is_no_discussion_a_program_is_told_so(news: Serving, anyone: httpx.Client) -> None:
    for url in ("/articles/nowhere", "/articles/about", "https://elsewhere.example/"):
        asked = anyone.get("/api/v1/threads", params={"url": url})
        assert (asked.status_code, asked.json()["code"]) == (404, "thread-not-found"), url


def test_a_comment_for_two_discussions_is_posted_in_neither(news: Serving, anyone: httpx.Client) -> None:
    here, there = news.article(), news.article()
    thread_id = say(news, here, "Here.")["thread_id"]
    for url in (there.path, "/articles/nowhere", "https://elsewhere.example/"):
        body = {"thread": {"id": thread_id, "url": url}, "text": "Where?", **SIGNED}
        refused = anyone.post("/api/v1/comments", json=body)
        problem = refused.json()
        assert (refused.status_code, problem["code"], problem["field"]) == (400, "thread-mismatch", "thread")
    body = {"thread": {"id": thread_id, "url": news.base_url + here.path}, "text": "Both.", **SIGNED}
    assert anyone.post("/api/v1/comments", json=body).json()["thread_id"] == thread_id


def test_a_new_comment_is_answered_with_its_address(news: Serving, anyone: httpx.Client) -> None:
    body = {"thread": {"url": news.article().path}, "text": "Here.", **SIGNED}
    posted = anyone.post("/api/v1/comments", json=body)
    assert posted.headers["location"] == f"/api/v1/comments/{posted.json()['id']}"
    read = anyone.get(posted.headers["location"]).json()
    assert {name: posted.json()[name] for name in read} == read


def test_a_token_is_given_once_however_often_a_comment_is_sent(news: Serving, anyone: httpx.Client) -> None:
    body = {"thread": {"url": news.article().path}, "text": "Who am I?", **SIGNED}
    first, again = (
        anyone.post("/api/v1/comments", json=body, headers={"idempotency-key": "mine"}) for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert len(first.json()["visitor_token"]) == 43
    assert again.json()["id"] == first.json()["id"]
    assert first.json()["visitor_token"] not in again.text


@pytest.mark.parametrize(
    ("wished", "language", "begins"),
    [
        ("de", "de", "Der Parameter"),
        ("de-AT, en;q=0.8", "de", "Der Parameter"),
        ("fr, ar;q=0.4, de;q=0.5", "de", "Der Parameter"),
        ("ar", "ar", "المعامل"),
        ("fr", "en", "The parameter"),
        ("de;q=0", "en", "The parameter"),
        ("*", "en", "The parameter"),
        ("nonsense;q=much, ;;,", "en", "The parameter"),
        (None, "en", "The parameter"),
    ],
)
def test_a_refusal_speaks_the_caller_s_language(
    news: Serving, anyone: httpx.Client, wished: str | None, language: str, begins: str
) -> None:
    refused = anyone.get("/api/v1/threads", headers={"accept-language": wished} if wished else {})
    assert refused.json()["code"] == "missing-parameter"
    assert refused.headers["content-language"] == language
    assert refused.json()["detail"].startswith(begins)


def test_the_description_is_a_page_without_a_script_of_others(news: Serving, anyone: httpx.Client) -> None:
    page = anyone.get("/api/docs")
    assert page.status_code == 200
    for path, operations in anyone.get("/api/openapi.json").json()["paths"].items():
        for method in operations:
            assert f"{method.upper()} {path}" in page.text
    assert "edition-gone" in page.text
    outside = re.findall(
        r"""(?:href|src)=["']?(?:https?:)?//[^"' >]+""", page.text.replace(news.base_url, "")
    )
    assert outside == []


def test_the_description_explains_every_field_and_shows_an_example(
    news: Serving, anyone: httpx.Client
) -> None:
    described = anyone.get("/api/openapi.json").json()
    bodies = {
        f"{method} {path}": operation["requestBody"]["content"]["application/json"]["schema"]
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        if "requestBody" in operation
    }
    assert len(bodies) == 5
    for name, schema in (described["components"]["schemas"] | bodies).items():
        assert schema == {} or schema["description"], name  # of what may be anything
        for field, about in schema.get("properties", {}).items():
            kinds = [about, *about.get("anyOf", ())]
            shows_itself = any(
                kind.get("type") in {"array", "object", "boolean"} or {"$ref", "enum", "const"} & kind.keys()
                for kind in kinds
            )
            assert about.get("description"), (name, field)
            assert shows_itself or any("examples" in kind for kind in kinds), (name, field)
