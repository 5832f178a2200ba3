"""Every door that takes words, and every page and answer that may show them: what comes in is markup nowhere (D1)."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from rejoinder.accounts.models import Role
from security.doors import DOORS, WRITES, Key, Scene
from security.tree import strange, strange_fragment
from serving import Serving

MARK = "zqmark"
ATTACKS = (
    f"<script>{MARK}()</script>",
    f'"><img src=x onerror={MARK}()>',
    f"'><svg/onload={MARK}()>",
    f"</textarea></title></style><iframe srcdoc='<script>{MARK}()</script>'>",
    f"[a](javascript:{MARK}()) ![b](data:text/html,{MARK}) <javascript:{MARK}()>",
    f"<a href=javascript&colon;{MARK}() onclick={MARK}()>a</a>",
    f"{{{{{MARK}}}}} ${{{MARK}}} <%={MARK}%> {{%raw%}}{MARK}",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror={MARK}()>'>",
    f"<!--{MARK}--><![CDATA[{MARK}]]><?{MARK}?>&lt;b&gt;{MARK}",
    f'https://{MARK}.example/" onmouseover="{MARK}()',
)
FIXED = {("GET", "/api/docs")}  # made from the code alone, with tables that no other page has
SETTINGS = ("GET", "/settings")  # shows what was ever set, so it is looked at where that is what comes in
SURFACES = [
    key
    for key in DOORS
    if key[0] == "GET" and DOORS[key].kind in {"page", "personal", "data"} and key not in FIXED | {SETTINGS}
]
TAKERS = [(key, field) for key in WRITES for field in DOORS[key].words]
WORDLESS = {
    key
    for key in WRITES
    if key[1].endswith(("delete", "sign-out", "remove", "challenge")) or key[0] == "DELETE"
}
SHOWN = {
    taker
    for taker in TAKERS
    if taker[1] in {"text", "name", "author.name"}
    and taker[0][1] not in {"/api/v1/preview", "/sign-in/name", "/sign-in/who", "/me/name", "/me/passkeys"}
}
SHOWN |= {taker for taker in TAKERS if taker[0] == ("POST", "/settings")}
NUMBERS = {("PUT", "/api/v1/comments/{comment_id}/vote"), ("POST", "/me/comments-left")}
AWAY = ("POST", "/sign-in/with/{key}")  # the provider of these tests answers nobody
GATHERS = {
    ("GET", "/me/comments"),
    ("GET", "/me/votes"),
    ("GET", "/me/data/export"),
}  # what came in by other doors, too
LEAVES = {("POST", "/sign-in/sso/leave"): ["<meta http-equiv='refresh'>"]}  # to where the settings say


@pytest.fixture(scope="module")
def alice(lamp: Serving) -> Iterator[httpx.Client]:
    """Alice, who owns the site."""
    with lamp.staff("Alice", Role.OWNER) as client:
        yield client


def test_every_door_says_which_words_it_takes() -> None:
    assert {key for key in WRITES if not DOORS[key].words} == WORDLESS | NUMBERS


def throw(scene: Scene, client: httpx.Client, route: Key, field: str, turn: int) -> httpx.Response:
    """Use a door with an attack in one of its fields."""
    sent: dict[str, Any] = {**DOORS[route].sent, **scene.fresh(route), "revision": turn + 1}
    if "/comments/{" not in route[1]:
        sent.pop("revision")
        sent |= {"url": scene.article.path} if DOORS[route].kind == "form" else {}
        sent |= {"thread": {"url": scene.article.path}} if route[1] == "/api/v1/comments" else {}
    if "reason" in DOORS[route].words:
        sent = {"verb": "pin", "reason": ""}
    outer, _, inner = field.partition(".")
    sent[outer] = {**sent.get(outer, {}), inner: ATTACKS[turn]} if inner else ATTACKS[turn]
    body: Mapping[str, Any] = {"json" if DOORS[route].kind == "json" else "data": sent}
    headers = {"x-forwarded-for": scene.lamp.network()}
    return client.request(route[0], scene.path(route), headers=headers, **body)


def faults_of(answer: httpx.Response, base_url: str) -> list[str]:
    """What in an answer no template of ours wrote."""
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html"):
        return strange(answer.text, base_url)
    if not kind.endswith("json"):
        return [] if not answer.content else [kind]
    return [fault for html in _html_in(answer.json()) for fault in strange_fragment(html)]


def _html_in(value: Any) -> Iterator[str]:
    """Every field of an answer that is HTML."""
    if isinstance(value, dict):
        if isinstance(value.get("html"), str):
            yield value["html"]
        for inner in value.values():
            yield from _html_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _html_in(inner)


@pytest.mark.parametrize(
    ("route", "field"), TAKERS, ids=lambda part: "-".join(part) if isinstance(part, tuple) else part
)
def test_what_comes_in_by_a_door_is_markup_on_no_surface(
    scene: Scene, alice: httpx.Client, route: Key, field: str
) -> None:
    lamp, door = scene.lamp, DOORS[route]
    for turn, attack in enumerate(ATTACKS):
        with scene.known(scene.author if door.who == "author" else None) as reader:
            client = alice if door.who in {"staff", "owner"} else reader
            answer = throw(scene, client, route, field, turn)
            assert answer.status_code < 500 or (route == AWAY and answer.status_code == 503), attack
            assert faults_of(answer, lamp.base_url) == LEAVES.get(route, []), attack
    with scene.known(scene.author) as nell, lamp.client() as stranger:
        version, came_in = nell.get(f"/api/v1/threads/{scene.thread}").json()["version"], False
        for surface in (*SURFACES, *([SETTINGS] if route[1] == SETTINGS[1] else [])):
            for client in (stranger, nell, alice):
                shown = client.get(scene.path(surface), params=asked_of(scene, surface, version))
                assert shown.status_code < 500, surface
                assert faults_of(shown, lamp.base_url) == [], surface
                came_in |= MARK in shown.text and surface not in GATHERS
    assert came_in is ((route, field) in SHOWN)
    if route[1] == SETTINGS[1]:
        lamp.run("site", "reset", *door.words)


def asked_of(scene: Scene, surface: Key, version: int) -> dict[str, Any]:
    """What a surface needs to show the discussion as it is now."""
    if DOORS[surface].sent:
        return {"url": scene.article.path}
    is_of_thread = surface[1].startswith(("/articles/{slug}", "/threads", "/api/v1/threads/{thread_id}"))
    return {"v": version} if is_of_thread and DOORS[surface].kind != "personal" else {}
