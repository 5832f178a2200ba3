"""A secret stays where it belongs (D21): planted in every place that a request has, it is found in no place of ours."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from security.doors import DOORS, Key, Scene
from security.test_privacy import forms
from serving import Serving, until

CANARY = "zqCanary" + "w" * 35
"""Of the shape that our own tokens have, so that it is taken for one."""

SPELLED = tuple(forms(CANARY))[:5]
"""The secret itself, as it is; not its hash, which is what we keep."""

QUERY = "&".join(
    f"{name}={CANARY}" for name in ("token", "access_token", "utm_campaign", "fbclid", "session")
)


def carried(lamp: Serving) -> dict[str, str]:
    """Every header that somebody may put a secret into."""
    own = f"rejoinder-{lamp.port}"
    names = ("x-request-id", "x-api-key", "x-auth-token", "traceparent", "x-csrf-token", "if-match", "dnt")
    return {
        "authorization": f"Bearer {CANARY}",
        "cookie": f"{own}={CANARY}; {own}-session={CANARY}; {own}-code={CANARY}; elsewhere={CANARY}",
        "referer": f"{lamp.base_url}/?{QUERY}",
        "user-agent": f"Firefox {CANARY}",
        **dict.fromkeys(names, CANARY),
    }


@pytest.mark.parametrize("route", DOORS, ids=lambda key: f"{key[0]} {key[1]}")
def test_no_answer_says_what_it_was_sent_in_secret(scene: Scene, route: Key) -> None:
    with scene.lamp.client(**carried(scene.lamp)) as client:
        answers = [
            scene.use(client, route),
            client.request(route[0], f"{scene.path(route)}?{QUERY}"),
            client.request("GET", f"{scene.path(route)}?{QUERY}"),
        ]
    for answer in answers:
        assert answer.status_code < 500 or answer.status_code == 503  # no provider answers here
        said = answer.text + "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
        assert [form for form in forms(CANARY) if form in said] == []
    assert [where for where, text in written(scene.lamp) if any(form in text for form in SPELLED)] == []


def test_an_address_is_kept_without_what_it_carried(lamp: Serving) -> None:
    """A page that was opened from a letter, or with a token, is the page without it; a letter says nothing of it."""
    with lamp.client(**carried(lamp)) as client:
        for number, address in enumerate((f"?{QUERY}", f"?{QUERY}#{CANARY}", f"#access_token={CANARY}")):
            body = {
                "thread": {"url": lamp.article().path + address},
                "text": f"Said {number}.",
                "author": {"name": "Nell"},
            }
            posted = client.post("/api/v1/comments", json=body)
            assert posted.status_code == 201, posted.text
        receiver = f"{token_hex(6)}@mail.example"
        asked = client.post(f"/sign-in/mail?{QUERY}", data={"email": receiver, "token": CANARY})
        assert asked.headers["location"] == "/sign-in/code"
        until(lambda: any(receiver in text for _, text in letters(lamp)))
    assert [where for where, text in written(lamp) if any(form in text for form in SPELLED)] == []


def written(lamp: Serving) -> Iterator[tuple[str, str]]:
    """All that the server wrote: every byte of its database, its log, its letters."""
    database = Path(lamp.environ["REJOINDER_DATABASE_URL"].partition(":///")[2])
    for file in (database, database.with_name(f"{database.name}-wal")):
        yield file.name, file.read_bytes().decode("latin-1")
    yield "log", (lamp.folder.parent / "serve.log").read_text(encoding="utf-8")
    yield from letters(lamp)


def letters(lamp: Serving) -> Iterator[tuple[str, str]]:
    """The letters that were sent, by file."""
    for file in (lamp.folder.parent / "mail").glob("*.eml"):
        yield file.name, file.read_text(encoding="utf-8")
