"""A reader who was a guest signs in, takes what they wrote, and changes their name: with script, and without."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from browser.acts import look_over, post
from browser.conftest import Browse
from serving import Article, Serving


def leave(page: Page, lamp: Serving, article: Article, text: str, address: str, *, script: bool) -> None:
    """Write as a guest who gives an address."""
    page.goto(article.path)
    form = page.locator("form.write").first
    form.get_by_role("textbox", name="Your comment").fill(text)
    form.get_by_label("Name").fill("Somebody")
    form.get_by_label("E-mail").fill(address)
    page.wait_for_timeout(2_100 if script else 0)  # as long as a person takes for it
    post(page, form)
    if not script:
        look_over(page)
        post(page)
    expect(page.locator(".comment").filter(has_text=text)).to_be_visible()


def sign_in(page: Page, lamp: Serving, address: str, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill(lamp.code_sent_to(address))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def article(lamp: Serving) -> Article:
    return lamp.article()


@pytest.mark.parametrize("script", [True, False])
def test_a_guest_becomes_a_member_and_takes_what_they_wrote(
    browse: Browse, lamp: Serving, article: Article, script: bool
) -> None:
    here, elsewhere = browse(script=script), browse(script=script)
    tag = secrets.token_hex(4)
    address, name = f"{tag}@mail.example", f"Nora {tag}"
    leave(here, lamp, article, "Mine, on this browser.", address, script=script)
    leave(elsewhere, lamp, article, "From another browser.", address, script=script)
    sign_in(here, lamp, address, name)

    expect(here.get_by_role("heading", name="Did you write these?")).to_be_visible()
    expect(here.get_by_role("checkbox", name="Mine, on this browser.")).to_be_checked()
    other = here.get_by_role("checkbox", name="From another browser.")
    expect(other).not_to_be_checked()
    here.get_by_role("button", name="Take what is ticked").click()
    expect(here.get_by_role("heading", name=name)).to_be_visible()
    expect(here.get_by_text("Comments were left here")).to_have_count(0)

    here.goto(article.path)
    expect(here.locator(".comment").filter(has_text="Mine, on this browser.")).to_contain_text(name)
    expect(here.locator(".comment").filter(has_text="From another browser.")).to_contain_text("Somebody")


@pytest.mark.parametrize("script", [True, False])
def test_a_member_changes_their_name(browse: Browse, lamp: Serving, article: Article, script: bool) -> None:
    page, tag = browse(script=script), secrets.token_hex(4)
    with lamp.staff("Bob"):
        pass
    sign_in(page, lamp, f"{tag}@mail.example", f"Nora {tag}")
    page.get_by_role("link", name="Change your name").click()
    page.get_by_label("Name").fill("Bоb")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("belongs to somebody here")
    page.get_by_label("Name").fill(f"Nell {tag}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=f"Nell {tag}")).to_be_visible()
