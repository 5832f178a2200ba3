"""Limits hold at the doors (D22), for whom a proxy we trust says it is (D23), and sizes end where they say (D31)."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from databases import Databases
from rejoinder.comments.api.bodies import EditBody, PostBody, PreviewBody, StatusBody
from rejoinder.votes.api import VoteBody
from security.doors import Scene
from serving import Serving, fill, serving

MORE = 129 * 1024


def post(client: httpx.Client, url: str, text: str, **headers: str) -> httpx.Response:
    body = {"thread": {"url": url}, "text": text, "author": {"name": "Nell"}}
    return client.post("/api/v1/comments", json=body, headers=headers)


def post_unowned(client: httpx.Client, url: str, text: str, **headers: str) -> httpx.Response:
    """Post without script from a browser that keeps no cookie: such readers of one network share an allowance."""
    fields = {"url": url, "text": text, "name": "Nell", "signed": ""}
    return client.post("/comments", data=fields, headers=headers)


def test_a_reader_posts_five_times_a_minute_and_is_told_when_to_come_back(each_lamp: Serving) -> None:
    url = each_lamp.article().path
    with each_lamp.client(authorization="Bearer " + "r" * 43) as nell:
        assert [post(nell, url, f"Once, {number}.").status_code for number in range(5)] == [201] * 5
        refused = post(nell, url, "Once too often.")
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many")
        assert 0 < int(refused.headers["retry-after"]) <= 60
        form = {"url": url, "text": "Kept, though.", "name": "Nell"}
        page = nell.post("/comments", data=form)
        assert page.status_code == 429 and page.headers["retry-after"]
        assert "Kept, though.</textarea>" in page.text and 'value="Nell"' in page.text


def test_one_network_posts_twenty_times_a_minute(lamp: Serving) -> None:
    url, network = lamp.article().path, lamp.network()
    statuses = []
    for number in range(22):
        with lamp.client(
            **{"x-forwarded-for": network, "authorization": "Bearer " + f"{number:043}"}
        ) as client:
            statuses.append(post(client, url, f"Once, {number}.").status_code)
    assert statuses == [201] * 20 + [429] * 2


def test_a_reader_votes_ten_times_in_ten_seconds_and_edits_ten_times_a_minute(scene: Scene) -> None:
    with scene.known() as reader:
        path = f"/api/v1/comments/{scene.said}/vote"
        statuses = [reader.put(path, json={"value": 1 - number % 2 * 2}).status_code for number in range(11)]
        assert statuses == [200] * 10 + [429]
    with scene.known(scene.author) as author:
        path = f"/api/v1/comments/{scene.said}"
        edits = [
            author.patch(path, json={"text": f"Edit {n}.", "revision": n}).status_code for n in range(1, 12)
        ]
        assert edits == [200] * 10 + [429]


def test_a_newcomer_has_at_most_three_comments_waiting(lamp: Serving) -> None:
    held = lamp.publish(f"waiting-{lamp.article().slug}", front="discussion: held\n")
    with lamp.client(authorization="Bearer " + "w" * 43) as nell:
        answers = [post(nell, held.path, f"Please, {number}.") for number in range(4)]
    assert [answer.status_code for answer in answers] == [201] * 3 + [429]
    assert answers[3].json()["code"] == "too-many-waiting" and answers[3].headers["retry-after"]


NEAR = (
    *("203.0.113.9", "203.0.113.77", "203.0.113.9:80, 203.0.113.9", "203.0.113.9:4711", "::ffff:203.0.113.9"),
    *(
        "[::ffff:203.0.113.9]:80",
        "198.51.100.1, 203.0.113.9",
        "evil, 203.0.113.200",
        "127.0.0.1, 203.0.113.9",
    ),
    *("203.0.113.9, 127.0.0.1", "[203.0.113.9]", "::ffff:cb00:7109"),
)
NEAR_6 = (
    *(
        "2001:db8:1:2::1",
        "2001:db8:1:2:ffff:ffff:ffff:ffff",
        "[2001:db8:1:2::5]:443",
        "2001:DB8:0001:0002::9",
    ),
    *(
        "2001:db8:1:2::1%eth0",
        "198.51.100.1, 2001:db8:1:2::7",
        "2001:db8:1:2:0:0:0:1, 127.0.0.1",
        "[2001:db8:1:2::1]",
    ),
)
FAR = ("203.0.114.9", "2001:db8:1:3::1", "198.51.100.1")


@pytest.mark.parametrize("near", [NEAR, NEAR_6], ids=["IPv4", "IPv6"])
def test_every_spelling_of_one_network_is_one_network(lamp: Serving, near: tuple[str, ...]) -> None:
    url = lamp.article().path
    with lamp.client() as client:
        statuses = [
            post_unowned(client, url, f"{near[0]}: {number}", **{"x-forwarded-for": form}).status_code
            for number, form in enumerate(near)
        ]
    # Who keeps no cookie shares five a minute with the others of the same network.
    assert statuses == [303] * 5 + [429] * (len(near) - 5)


def test_other_networks_are_other_people(lamp: Serving) -> None:
    url = lamp.article().path
    with lamp.client() as client:
        for number in range(15):
            form = FAR[number % 3]
            assert post_unowned(client, url, f"Far: {number}", **{"x-forwarded-for": form}).status_code == 303


FORGED = (
    *("x-forwarded-for", "forwarded", "x-real-ip", "client-ip", "true-client-ip", "cf-connecting-ip"),
    *("x-client-ip", "x-cluster-client-ip", "x-forwarded", "forwarded-for", "fastly-client-ip"),
    *("x-originating-ip", "x-remote-ip", "x-remote-addr", "via"),
)


def test_without_a_trusted_proxy_no_header_makes_another_reader(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("untrusting") / "publication"
    fill(folder, articles=2)
    with (
        databases.migrated("sqlite") as url,
        serving(url, folder, REJOINDER_TRUSTED_PROXIES="") as server,
        server.client() as client,
    ):
        path = server.article().path
        statuses = []
        for number, header in enumerate(FORGED):
            value = f"for=198.51.{number}.1" if header == "forwarded" else f"198.51.{number}.1"
            statuses.append(post_unowned(client, path, f"I am {header}.", **{header: value}).status_code)
    assert statuses == [303] * 5 + [429] * (len(FORGED) - 5)


EDGES = (
    ("text", "x", 10_000),
    ("text", "😀", 10_000),
    ("name", "x", 80),
    ("name", "👩‍🚀", 80),
    ("website", "https://example.org/", 2048),
    ("email", "@example.org", 254),
)


def _filled(field: str, unit: str, length: int) -> str:
    if field == "website":
        return unit + "a" * (length - len(unit))
    if field == "email":
        return "a" * 64 + "@" + ".".join(["b" * 57] * 3) + "." + "c" * (length - 64 - 1 - 3 * 58)
    return unit * length


@pytest.mark.parametrize(("field", "unit", "most"), EDGES)
@pytest.mark.parametrize("door", ["form", "api"])
def test_a_field_takes_its_limit_and_not_one_more(
    lamp: Serving, field: str, unit: str, most: int, door: str
) -> None:
    url = lamp.article().path
    for length, status in ((most, 201), (most + 1, 400)):
        written = _filled(field, unit, length)
        fields = {"text": f"Said by {field}.", "name": "Nell"} | {field: written}
        with lamp.client() as client:
            if door == "api":
                author = {name: value for name, value in fields.items() if name != "text"}
                body = {"thread": {"url": url}, "text": fields["text"], "author": author}
                answer = client.post("/api/v1/comments", json=body)
                assert answer.status_code == status, answer.text
            else:
                answer = client.post("/comments", data={"url": url, "signed": "", **fields})
                assert answer.status_code == (303 if status == 201 else 400), answer.text[:3000]
                if status == 400:
                    assert written in answer.text  # nothing that was written is lost


def test_a_reason_and_a_key_end_where_they_say(scene: Scene, bob: httpx.Client) -> None:
    for length, status in ((500, 303), (501, 400)):
        sent = {"verb": "close", "reason": "x" * length}
        assert bob.post(f"/comments/{scene.said}/status", data=sent).status_code == status
    with scene.known() as reader:
        for length, status in ((100, 201), (101, 400)):
            answer = post(reader, scene.article.path, f"Key {length}.", **{"idempotency-key": "k" * length})
            assert answer.status_code == status


def test_more_than_a_request_may_hold_is_refused_with_a_page(scene: Scene) -> None:
    with scene.known() as reader:
        for text, status in (("x" * 65_000, 400), ("x" * MORE, 413)):
            page = reader.post("/comments", data={"url": scene.article.path, "text": text, "name": "Nell"})
            assert page.status_code == status and page.text.startswith("<!doctype html>")
            answer = post(reader, scene.article.path, text)
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"


HALVES = (
    '{"text": "\\ud800"}',
    '{"text": "a\\udc00b"}',
    '{"text": "\\u0000"}',
    '{"text": "a\\u0007"}',
    '{"text": "\\ufffe"}',
)


def test_what_is_not_text_is_refused_and_nothing_of_it_kept(scene: Scene) -> None:
    before = scene.state()
    with scene.known() as reader:
        for body in HALVES:
            full = (
                body[:-1] + f', "thread": {{"url": "{scene.article.path}"}}, "author": {{"name": "Nell"}}}}'
            )
            answer = reader.post(
                "/api/v1/comments", content=full, headers={"content-type": "application/json"}
            )
            assert answer.status_code == 400, body
        for raw in (b"%00", b"%ED%A0%80", b"%FF%FE", b"%07", b"a%C3"):
            form = b"url=" + scene.article.path.encode() + b"&name=Nell&signed=&text=" + raw
            headers = {"content-type": "application/x-www-form-urlencoded"}
            assert reader.post("/comments", content=form, headers=headers).status_code == 400, raw
        deep = "[" * 40 + "]" * 40
        answer = reader.post("/api/v1/preview", content=deep, headers={"content-type": "application/json"})
        assert answer.status_code == 400
    assert scene.state() == before


def test_what_is_accepted_is_stored_as_it_was_written(each_lamp: Serving) -> None:
    texts = [
        "\tTabs\tand  spaces  ",
        "line\r\nends\rof\nall kinds",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍🚀 \u202eesrever\u202c",
        "e\u0301 is not é",
        "'; DROP TABLE comments; --",
        "100 % _ \\",
        "\ufeffmark",
    ]
    url = each_lamp.article().path
    for text in texts:
        with each_lamp.client(authorization="Bearer " + "s" * 43) as nell:
            nell.headers["x-forwarded-for"] = each_lamp.network()
            nell.headers["authorization"] = "Bearer " + f"{texts.index(text):043}"
            answer = post(nell, url, text)
            assert answer.status_code == 201, text
            kept = nell.get(f"/api/v1/comments/{answer.json()['id']}").json()["text"]
        assert kept == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    "shape", [EditBody, PostBody, PreviewBody, StatusBody, VoteBody], ids=lambda shape: shape.__name__
)
def test_every_field_of_a_json_body_says_where_it_ends(shape: type[BaseModel]) -> None:
    endless = [path for path, schema in fields(shape.model_json_schema()) if not ENDS & schema.keys()]
    assert endless == []


def test_every_parameter_of_an_address_says_where_it_ends(lamp: Serving) -> None:
    with lamp.client() as client:
        paths = client.get("/api/openapi.json").json()["paths"]
    parameters = [
        parameter
        for operations in paths.values()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    ]
    assert parameters
    endless = [each["name"] for each in parameters if not {*ENDS, "maxItems"} & each["schema"].keys()]
    assert endless == []


ENDS = {"maxLength", "maximum", "enum", "const", "$ref", "anyOf"}


def fields(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of a schema that holds a value, inside other ones too."""
    for name, field in schema.get("properties", {}).items():
        for option in field.get("anyOf", [field]):
            if option != {"type": "null"}:
                yield f"{path}{name}", option
    for name, inner in schema.get("$defs", {}).items():
        yield from fields(inner, f"{name}.")
