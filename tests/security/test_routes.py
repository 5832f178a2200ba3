"""Who may use which route (D6), and that no other site and no GET changes anything (D7)."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from databases import Databases
from rejoinder.db import Tx, new_id
from rejoinder.sites.models import Rules, Site
from rejoinder.sites.queries import insert_site, list_sites
from security.doors import CHANGES, DOORS, WRITES, Key, Scene, routes, set_scene
from security.roles import ROLES, WROTE, Credentials, hand_out, may, scene_of, table
from serving import Serving, fill, serving
from signed_tokens import WAYS

ELSEWHERE = "http://elsewhere.example"
PAGE = Path(__file__).parents[2] / "docs" / "security" / "doors.md"

NAMES = {key: f"{key[0]} {key[1]}" for key in DOORS}
REFUSED = {401, 403, 404, 409}
DONE = {200, 201, 303}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lamp(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """A server of its own, at a name for which there are passkeys: these tests put a second site on it."""
    folder = tmp_path_factory.mktemp("two-sites") / "publication"
    fill(folder)
    with databases.migrated(request.param) as url, serving(url, folder, host="localhost", **WAYS) as server:
        yield server


@pytest.fixture(scope="module")
def elsewhere(lamp: Serving) -> Site:
    """Another site of the same server."""

    def add(tx: Tx) -> Site:
        site_id = new_id()
        insert_site(tx, site_id, ELSEWHERE, Rules(name="Elsewhere"))
        tx.touch(f"site:{site_id}")
        return next(site for site in list_sites(tx) if site.id == site_id)

    return lamp.db.write_now(add)


@pytest.fixture
def credentials(lamp: Serving, elsewhere: Site) -> Credentials:
    """What everybody is known by, at this site and at the other one."""
    return hand_out(lamp, elsewhere)


def test_every_route_has_an_entry_and_every_entry_a_route() -> None:
    assert routes() == set(DOORS)


def test_the_table_for_people_is_the_one_that_is_tested() -> None:
    written = PAGE.read_text(encoding="utf-8")
    before, _, _ = written.partition("| route |")
    wanted = f"{before}{table()}\n"
    if os.environ.get("REJOINDER_REWRITE_DOORS"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted, "rewrite it: REJOINDER_REWRITE_DOORS=1 pytest …"


@pytest.mark.parametrize("route", DOORS, ids=NAMES.get)
def test_a_route_is_for_those_it_names_and_for_nobody_else(
    lamp: Serving, credentials: Credentials, route: Key
) -> None:
    """Everybody at every door; what is for anybody is the same for all."""
    shared = set_scene(lamp)
    with credentials.enter(shared, "a stranger") as stranger:
        plain = shared.use(stranger, route).status_code if DOORS[route].who == "anyone" else 0
    for role in ROLES:
        acts = DOORS[route].who != "anyone" and DOORS[route].changes and may(route, role)
        scene = scene_of(lamp, role) if acts or role == WROTE else shared
        before = scene.state()
        with credentials.enter(scene, role) as client:
            answer = scene.use(client, route)
        if not may(route, role):
            # A vote of a browser that is not known is answered by a page that asks to keep a cookie.
            asks_first = route == ("POST", "/comments/{comment_id}/vote") and answer.status_code == 200
            assert answer.status_code in REFUSED or asks_first, (role, answer.status_code)
            assert scene.state() == before, role
        elif plain and route[0] != "OPTIONS":
            assert answer.status_code in ({plain} | (DONE if plain in DONE else set())), (role, answer.text)
        elif not plain:
            assert answer.status_code in ({DOORS[route].answer} if DOORS[route].answer else DONE), (
                role,
                answer.text,
            )


SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "a slash behind": lambda path: path + "/",
    "two slashes": lambda path: path.replace("/", "//", 1),
    "a hidden slash": lambda path: "/" + path[1:].replace("/", "%2f"),
    "a needless %": lambda path: path[:-1] + f"%{ord(path[-1]):02x}",
    "capitals": str.upper,
}


@pytest.mark.parametrize("route", [key for key in DOORS if DOORS[key].who != "anyone"], ids=NAMES.get)
def test_another_spelling_of_an_address_opens_nothing(
    lamp: Serving, credentials: Credentials, route: Key
) -> None:
    """Not even for who may: so no rule that was made for one spelling is passed with another."""
    scene, door = set_scene(lamp), DOORS[route]
    plain, before = scene.path(route), scene.state()
    for role in ("a moderator", "the author"):
        with credentials.enter(scene, role) as client:
            for name, spell in SPELLINGS.items():
                path = spell(plain)
                if path == plain:  # there is nothing in it to spell so
                    continue
                sent = {"json" if door.kind == "json" else "data": door.sent} if door.changes else {}
                answer = client.request(route[0], lamp.base_url + path, **sent)
                assert answer.status_code in {404, 405}, (name, path, answer.status_code)
    assert scene.state() == before


def test_what_belongs_to_another_site_is_not_found_there(scene: Scene, credentials: Credentials) -> None:
    headers = {"host": ELSEWHERE.removeprefix("http://"), "origin": ELSEWHERE}
    session = credentials.sessions["who moderates elsewhere"]
    cookie = f"rejoinder-80-session={session}; rejoinder-80={scene.author}"
    program = {
        "authorization": f"Bearer {credentials.tokens['a program of elsewhere']}",
        "host": headers["host"],
    }
    before = scene.state()
    with scene.lamp.client(cookie=cookie) as eve, scene.lamp.program(program) as robot:
        for route, door in DOORS.items():
            if "{comment_id}" in route[1] or "{thread_id}" in route[1]:
                answer = scene.use(eve, route, headers=headers)
                assert answer.status_code == 404, (route, answer.status_code)
                if door.scope or door.kind in {"data", "personal"}:
                    answer = scene.use(robot, route)
                    assert answer.status_code == 404 or not route[1].startswith("/api/"), (route, answer.text)
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
    reads_none = route[1].endswith(("delete", "sign-out", "remove", "challenge")) or route[0] == "DELETE"
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
