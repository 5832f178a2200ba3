"""What every answer carries (D9, D18, D20): who may keep it, and that nothing foreign may run in it or frame it."""

from collections.abc import Iterator

import httpx
import pytest

from security.doors import DOORS, Key, Scene
from serving import Serving, until

NAMES = {key: f"{key[0]} {key[1]}" for key in DOORS}
SHARED = "public, max-age=0, s-maxage=5, stale-while-revalidate=30, stale-if-error=86400"
PERSONAL = "private, no-store"

SHOWN = ("page", "data")


def answers(
    scene: Scene, route: Key, clients: dict[str, httpx.Client]
) -> Iterator[tuple[str, httpx.Response]]:
    """A route used rightly and wrongly, by everybody, in every method."""
    for name, client in clients.items():
        yield f"{name}", scene.use(client, route)
        for method in ("GET", "HEAD", "OPTIONS", "DELETE", "TRACE"):
            yield f"{name}, {method}", client.request(method, scene.path(route))
        for odd in (
            "?sort=loudest",
            "?lang=xx",
            "?v=x",
            "?after=x",
            ";x.css",
            "/",
            "/x.css",
            "%2f..",
            "?utm_source=x",
        ):
            yield f"{name}, {odd}", client.get(scene.path(route) + odd)


@pytest.mark.parametrize("route", DOORS, ids=NAMES.get)
def test_every_answer_says_who_may_keep_it_and_what_it_may_load(
    scene: Scene, bob: httpx.Client, route: Key
) -> None:
    with scene.lamp.client() as stranger, scene.known(scene.author) as author:
        for name, answer in answers(scene, route, {"stranger": stranger, "author": author, "staff": bob}):
            assert answer.status_code < 500 or answer.status_code in {501, 503}, (
                name
            )  # no provider answers here
            kept = answer.headers.get("cache-control")
            assert kept is not None, name
            if (answer.status_code >= 400 and answer.status_code != 410) or "set-cookie" in answer.headers:
                assert kept == PERSONAL, name
            if answer.request.method not in {"GET", "HEAD"}:
                assert kept == PERSONAL, name
            assert len(answer.headers.get_list("cache-control")) == 1, name
            assert "default-src 'none'" in answer.headers["content-security-policy"], name
            assert "unsafe-inline" not in answer.headers["content-security-policy"], name
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], name
            assert len(answer.headers.get_list("content-security-policy")) == 1, name
            assert answer.headers["x-content-type-options"] == "nosniff", name
            assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}, name


@pytest.mark.parametrize("route", [key for key in DOORS if DOORS[key].kind in SHOWN], ids=NAMES.get)
def test_a_page_is_the_same_bytes_for_everybody(scene: Scene, bob: httpx.Client, route: Key) -> None:
    with scene.lamp.client() as stranger, scene.known(scene.author) as author:
        pages = [
            scene.use(client, route, headers={"accept-encoding": "identity"})
            for client in (stranger, author, bob)
        ]
    if pages[0].status_code == 200 and not route[1].endswith("/counts"):
        assert {page.headers["cache-control"] for page in pages} == {SHARED}
    assert len({page.content for page in pages}) == 1
    assert all("cookie" not in page.headers.get("vary", "").lower() for page in pages)


@pytest.mark.parametrize(
    "route", [key for key in DOORS if DOORS[key].kind not in (*SHOWN, "file")], ids=NAMES.get
)
def test_what_is_personal_is_kept_by_nobody(scene: Scene, bob: httpx.Client, route: Key) -> None:
    with scene.known(scene.author) as author:
        for client in (author, bob):
            assert scene.use(client, route).headers["cache-control"] == PERSONAL


def test_what_only_the_author_and_staff_may_see_is_in_no_public_byte(
    lamp: Serving, bob: httpx.Client
) -> None:
    article = lamp.publish(f"hidden-{lamp.article().slug}", front="discussion: held\n")
    shown = lamp.publish(f"shown-{lamp.article().slug}")
    words: dict[str, str] = {}
    with lamp.client(authorization="Bearer " + "h" * 43) as author:

        def post(page: str, word: str) -> str:
            body = {"thread": {"url": page}, "text": f"Secret {word}.", "author": {"name": f"Nell {word}"}}
            answer = author.post("/api/v1/comments", json=body)
            assert answer.status_code == 201, answer.text
            words[word] = answer.json()["id"]
            return words[word]

        post(article.path, "zq-held")
        post(article.path, "zq-rejected")
        for word in ("zq-removed", "zq-spam", "zq-deleted"):
            post(shown.path, word)
        assert author.delete(f"/api/v1/comments/{words['zq-deleted']}").status_code == 200
    with lamp.client(authorization="Bearer " + "i" * 43) as author:
        other = author.post(
            "/api/v1/comments",
            json={"thread": {"url": shown.path}, "text": "Plain.", "author": {"name": "Ann"}},
        ).json()["id"]
        links = " ".join(f"https://example.org/{number}" for number in range(5))
        edited = author.patch(
            f"/api/v1/comments/{other}", json={"text": f"Secret zq-edit {links}", "revision": 1}
        )
        assert edited.json()["waits"] is True
    for word, verb in (("zq-rejected", "reject"), ("zq-removed", "remove"), ("zq-spam", "spam")):
        assert bob.post(f"/comments/{words[word]}/status", data={"verb": verb}).status_code == 303
    with lamp.client() as stranger:
        until(lambda: "1 comment" in stranger.get(shown.path).text)
        paths = [
            f"{page.path}{query}" for page in (article, shown) for query in ("", "?sort=newest", "?sort=best")
        ]
        paths += ["/", "/sections/coast", "/moderation", "/api/openapi.json"]
        for comment in (*words.values(), other):
            paths += [
                f"/comments/{comment}{more}"
                for more in ("", "/reply", "/reply?quote=1", "/manage", "/replies?after=x")
            ]
            paths += [f"/api/v1/comments/{comment}"]
        thread = stranger.get(shown.path).text.partition('data-thread="')[2][:13]
        paths += [f"/threads/{thread}", f"/api/v1/threads/{thread}/mine"]
        seen = {path: stranger.get(path).text for path in paths}
    found = {path for path, text in seen.items() if "zq-" in text}
    assert found == set()
    assert "0 comments" not in seen[shown.path] and "No comments yet" in seen[article.path]
