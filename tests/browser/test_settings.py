"""An owner looks after the settings: with script and without, with the keyboard alone, and against another owner."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Browse
from rejoinder.accounts.models import Role
from serving import Serving


def open_settings(page: Page, lamp: Serving, name: str = "Alice") -> None:
    """The way an owner goes: signed in, from the page of what waits."""
    page.goto(lamp.sign_in_link(name, Role.OWNER))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_an_owner_changes_what_readers_see(browse: Browse, lamp: Serving, script: bool) -> None:
    page, reader, article = browse(script=script), browse(script=False), lamp.article()
    open_settings(page, lamp)
    expect(page.locator("#setting-name")).to_contain_text("Given by publication.toml")

    page.get_by_role("checkbox", name="Websites of guests").uncheck()
    page.get_by_role("radio", name="required").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Websites of guests: off")
    expect(page.get_by_role("status")).to_contain_text("E-mail of guests: required")

    reader.goto(article.path)
    expect(reader.get_by_label("Website")).to_have_count(0)
    expect(reader.get_by_label("E-mail, not shown", exact=True)).to_have_count(1)

    page.get_by_role("checkbox", name="Websites of guests").check()
    page.get_by_role("radio", name="whoever wants to").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("E-mail of guests: whoever wants to")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing was different")


@pytest.mark.parametrize("script", [True, False])
def test_what_is_wrong_is_told_at_the_top_and_beside_its_field_and_nothing_is_lost(
    browse: Browse, lamp: Serving, script: bool
) -> None:
    page, name = browse(script=script), f"Desk {secrets.token_hex(4)}"
    open_settings(page, lamp)
    before = lamp.site
    page.get_by_label("Reserved names").fill(name)
    page.get_by_label("Other origins").fill("https://fine.example\nhttps://app.example/")
    page.get_by_role("button", name="Save").click()

    told = page.get_by_role("alert")
    expect(told).to_be_focused()
    assert lamp.site == before
    expect(page.get_by_label("Reserved names")).to_have_value(name)
    field = page.get_by_label("Other origins")
    expect(field).to_have_attribute("aria-invalid", "true")
    told.get_by_role("link", name="Other origins").click()
    expect(page.locator("#setting-origins")).to_be_in_viewport()
    expect(page.locator("#faults-origins")).to_contain_text("must be an origin")

    field.fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text(name)
    lamp.run("site", "reset", "reserved_names")


def test_two_owners_at_once_lose_nothing_of_each_other(browse: Browse, lamp: Serving) -> None:
    alice, olga = browse(), browse()
    open_settings(alice, lamp)
    open_settings(olga, lamp, "Olga")
    olga.get_by_label("Links in a comment").fill("9")
    olga.get_by_role("button", name="Save").click()
    expect(olga.get_by_role("status")).to_contain_text("Saved.")

    alice.get_by_label("Longest comment").fill("9000")
    alice.get_by_role("button", name="Save").click()
    expect(alice.get_by_role("alert")).to_contain_text("Olga")
    expect(alice.get_by_label("Links in a comment")).to_have_value("9")
    expect(alice.get_by_label("Longest comment")).to_have_value("9000")
    alice.get_by_role("button", name="Save").click()
    expect(alice.get_by_role("status")).to_contain_text("Longest comment: 9000")
    assert (lamp.site.rules.held_links, lamp.site.rules.most_characters) == (9, 9000)
    lamp.run("site", "reset", "held_links", "most_characters")


def test_the_keyboard_alone_is_enough(browse: Browse, lamp: Serving) -> None:
    page = browse()
    open_settings(page, lamp)
    page.get_by_role("checkbox", name="Votes").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="nobody's")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="those of newcomers")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Who waits: those of newcomers")
    assert lamp.site.rules.votes is False
    lamp.run("site", "reset", "votes", "hold")
