"""Which origin's script may read and write is said exactly, on every route of the API (D8), whatever an origin looks like."""

from collections.abc import Iterator
from secrets import token_urlsafe

import pytest

from security.doors import DOORS, Key, Scene, set_scene
from serving import Serving

LISTED = "https://blog.example"
LIKE_IT = (
    *("https://blog.example.evil.example", "https://evilblog.example", "https://blog.example:444"),
    *("http://blog.example", "https://blog.example/", "https://blog.example.", "https://BLOG.example/x"),
    *(
        "https://blog.example@evil.example",
        "https://evil.example#blog.example",
        "https://evil.example/blog.example",
    ),
    *(
        "https://blog.example,https://evil.example",
        "https://blog.example https://evil.example",
        "blog.example",
    ),
    *("//blog.example", "https:blog.example", "https://blog.example%00.evil.example", "https://blog_example"),
    *(
        "https://sub.blog.example",
        "https://example",
        "https://bloģ.example",
        "https://blog.example\\.evil.example",
    ),
    *(
        "null",
        "NULL",
        "*",
        "file://",
        "https://",
        "https://[::1]",
        "https://127.0.0.1",
        "http://localhost",
        "data:,x",
    ),
    *(
        "chrome-extension://abcdefghijklmnop",
        "https://blog.example?x",
        "ws://blog.example",
        "https://blog.example:0",
    ),
)
ROUTES = [key for key in DOORS if "/api/v1/" in key[1] and key[0] != "OPTIONS"]


@pytest.fixture(scope="module")
def scene(each_lamp: Serving) -> Iterator[Scene]:
    """A discussion of a site that lets the scripts of one other origin in."""
    with each_lamp.letting_in(LISTED):
        yield set_scene(each_lamp)


@pytest.mark.parametrize("route", ROUTES, ids=lambda key: f"{key[0]} {key[1]}")
def test_only_the_very_origin_that_is_listed_is_let_in(scene: Scene, route: Key) -> None:
    is_open = DOORS[route].kind == "data"
    before = scene.state()
    for origin in LIKE_IT:
        sender = {"authorization": f"Bearer {token_urlsafe(32)}", "x-forwarded-for": scene.lamp.network()}
        with scene.lamp.program(
            {b"origin": origin.encode(), **{k.encode(): v.encode() for k, v in sender.items()}}
        ) as script:
            asked = script.options(scene.path(route), headers={"access-control-request-method": route[0]})
            answer = scene.use(script, route)
        assert asked.status_code == 403, origin
        for each in (asked, answer):
            assert "access-control-allow-credentials" not in each.headers, origin
        assert "access-control-allow-origin" not in asked.headers, origin
        if is_open:
            assert answer.headers["access-control-allow-origin"] == "*", origin
        else:
            assert "access-control-allow-origin" not in answer.headers, origin
            assert "Origin" in answer.headers["vary"], origin
        if route[0] != "GET" and route[1] != "/api/v1/preview":
            assert answer.status_code == 403, origin
    assert scene.state() == before


@pytest.mark.parametrize("route", ROUTES, ids=lambda key: f"{key[0]} {key[1]}")
def test_the_origin_that_is_listed_is_let_in(scene: Scene, route: Key) -> None:
    sender = {"authorization": f"Bearer {token_urlsafe(32)}", "x-forwarded-for": scene.lamp.network()}
    with scene.lamp.program({"origin": LISTED} | sender) as script:
        asked = script.options(scene.path(route), headers={"access-control-request-method": route[0]})
        answer = scene.use(script, route)
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, LISTED)
    own = "*" if DOORS[route].kind == "data" else LISTED
    assert answer.headers["access-control-allow-origin"] == own
    assert "foreign-origin" not in answer.text
