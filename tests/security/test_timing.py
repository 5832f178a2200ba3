"""What is hidden can't be told from what never was, neither by the answer nor by the time it takes (D27)."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from secrets import token_hex, token_urlsafe

import httpx
import pytest

from rejoinder.accounts.models import Role, Signature
from rejoinder.accounts.queries.staff import insert_member
from rejoinder.accounts.sign_in import admit
from rejoinder.db import Tx, new_id, show_id
from security.doors import Scene, set_scene
from serving import Serving

PAIRS = 200  # interleaved, so that a busy machine is busy for both
MORE_PAIRS = 500  # for the doors where somebody would begin
NO_MORE_THAN = (
    0.002  # seconds between the medians; a statement more is a tenth of it, a second look at the disk is more
)

Ask = Callable[[httpx.Client], httpx.Response]


@pytest.fixture(scope="module")
def scene(each_lamp: Serving) -> Scene:
    return set_scene(each_lamp)


@pytest.fixture
def program(scene: Scene) -> Iterator[httpx.Client]:
    with scene.lamp.client(authorization=f"Bearer {token_urlsafe(32)}") as client:
        yield client


def held_and_unknown(scene: Scene) -> tuple[str, str]:
    """A comment that waits for a moderator, and the id of one that never was."""
    links = " ".join(f"https://example.net/{number}" for number in range(5))
    body = {
        "thread": {"url": scene.article.path},
        "text": f"{links} {time.time()}",
        "author": {"name": "Nell"},
    }
    with scene.lamp.client(authorization=f"Bearer {token_urlsafe(32)}") as nell:
        held = nell.post("/api/v1/comments", json=body).json()
    assert held["status"] == "held"
    return held["id"], show_id(new_id())


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/api/v1/comments/{id}", None),
        ("PUT", "/api/v1/comments/{id}/vote", {"value": 1}),
        ("POST", "/api/v1/comments", {"text": "Here.", "reply_to": "{id}", "author": {"name": "Nell"}}),
        ("PATCH", "/api/v1/comments/{id}", {"text": "Mine.", "revision": 1}),
        ("DELETE", "/api/v1/comments/{id}", None),
        ("POST", "/api/v1/comments/{id}/undo-delete", None),
        ("GET", "/comments/{id}/manage", None),
        ("GET", "/comments/{id}", None),
        ("GET", "/comments/{id}/replies", None),
        ("GET", "/comments/{id}/reply", None),
    ],
)
def test_a_comment_that_waits_is_like_one_that_never_was(
    scene: Scene, program: httpx.Client, method: str, path: str, sent: dict[str, object] | None
) -> None:
    def asking(id_: str) -> Ask:
        body = sent and {name: id_ if value == "{id}" else value for name, value in sent.items()}
        if body and "text" in body:
            body["thread"] = {"url": scene.article.path}
        return lambda client: client.request(
            method, path.replace("{id}", id_), json=body, headers=elsewhere(scene)
        )

    held, unknown = held_and_unknown(scene)
    nobody_can_tell(program, asking(held), asking(unknown), hide=(held, unknown))


def test_a_link_that_was_used_is_like_one_that_was_never_printed(scene: Scene, program: httpx.Client) -> None:
    def asking(code: str) -> Ask:
        return lambda client: client.post("/sign-in", data={"code": code}, headers=elsewhere(scene))

    signature = Signature("Bob", "bob")
    used = scene.lamp.db.write_now(
        admit, scene.lamp.site.id, signature, Role.MODERATOR, now=datetime.now(UTC)
    )
    assert asking(used)(program).status_code == 303
    nobody_can_tell(program, asking(used), asking(token_urlsafe(32)), hide=())


@pytest.fixture(scope="module")
def members(scene: Scene) -> list[str]:
    """The addresses of as many members as are asked for; a mailbox gets few letters."""
    made = [f"{token_hex(6)}@known.example" for _ in range(MORE_PAIRS + 2)]

    def insert(tx: Tx) -> None:
        for address in made:
            signature = Signature(address, address, address)
            insert_member(
                tx, new_id(), scene.lamp.site.id, signature, email_key=address, now=datetime.now(UTC)
            )

    scene.lamp.db.write_now(insert)
    return made


def test_a_code_is_asked_for_alike_whoever_is_known(scene: Scene, members: list[str]) -> None:
    known = iter(members)

    def asking(address: Callable[[], str]) -> Ask:
        def ask(client: httpx.Client) -> httpx.Response:
            client.cookies.clear()
            return client.post("/sign-in/mail", data={"email": address()}, headers=elsewhere(scene))

        return ask

    def forget() -> None:  # or the brake would be on, and both refused
        scene.lamp.db.write_now(lambda tx: tx.run("DELETE FROM mail_codes"))

    with scene.lamp.client() as client:
        one, other = asking(lambda: next(known)), asking(lambda: f"{token_hex(6)}@known.example")
        nobody_can_tell(client, one, other, hide=(), status=303, pairs=MORE_PAIRS, between=forget)


def test_a_wrong_code_is_refused_alike_whoever_is_known(scene: Scene, members: list[str]) -> None:
    """Each is asked for anew, so that the page says the same number of tries."""
    known = iter(members)
    forget = "DELETE FROM mail_codes"
    with scene.lamp.client() as one, scene.lamp.client() as other:

        def renew() -> None:
            scene.lamp.db.write_now(lambda tx: tx.run(forget))
            for client, address in ((one, next(known)), (other, f"{token_hex(6)}@known.example")):
                client.cookies.clear()
                asked = client.post("/sign-in/mail", data={"email": address}, headers=elsewhere(scene))
                assert asked.status_code == 303
            scene.lamp.db.write_now(
                lambda tx: tx.run("UPDATE mail_codes SET code = '000000', email = 'a@known.example'")
            )

        def entering(client: httpx.Client) -> Ask:
            return lambda _: client.post("/sign-in/code", data={"code": "111111"})

        renew()
        nobody_can_tell(
            one, entering(one), entering(other), hide=(), status=403, pairs=MORE_PAIRS, between=renew
        )


def elsewhere(scene: Scene) -> dict[str, str]:
    """From a network that no limit knows yet."""
    return {"x-forwarded-for": scene.lamp.network()}


def nobody_can_tell(
    program: httpx.Client,
    one: Ask,
    other: Ask,
    *,
    hide: tuple[str, ...],
    status: int | None = None,
    pairs: int = PAIRS,
    between: Callable[[], None] = lambda: None,
) -> None:
    """Both are answered alike, in times whose medians are alike."""
    answers = one(program), other(program)
    looks = [answer.text for answer in answers]
    for id_ in hide:
        looks = [look.replace(id_, "ID") for look in looks]
    assert looks[0] == looks[1]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].status_code == status if status else 400 <= answers[0].status_code < 500
    names = [sorted(set(answer.headers) - {"date"}) for answer in answers]
    assert names[0] == names[1]

    times: tuple[list[float], list[float]] = ([], [])
    for pair in range(pairs):
        between()
        for ask, taken in ((one, times[0]), (other, times[1]))[:: 1 if pair % 2 else -1]:
            began = time.perf_counter()
            ask(program)
            taken.append(time.perf_counter() - began)
    assert abs(statistics.median(times[0]) - statistics.median(times[1])) < NO_MORE_THAN
