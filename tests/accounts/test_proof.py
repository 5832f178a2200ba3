"""What is dangerous asks for a fresh proof: signing in once more, on the same browser, as the same person."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cast import HOUR, MINUTE, NOON, Stage, hire
from rejoinder.accounts.errors import ProofNeeded
from rejoinder.accounts.models import Browser, Role
from rejoinder.accounts.pages import caller_of
from rejoinder.accounts.proof import FORM_LASTS, PROOF_LASTS, check_proof
from rejoinder.accounts.queries.staff import set_email
from rejoinder.accounts.sessions import open_session, person_of, sessions_of
from rejoinder.accounts.tokens import hash_token
from rejoinder.app import build_app
from rejoinder.settings import load_settings
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import see_other
from rejoinder.web.forms import read_form

MOMENT = timedelta(milliseconds=1)


def signed_in(stage: Stage, name: str = "Bob", *, on: str | None = None, now: datetime = NOON) -> str:
    """The token of a session of Bob's, on a browser that may have one."""
    caller = stage.write(hire, stage.site, name, Role.MODERATOR)
    browser = Browser(session=hash_token(on) if on else None)
    return stage.write(open_session, stage.site.id, caller.person.account_id, browser, now=now)


def proved_at(stage: Stage, token: str, now: datetime) -> datetime | None:
    person = stage.read(person_of, stage.site.id, token, now=now)
    return person.proved_at if person else None


def test_who_signs_in_once_more_goes_on_with_the_same_session_under_another_token(stage: Stage) -> None:
    first = signed_in(stage)
    second = signed_in(stage, on=first, now=NOON + HOUR)

    assert proved_at(stage, first, NOON + HOUR) is None
    assert proved_at(stage, second, NOON + HOUR) == NOON + HOUR
    person = stage.read(person_of, stage.site.id, second, now=NOON + HOUR)
    browser = Browser(session=hash_token(second))
    sessions = stage.read(sessions_of, person, browser, now=NOON + HOUR)
    assert [(session.created_at, session.is_this) for session in sessions] == [(NOON, True)]


def test_somebody_else_on_the_same_browser_proves_nothing_for_who_was_there(stage: Stage) -> None:
    bobs = signed_in(stage)
    carols = signed_in(stage, "Carol", on=bobs, now=NOON + HOUR)

    assert proved_at(stage, bobs, NOON + HOUR) is None
    person = stage.read(person_of, stage.site.id, carols, now=NOON + HOUR)
    assert person is not None
    assert person.name == "Carol"


def test_a_proof_is_good_for_fifteen_minutes(stage: Stage) -> None:
    person = stage.read(person_of, stage.site.id, signed_in(stage), now=NOON)
    assert person is not None

    check_proof(person, NOON + PROOF_LASTS)
    with pytest.raises(ProofNeeded):
        check_proof(person, NOON + PROOF_LASTS + MOMENT)
    check_proof(person, NOON + FORM_LASTS, within=FORM_LASTS)


danger = APIRouter()


@danger.get("/danger")
async def danger_page(request: Request) -> Response:
    await _check(request, PROOF_LASTS)
    return Response("The dangerous page.")


@danger.post("/danger")
async def danger_done(request: Request) -> Response:
    await read_form(request, {"title": 100})
    await _check(request, FORM_LASTS)
    return see_other("/")


async def _check(request: Request, within: timedelta) -> None:
    now = datetime.now(UTC)
    caller = await caller_of(request, await site_of(request), now=now)
    assert caller.person is not None
    check_proof(caller.person, now, within=within)


def calls(stage: Stage, token: str, call: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]) -> Any:
    """The answer of a server that has a dangerous page, to a browser with this session."""

    async def run() -> httpx.Response:
        settings = {"base_url": stage.site.base_url, "mail_url": "console:", "mail_from": "lamp@mail.example"}
        app: Any = build_app(load_settings({}, settings), stage.db, also=[danger])
        await app.app.state.house.keys.load()
        headers = {"sec-fetch-site": "same-origin", "cookie": f"rejoinder-8080-session={token}"}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url=stage.site.base_url, headers=headers
        ) as browser:
            return await call(browser)

    return asyncio.run(run())


def session_proved(stage: Stage, ago: timedelta) -> str:
    account_id = stage.bob.person.account_id if stage.bob.person else 0
    stage.write(set_email, account_id, "bob@mail.example", "bob@mail.example")
    return signed_in(stage, now=datetime.now(UTC) - ago)


def test_a_dangerous_page_asks_for_a_proof_and_leads_back(stage: Stage) -> None:
    fresh, old = session_proved(stage, MINUTE), session_proved(stage, 20 * MINUTE)

    assert calls(stage, fresh, lambda browser: browser.get("/danger")).text == "The dangerous page."
    asked = calls(stage, old, lambda browser: browser.get("/danger?page=2&x=%22"))
    assert asked.status_code == 403
    assert "Is it you, \u2068Bob\u2069?" in asked.text
    assert 'name="next" value="/danger?page=2&amp;x=%22"' in asked.text
    assert 'name="email" value="bob@mail.example"' in asked.text


def test_a_form_that_was_filled_in_slowly_is_taken_and_one_that_comes_too_late_is_kept(stage: Stage) -> None:
    slow, late = session_proved(stage, 50 * MINUTE), session_proved(stage, 61 * MINUTE)
    send = {"title": "<Lamp>\nand more"}

    assert calls(stage, slow, lambda browser: browser.post("/danger", data=send)).status_code == 303
    kept = calls(stage, late, lambda browser: browser.post("/danger", data=send))
    assert kept.status_code == 403
    assert '<form method="post" action="/danger">' in kept.text
    assert "&lt;Lamp&gt;\nand more</textarea>" in kept.text


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"]
)
def test_a_proof_leads_nowhere_else(stage: Stage, next_: str) -> None:
    old = session_proved(stage, HOUR)
    asked = calls(stage, old, lambda browser: browser.get("/sign-in/again", params={"next": next_}))

    assert asked.status_code == 200
    assert "evil" not in asked.text
    assert 'name="next"' not in asked.text
