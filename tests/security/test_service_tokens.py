"""What a program's token opens in the API, and what it leaves shut."""

from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

import httpx
import pytest

from rejoinder.accounts.models import Scope
from rejoinder.accounts.queries.service_tokens import list_services
from rejoinder.accounts.service_tokens import Issued, issue, revoke
from rejoinder.db import Tx, read_id
from security.doors import Scene, set_scene
from serving import Serving

LINKS = "Buy [one](https://a.example), [two](https://b.example), [three](https://c.example)."


@pytest.fixture
def scene(each_lamp: Serving) -> Scene:
    return set_scene(each_lamp)


def let_in(scene: Scene, *scopes: Scope) -> Issued:
    lamp, now = scene.lamp, datetime.now(UTC)
    return lamp.db.write_now(issue, lamp.site.id, token_urlsafe(6), scopes, lasts=None, now=now)


def program(scene: Scene, token: str, **said: str) -> httpx.Client:
    headers = {"authorization": f"Bearer {token}", "x-forwarded-for": scene.lamp.network()}
    return scene.lamp.program(headers | {name.replace("_", "-"): value for name, value in said.items()})


def post(client: httpx.Client, scene: Scene, text: str = "From a program.", **more: Any) -> httpx.Response:
    body = {"thread": {"url": scene.article.path}, "text": text, "author": {"name": "Desk"}}
    return client.post("/api/v1/comments", json=body | more)


def held(scene: Scene) -> str:
    """A comment that waits for a moderator."""
    with scene.lamp.client(authorization=f"Bearer {token_urlsafe(32)}") as mallory:
        posted = post(mallory, scene, LINKS).json()
    assert posted["status"] == "held"
    return str(posted["id"])


def test_a_program_that_moderates_decides_and_is_named_in_the_decision(scene: Scene) -> None:
    waiting, desk = held(scene), let_in(scene, Scope.MODERATE)
    with program(scene, desk.secret) as client:
        seen = client.get(f"/api/v1/comments/{waiting}").json()
        assert (seen["status"], set(seen["can"])) == ("held", {"approve", "reject", "spam"})
        decided = client.put(
            f"/api/v1/comments/{waiting}/status", json={"verb": "approve", "reason": "Fine."}
        )
    assert (decided.status_code, decided.json()["status"]) == (200, "published")

    def decision(tx: Tx) -> list[int]:
        return [
            tx.value(
                "SELECT service_token_id FROM decisions WHERE comment_id = :id AND account_id IS NULL",
                id=read_id(waiting),
            )
        ]

    assert scene.lamp.db.read_now(decision) == [desk.service.id]


def test_a_program_that_reads_sees_what_waits_and_changes_nothing(scene: Scene) -> None:
    waiting, reading = held(scene), let_in(scene, Scope.READ)
    before = scene.state()
    with program(scene, reading.secret) as client:
        mine = client.get(f"/api/v1/threads/{scene.thread}/mine").json()
        assert [comment["id"] for comment in mine["staff"]["held"]] == [waiting]
        assert mine["staff"]["verbs"] == {}
        assert client.get(f"/api/v1/comments/{waiting}").json()["can"] == []
        for answer in (
            client.put(f"/api/v1/comments/{waiting}/status", json={"verb": "approve"}),
            post(client, scene),
            client.put(f"/api/v1/comments/{scene.said}/vote", json={"value": 1}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
    assert scene.state() == before


def test_a_program_that_posts_is_a_guest_with_comments_of_its_own(scene: Scene) -> None:
    waiting, app = held(scene), let_in(scene, Scope.POST)
    with program(scene, app.secret) as client:
        posted = post(client, scene)
        assert posted.status_code == 201
        said = posted.json()
        assert (said["author"]["label"], said["visitor_token"], said["status"]) == (None, None, "published")
        assert post(client, scene, LINKS).json()["status"] == "held"
        path = f"/api/v1/comments/{said['id']}"
        edited = client.patch(path, json={"text": "Better words.", "revision": 1})
        assert (edited.status_code, edited.json()["text"]) == (200, "Better words.")
        assert (
            client.patch(f"/api/v1/comments/{scene.said}", json={"text": "No", "revision": 1}).status_code
            == 403
        )
        assert client.get(f"/api/v1/comments/{waiting}").status_code == 404
        assert client.get(f"/api/v1/threads/{scene.thread}/mine").json()["staff"] is None
        assert client.delete(path).status_code == 200


def test_a_program_has_the_limits_of_a_guest(scene: Scene) -> None:
    app = let_in(scene, Scope.POST, Scope.MODERATE)
    with program(scene, app.secret) as client:
        statuses = [post(client, scene, f"Thought {n}.").status_code for n in range(6)]
    assert statuses == [201] * 5 + [429]


def test_a_token_ends_with_the_next_request(scene: Scene) -> None:
    app = let_in(scene, *Scope)
    with program(scene, app.secret) as client:
        assert client.get(f"/api/v1/threads/{scene.thread}/mine").status_code == 200
        scene.lamp.db.write_now(revoke, scene.lamp.site.id, app.service.id, now=datetime.now(UTC))
        answers = [
            client.get(f"/api/v1/threads/{scene.thread}/mine"),
            client.get(f"/api/v1/comments/{scene.said}"),
            post(client, scene),
            client.put(f"/api/v1/comments/{scene.said}/status", json={"verb": "spam"}),
        ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (401, "token-refused")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("said", [{"origin": "self"}, {"sec_fetch_site": "same-origin"}, {"origin": "null"}])
def test_a_page_in_a_browser_never_acts_with_a_program_s_token(scene: Scene, said: dict[str, str]) -> None:
    desk = let_in(scene, *Scope)
    headers = {name: scene.lamp.base_url if value == "self" else value for name, value in said.items()}
    before = scene.state()
    with program(scene, desk.secret, **headers) as page:
        for answer in (
            page.get(f"/api/v1/threads/{scene.thread}/mine"),
            post(page, scene),
            page.put(f"/api/v1/comments/{scene.said}/status", json={"verb": "spam"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")
    assert scene.state() == before


def test_a_session_beside_a_token_adds_nothing(scene: Scene) -> None:
    app = let_in(scene, Scope.POST)
    with scene.lamp.staff("Bob") as bob:
        cookie = "; ".join(f"{name}={value}" for name, value in bob.cookies.items())
        with program(scene, app.secret, cookie=cookie) as both:
            answer = both.put(f"/api/v1/comments/{scene.said}/status", json={"verb": "spam"})
    assert answer.status_code == 403
    assert answer.json()["code"] in {"scope-missing", "foreign-origin"}


def test_when_a_token_was_used_is_kept_and_no_token_is_in_the_log(scene: Scene) -> None:
    app = let_in(scene, Scope.READ)
    began = datetime.now(UTC).replace(microsecond=0)
    with program(scene, app.secret) as client:
        client.get(f"/api/v1/threads/{scene.thread}/mine")
    services = {service.id: service for service in scene.lamp.db.read_now(list_services, scene.lamp.site.id)}
    used = services[app.service.id].used_at
    assert used is not None
    assert used >= began
    assert app.secret not in (scene.lamp.folder.parent / "serve.log").read_text(encoding="utf-8")
