"""A person takes their data along, takes their name off, leaves; a guest does so by a link: with script, and without."""

import json
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.acts import take_time, write
from browser.conftest import Browse
from serving import Serving


def sign_in(page: Page, lamp: Serving, name: str) -> None:
    """Become a member."""
    address = f"{secrets.token_hex(4)}@mail.example"
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill(lamp.code_sent_to(address))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("script", [True, False])
def test_a_member_takes_all_along_and_leaves(browse: Browse, lamp: Serving, script: bool) -> None:
    page, article, name = browse(script=script), lamp.article(), f"Lea {secrets.token_hex(4)}"
    lamp.say(article, "The first word.")
    if script:
        page.clock.install()
    sign_in(page, lamp, name)
    page.goto(article.path)
    page.get_by_role("textbox", name="Your comment").fill("These words stay.")
    if not script:
        page.get_by_label("Name").fill("Anybody")
    if script:
        take_time(page)
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator(".comment").filter(has_text="These words stay.")).to_contain_text(name)

    page.goto("/me")
    page.get_by_role("link", name="My data").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    told = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert [text["text"] for one in told["comments"] for text in one["texts"]] == ["These words stay."]

    page.get_by_role("link", name="Leave").click()
    page.get_by_label("Keep them without my name").check()
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Farewell")).to_be_visible()
    assert page.context.cookies() == []
    page.goto(article.path)
    comment = page.locator(".comment").filter(has_text="These words stay.")
    expect(comment).to_contain_text("No name")
    expect(page.get_by_text(name)).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_a_guest_removes_their_comment_by_a_link(browse: Browse, lamp: Serving, script: bool) -> None:
    page, article, address = browse(script=script), lamp.article(), f"{secrets.token_hex(4)}@mail.example"
    lamp.say(article, "The first word.")
    if script:
        page.clock.install()
    page.goto(article.path)
    write(page, "I wrote this as a guest.")
    page.get_by_label("E-mail").fill(address)
    if script:
        take_time(page)
    page.get_by_role("button", name="Post comment").click()
    if not script:  # a browser that was never here sees a preview first
        page.get_by_role("button", name="Post comment").first.click()
    expect(page.locator(".comment").filter(has_text="as a guest")).to_be_visible()

    page.goto("/sign-in")
    page.get_by_role("link", name="Without an account").click()
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(lamp.link_sent_to(address))
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="Remove them …").click()
    expect(page.get_by_role("heading", name="Remove 1 comment?")).to_be_visible()
    page.get_by_role("button", name="Remove them").click()
    expect(page.get_by_role("heading", name="It is done")).to_be_visible()
    page.goto(article.path)
    expect(page.get_by_text("as a guest")).to_have_count(0)
