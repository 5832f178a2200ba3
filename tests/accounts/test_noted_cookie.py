"""Whoever noted a browser's cookie before somebody signed in on it is nobody afterwards."""

from secrets import token_urlsafe

from cast import NOON, Stage, reader
from rejoinder.accounts.models import Browser, Caller
from rejoinder.accounts.queries.visitors import find_visitor
from rejoinder.accounts.roles import sign_out_everywhere
from rejoinder.accounts.sessions import end_other_sessions, open_session
from serving import Serving

BEFORE, AFTER = reader("noted").token_hash, reader("fresh").token_hash


def enter(stage: Stage, who: Caller, visitor: bytes | None, becomes: bytes | None = AFTER) -> int:
    assert who.person is not None
    browser = Browser(visitor=visitor, becomes=becomes, network=b"n")
    stage.write(open_session, stage.site.id, who.person.account_id, browser, now=NOON)
    return who.person.account_id


def owner_of(stage: Stage, token_hash: bytes | None) -> int | None:
    visitor = stage.read(find_visitor, stage.site.id, token_hash or b"")
    return visitor.account_id if visitor else 0


def test_the_past_of_the_browser_comes_along_and_its_token_does_not(stage: Stage) -> None:
    stage.post("As a guest.", by=Caller(BEFORE, b"n"))
    before = stage.read(find_visitor, stage.site.id, BEFORE)
    bob = enter(stage, stage.bob, BEFORE)
    after = stage.read(find_visitor, stage.site.id, AFTER)
    assert before and after and (after.id, after.account_id) == (before.id, bob)
    assert owner_of(stage, BEFORE) == 0


def test_a_browser_of_somebody_else_stays_theirs_and_is_left(stage: Stage) -> None:
    alice = enter(stage, stage.alice, BEFORE, None)
    bob = enter(stage, stage.bob, BEFORE)
    assert (owner_of(stage, BEFORE), owner_of(stage, AFTER)) == (alice, bob)


def test_a_browser_that_was_never_here_is_its_persons(stage: Stage) -> None:
    bob = enter(stage, stage.bob, None)
    assert owner_of(stage, AFTER) == bob


def test_the_cookie_from_before_the_sign_in_votes_for_nobody_else(lamp: Serving) -> None:
    article = lamp.article()
    with lamp.client() as writer, lamp.client() as shared, lamp.client() as mallory:
        body = {"thread": {"url": article.path}, "text": "Vote on me.", "author": {"name": "Rita"}}
        posted = writer.post("/api/v1/comments", json=body).json()
        cookie = f"rejoinder-{lamp.port}"
        vote = f"/api/v1/comments/{posted['id']}/vote"
        other = {"thread": {"url": article.path}, "text": "As a guest.", "author": {"name": "Nora"}}
        token = token_urlsafe(32)
        for browser in (shared, mallory):  # she noted it before
            browser.cookies.set(cookie, token, domain="127.0.0.1", path="/")
        assert shared.post("/api/v1/comments", json=other).status_code == 201

        code = lamp.sign_in_link("Vida").partition("code=")[2]
        assert shared.post("/sign-in", data={"code": code}).status_code == 303
        assert shared.put(vote, json={"value": 1}).json()["up"] == 1
        mine = f"/api/v1/threads/{posted['thread_id']}/mine"
        assert shared.get(mine).json()["votes"] == {posted["id"]: 1}
        assert mallory.get(mine).json()["votes"] == {}
        assert mallory.put(vote, json={"value": -1}).json()["down"] == 1
        assert shared.get(mine).json()["votes"] == {posted["id"]: 1}


def test_a_lost_browser_votes_for_nobody_once_its_person_signed_out_everywhere(stage: Stage) -> None:
    bob = enter(stage, stage.bob, None)
    assert owner_of(stage, AFTER) == bob
    stage.write(sign_out_everywhere, stage.site.id, "bob")
    assert owner_of(stage, AFTER) == 0


def test_who_signs_out_elsewhere_is_known_where_they_are(stage: Stage) -> None:
    bob = enter(stage, stage.bob, None)
    enter(stage, stage.bob, None, BEFORE)
    assert stage.bob.person
    stage.write(end_other_sessions, stage.bob.person, Browser(visitor=AFTER))
    assert (owner_of(stage, AFTER), owner_of(stage, BEFORE)) == (bob, 0)
