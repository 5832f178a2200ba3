"""A reader signs in by mail, writes under their name and goes out again: with script, and without."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from browser.acts import write
from browser.conftest import Browse
from serving import Serving


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_signs_in_writes_and_signs_out(browse: Browse, lamp: Serving, script: bool) -> None:
    page, article = browse(script=script), lamp.article()
    lamp.say(article, "The first word.")
    address, name = f"{secrets.token_hex(4)}@mail.example", f"Nora {secrets.token_hex(4)}"
    page.goto(article.path)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill(lamp.code_sent_to(address))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()

    if script:  # who is signed in is asked for no name
        expect(page.get_by_role("link", name=name)).to_have_attribute("href", "/me")
        page.get_by_role("textbox", name="Your comment").fill("Signed in.")
        expect(page.get_by_label("Name")).to_be_hidden()
    else:
        write(page, "Signed in.", name="Somebody else")
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator(".comment").filter(has_text="Signed in.")).to_contain_text(name)
    page.goto(article.path)
    expect(page.get_by_text("Somebody else")).to_have_count(0)

    page.goto(lamp.article().path)
    write(page, "A draft that was never sent.", name=name)
    if script:
        assert "never sent" in kept(page)
    page.goto("/me")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/me")
    expect(page.get_by_label("E-mail")).to_be_visible()
    assert page.context.cookies() == []
    if script:
        assert kept(page) == "{}"


def kept(page: Page) -> str:
    """All that this browser keeps of our origin, beside its cookies."""
    return str(page.evaluate("() => JSON.stringify(localStorage)"))
