"""Signing in elsewhere in a real browser, with script and without: at a real provider, and at the publisher."""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.acts import write
from browser.conftest import Browse
from databases import Databases
from openid_provider import Provider, openid_provider
from serving import Article, Serving, fill, serving
from signed_tokens import PUBLISHER, claims_of_publisher, token_of
from web_server import Answer, Asked, WebServer, web_server

# Names stand between marks that keep them from turning the words around them.
PROVIDER = re.compile("Sign in with .Lighthouse ID")
HARBOUR = re.compile("Sign in with .The Harbour")


@dataclass(frozen=True)
class Ways:
    """A publication, and where its readers sign in."""

    lamp: Serving
    provider: Provider
    publisher: WebServer


@pytest.fixture(scope="module")
def ways(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    folder: Path = tmp_path_factory.mktemp("elsewhere") / "publication"
    fill(folder, articles=4)
    with (
        openid_provider() as provider,
        web_server() as publisher,
        databases.migrated("sqlite") as url,
    ):
        settings = {
            "REJOINDER_OIDC": json.dumps([provider.settings()]),
            "REJOINDER_SSO": json.dumps(PUBLISHER | {"login_url": f"{publisher.url}/login"}),
        }
        with serving(url, folder, **settings) as lamp:
            provider.redirects = [f"{lamp.base_url}/sign-in/with/real/back"]
            provider.restart()
            yield Ways(lamp, provider, publisher)


@pytest.fixture
def roam(chromium: Browser, ways: Ways) -> Iterator[Browse]:
    """Opens browsers that go nowhere but to us, to the provider and to the publisher."""
    opened = Browse(chromium, ways.lamp)
    yield opened
    opened.close()
    # The provider's own pages want a font from somewhere; ours want nothing.
    fonts = "asked https://fonts.googleapis.com/"
    expected = (f"asked {ways.provider.issuer}/", f"asked {ways.publisher.url}/", fonts)
    assert [fault for fault in opened.faults if not fault.startswith(expected)] == []


def at_the_provider(page: Page, name: str) -> None:
    """Its two pages: who one is, and that we may know."""
    page.get_by_placeholder("Enter any login").fill(name)
    page.get_by_placeholder("and password").fill("x")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_reader_signs_in_at_a_provider_and_goes_on(roam: Browse, ways: Ways, script: bool) -> None:
    page, name = roam(script=script), f"Nora {secrets.token_hex(4)}"
    ways.lamp.say(Article("lamp-1"), "The first word.")
    page.goto("/sign-in?next=/articles/lamp-1")
    page.get_by_role("button", name=PROVIDER).click()
    at_the_provider(page, f"sure-{name}")
    expect(page.get_by_label("Name")).to_have_value(name)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{ways.lamp.base_url}/articles/lamp-1")
    if script:
        page.get_by_role("textbox", name="Your comment").fill("Signed in.")
    else:
        write(page, "Signed in.", name="Somebody else")
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator(".comment").filter(has_text=name)).to_have_count(1)

    page.goto("/me")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in")
    page.get_by_role("button", name=PROVIDER).click()  # who knows them still
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_who_changes_their_mind_there_is_back_where_they_were(roam: Browse, ways: Ways) -> None:
    page = roam(script=False)
    page.goto("/sign-in?next=/articles/lamp-2")
    page.get_by_role("button", name=PROVIDER).click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("did not sign you in")
    page.get_by_role("button", name=PROVIDER).click()
    at_the_provider(page, f"sure-{secrets.token_hex(4)}")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{ways.lamp.base_url}/articles/lamp-2")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_reader_of_the_publishers_signs_in(roam: Browse, ways: Ways, script: bool) -> None:
    name = f"Nell {secrets.token_hex(4)}"

    def login(asked: Asked) -> Answer:
        query = parse_qs(asked.path.partition("?")[2])
        token = token_of(
            claims=claims_of_publisher(ways.lamp.base_url, query["nonce"][0], sub=name, name=name)
        )
        page = f"""<!doctype html><title>Back</title><form method="post" action="{query["return_to"][0]}">
            <input type="hidden" name="token" value="{token}"><button>Back to the comments</button></form>"""
        return Answer(page.encode(), headers=(("content-type", "text/html; charset=utf-8"),))

    ways.publisher.answers["/login"] = login
    page = roam(script=script)
    for turn in ("new", "known"):
        page.goto("/sign-in?next=/articles/lamp-3")
        page.get_by_role("button", name=HARBOUR).click()
        page.get_by_role("button", name="Back to the comments").click()
        expect(page).to_have_url(f"{ways.lamp.base_url}/sign-in/sso")
        page.get_by_role("button", name=f"Continue as \u2068{name}\u2069").click()
        if turn == "new":
            page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{ways.lamp.base_url}/articles/lamp-3")
        page.goto("/me")
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        page.get_by_role("button", name="Sign out", exact=True).click()
