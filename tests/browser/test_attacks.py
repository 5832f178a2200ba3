"""Nothing that a stranger wrote runs in a browser: not for readers, not for authors, not for moderators (D2)."""

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page

from attacks import Corpora
from browser.conftest import Browse
from rejoinder.accounts.models import Role
from serving import Article, Serving

SAMPLED = 200
ON_A_PAGE = 50
# What the corpora's attacks call, and what they write when they are through.
WATCH = """
window.__ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = (...args) => { window.__ran.push(`${name}(${args})`); };
}
addEventListener("securitypolicyviolation", (event) => window.__ran.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def pages(lamp: Serving, corpora: Corpora) -> list[Article]:
    """Discussions full of attacks; every comment is also signed with one where that is taken for a name."""
    chosen = [text for text in corpora.attacks if text.strip()]
    chosen = chosen[:: max(1, len(chosen) // 150)] + list(corpora.naughty[::8])
    articles = [lamp.article() for _ in range(SAMPLED // ON_A_PAGE)]
    for number, text in enumerate(chosen[:SAMPLED]):
        name = f"<b onmouseover=alert({number})>N" if number % 2 else "Mallory"
        body = {
            "thread": {"url": articles[number // ON_A_PAGE].path},
            "text": text[:10_000],
            "author": {"name": name},
        }
        with lamp.client(authorization=f"Bearer {secrets.token_urlsafe(32)}") as mallory:
            assert mallory.post("/api/v1/comments", json=body).status_code < 500
    return articles


@pytest.fixture
def watched(browse: Browse) -> Iterator[Page]:
    """A page that notices whatever an attack does."""
    page = browse(known=True)
    page.add_init_script(WATCH)
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    yield page
    assert asked == []


def ran(page: Page) -> list[str]:
    """What ran since the page was opened, after everything on it was touched."""
    page.evaluate(
        """() => {
          for (const node of document.querySelectorAll(".text *, h3 *")) {
            for (const type of ["mouseover", "mouseenter", "focus", "error", "load", "toggle", "animationstart"]) {
              node.dispatchEvent(new Event(type, { bubbles: true }));
            }
          }
        }"""
    )
    page.wait_for_timeout(100)
    found: list[str] = page.evaluate("window.__ran")
    return found


def test_nothing_runs_for_a_reader(watched: Page, pages: list[Article]) -> None:
    for article in pages:
        watched.goto(article.path)
        assert watched.locator("li.comment").count() > 20
        assert ran(watched) == []


def test_nothing_runs_in_a_moderator_s_pages(watched: Page, lamp: Serving, pages: list[Article]) -> None:
    watched.goto(lamp.sign_in_link("Alice", Role.OWNER))
    watched.get_by_role("button", name="Sign in").click()
    assert ran(watched) == []
    watched.goto(pages[0].path)
    assert ran(watched) == []


def test_nothing_runs_in_a_preview(watched: Page, lamp: Serving, corpora: Corpora) -> None:
    watched.goto(lamp.article().path)
    box = watched.get_by_role("textbox", name="Your comment")
    box.focus()
    watched.get_by_label("Name").fill("Nell")
    for text in corpora.attacks[:: len(corpora.attacks) // 25]:
        box.fill(text[:9_000])
        with watched.expect_response("**/api/v1/preview"):
            watched.get_by_role("button", name="Preview").click()
    assert ran(watched) == []


def test_an_attack_that_got_through_would_be_noticed(browse: Browse, lamp: Serving) -> None:
    page = browse()
    page.add_init_script(WATCH)
    page.goto(lamp.article().path)
    page.evaluate("() => { document.querySelector('.prose').innerHTML = '<img src=x onerror=alert(1)>'; }")
    page.wait_for_function("() => window.__ran.length > 0", polling=50)
    assert any("script-src" in found or "alert" in found for found in page.evaluate("window.__ran"))
    browse.faults.clear()
