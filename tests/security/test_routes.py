"""Who may use which route (D6), and that no other site and no GET changes anything (D7)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from databases import Databases
from rejoinder.accounts.models import Role, Signature
from rejoinder.accounts.sign_in import admit, sign_in
from rejoinder.db import Tx, new_id
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import insert_site
from security.doors import CHANGES, DOORS, WRITES, Key, Scene, routes, set_scene
from serving import Serving, fill, serving

ELSEWHERE = "http://elsewhere.example"

NAMES = {key: f"{key[0]} {key[1]}" for key in DOORS}
REFUSED = {401, 403, 404, 409}
DONE = {200, 201, 303}


@pytest.fixture(scope="module")
def lamp(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with a second site beside the one that all the others of these tests have."""
    folder = tmp_path_factory.mktemp("two-sites") / "publication"
    fill(folder)
    with databases.migrated("sqlite") as url, serving(url, folder) as server:
        yield server


@pytest.fixture(scope="module")
def session_elsewhere(lamp: Serving) -> str:
    """The session of somebody who owns the other site of this server."""

    def make(tx: Tx) -> str:
        now = datetime.now(UTC)
        site_id = new_id()
        insert_site(tx, site_id, ELSEWHERE, Rules(name="Elsewhere"))
        tx.touch(f"site:{site_id}")
        code = admit(tx, site_id, Signature("Eve", "eve"), Role.OWNER, now=now)
        return sign_in(tx, site_id, code, now=now)

    return lamp.db.write_now(make)


def test_every_route_has_an_entry_and_every_entry_a_route() -> None:
    assert routes() == set(DOORS)


def people(scene: Scene, bob: httpx.Client, session_elsewhere: str) -> dict[str, Callable[[], httpx.Client]]:
    lamp = scene.lamp
    session = f"rejoinder-{lamp.port}-session"
    return {
        "a stranger": lamp.client,
        "another reader": scene.known,
        "who moderates elsewhere": lambda: lamp.client(cookie=f"{session}={session_elsewhere}"),
        "who made a session up": lambda: lamp.client(cookie=f"{session}={'a' * 43}"),
        "the author": lambda: scene.known(scene.author),
        "a moderator": lambda: lamp.client(cookie=f"{session}={bob.cookies[session]}"),
    }


MAY = {
    "anyone": {
        "a stranger",
        "another reader",
        "who moderates elsewhere",
        "who made a session up",
        "the author",
        "a moderator",
    },
    "known": {"another reader", "a moderator"},
    "author": {"the author"},
    "staff": {"a moderator"},
}


@pytest.mark.parametrize("route", [key for key in DOORS if DOORS[key].who != "anyone"], ids=NAMES.get)
def test_only_who_may_use_a_route_does(
    lamp: Serving, bob: httpx.Client, session_elsewhere: str, route: Key
) -> None:
    may = MAY[DOORS[route].who] | ({"a moderator"} if route[0] == "GET" else set())
    for name in MAY["anyone"]:
        scene = set_scene(lamp)
        before = scene.state()
        with people(scene, bob, session_elsewhere)[name]() as client:
            answer = scene.use(client, route)
        if name in may:
            assert answer.status_code in DONE, (name, answer.text)
        else:
            # A vote of a browser that is not known is answered by a page that asks to keep a cookie.
            asks_first = route == ("POST", "/comments/{comment_id}/vote") and answer.status_code == 200
            assert answer.status_code in REFUSED or asks_first, (name, answer.status_code)
            assert scene.state() == before, name


def test_what_belongs_to_another_site_is_not_found_there(
    scene: Scene, bob: httpx.Client, session_elsewhere: str
) -> None:
    headers = {"host": ELSEWHERE.removeprefix("http://"), "origin": ELSEWHERE}
    cookie = f"rejoinder-80-session={session_elsewhere}; rejoinder-80={scene.author}"
    before = scene.state()
    with scene.lamp.client(cookie=cookie) as eve:
        for route in DOORS:
            if "{comment_id}" in route[1] or "{thread_id}" in route[1]:
                answer = scene.use(eve, route, headers=headers)
                assert answer.status_code == 404, (route, answer.status_code)
    assert scene.state() == before


FOREIGN: dict[str, dict[str, str | None]] = {
    "another site's origin": {"origin": "https://evil.example"},
    "a longer name": {"origin": "http://127.0.0.1.evil.example"},
    "no origin at all": {"origin": None},
    "the null origin": {"origin": "null"},
    "a request across sites": {"origin": None, "sec-fetch-site": "cross-site"},
    "a request across origins": {"origin": None, "sec-fetch-site": "same-site"},
    "an address typed in": {"origin": None, "sec-fetch-site": "none"},
    "our origin said, another site meant": {"sec-fetch-site": "cross-site"},
}


@pytest.mark.parametrize("route", WRITES, ids=NAMES.get)
def test_no_other_site_writes_with_a_reader_s_cookies(scene: Scene, bob: httpx.Client, route: Key) -> None:
    session = f"rejoinder-{scene.lamp.port}-session"
    cookie = f"{session}={bob.cookies[session]}; rejoinder-{scene.lamp.port}={scene.author}"
    before = scene.state()
    for name, said in FOREIGN.items():
        headers = {
            "cookie": cookie,
            "x-forwarded-for": scene.lamp.network(),
            "origin": scene.lamp.base_url,
            **said,
        }
        plain = {key: value for key, value in headers.items() if value is not None}
        with scene.lamp.program(plain) as client:
            answer = scene.use(client, route)
        if route[1] != "/api/v1/preview":  # which keeps nothing and shows nothing that was not sent
            assert answer.status_code == 403, (name, answer.status_code)
        assert "set-cookie" not in answer.headers, name
    assert scene.state() == before


@pytest.mark.parametrize("route", [key for key in CHANGES if DOORS[key].kind == "json"], ids=NAMES.get)
def test_no_unlisted_origin_writes_with_a_token(scene: Scene, route: Key) -> None:
    before = scene.state()
    for origin in filter(None, (said.get("origin") for said in FOREIGN.values())):
        headers = {"authorization": f"Bearer {scene.author}", "x-forwarded-for": scene.lamp.network()}
        with scene.lamp.program(headers | {"origin": origin}) as client:
            assert scene.use(client, route).status_code == 403, origin
    assert scene.state() == before


@pytest.mark.parametrize("route", WRITES, ids=NAMES.get)
def test_nothing_that_only_looks_like_the_right_content_is_read(
    scene: Scene, bob: httpx.Client, route: Key
) -> None:
    wrong = {"text/plain": b'{"text": "Said."}', "application/xml": b"<text/>", "": b"text=Said."}
    if DOORS[route].kind == "json":
        form, parts = (
            b"text=Said.",
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nSaid.\r\n--x--\r\n',
        )
        wrong |= {"application/x-www-form-urlencoded": form, "multipart/form-data; boundary=x": parts}
    else:
        wrong |= {"application/json": b'{"text": "Said."}'}
    reads_none = route[1].endswith(("delete", "sign-out")) or route[0] == "DELETE"
    before = scene.state()
    for kind, content in wrong.items():
        if reads_none:
            continue
        answer = scene.use(bob, route, content=content, headers={"content-type": kind})
        assert answer.status_code == 415, (kind, answer.status_code)
    assert scene.state() == before


def test_no_get_and_no_head_changes_anything(scene: Scene, bob: httpx.Client) -> None:
    before = scene.state()
    with scene.known(scene.author) as author:
        for route in DOORS:
            for method in ("GET", "HEAD"):
                for client in (author, bob):
                    headers = {"x-http-method-override": "DELETE", "x-method-override": "POST"}
                    answer = client.request(
                        method, scene.path(route), headers=headers, params={"_method": "DELETE"}
                    )
                    assert answer.status_code < 500, (method, route)
    assert scene.state() == before


def test_a_refused_form_keeps_what_was_written(scene: Scene) -> None:
    text = "A whole evening's work."
    with scene.known(scene.author) as author:
        for route in (("POST", "/comments"), ("POST", "/comments/{comment_id}/edit")):
            sent = {"text": text, "name": "Nell", "revision": "1", "url": scene.article.path}
            headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
            answer = scene.use(author, route, data=sent, headers=headers)
            assert answer.status_code == 403
            assert f">\n{text}</textarea>" in answer.text.replace("&#39;", "'")
