"""Passkeys in Chromium, with a device of its own making: added, used on another day, proved with, removed."""

import secrets

from playwright.sync_api import Page, expect

from browser.acts import add_passkey, plug_in
from browser.conftest import Browse
from rejoinder.db import Tx
from serving import Serving


def come_in(page: Page, lamp: Serving) -> str:
    """Sign in by a link; the name of who that is."""
    name = f"Carol {secrets.token_hex(4)}"
    page.goto(lamp.sign_in_link(name))
    page.get_by_role("button", name="Sign in").click()
    return name


def grow_old(tx: Tx) -> int:
    return tx.run("UPDATE sessions SET proved_at = proved_at - 3000000, used_at = used_at - 3000000")


def test_a_passkey_is_added_signs_in_proves_and_is_removed(browse: Browse, lamp: Serving) -> None:
    page = browse()
    plug_in(page)
    name = come_in(page, lamp)
    page.wait_for_url(f"{lamp.base_url}/moderation")
    page.goto("/me")
    page.get_by_role("link", name="Add one").click()
    add_passkey(page, "My laptop")

    page.goto("/me")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in?next=/moderation")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{lamp.base_url}/moderation")
    page.goto("/me")
    expect(page.get_by_role("heading", name=name)).to_be_visible()

    lamp.db.write_now(grow_old)
    page.get_by_role("link", name="Look after your passkeys").click()
    expect(page.get_by_role("heading", name=f"Is it you, \u2068{name}\u2069?")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{lamp.base_url}/me/passkeys")
    page.get_by_role("button", name="Remove My laptop").click()
    expect(page.get_by_role("listitem")).to_have_count(0)

    page.goto("/me")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This passkey was not accepted.")


def test_what_the_device_refuses_is_said_and_what_was_written_stays(browse: Browse, lamp: Serving) -> None:
    page = browse()
    plug_in(page, isUserVerified=False)
    come_in(page, lamp)
    page.goto("/me/passkeys")
    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("No passkey was made.")
    expect(page.get_by_label("What you call it")).to_have_value("My laptop")
    expect(page.get_by_role("button", name="Add a passkey")).to_be_enabled()


def test_a_limit_is_said_in_the_servers_words(browse: Browse, lamp: Serving) -> None:
    page = browse()
    plug_in(page)
    page.goto("/sign-in")
    tries = (
        "Promise.all(Array.from({length: 30}, () => fetch('/sign-in/passkey/challenge', {method: 'POST'})))"
    )
    page.evaluate(f"async () => {{ await {tries} }}")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Please wait a moment")


def test_without_a_connection_nothing_is_lost(browse: Browse, lamp: Serving) -> None:
    page = browse()
    plug_in(page)
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("nell@mail.example")
    page.context.set_offline(True)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no connection.")
    expect(page.get_by_label("E-mail")).to_have_value("nell@mail.example")


def test_without_script_there_is_no_dead_button(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False)
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    come_in(page, lamp)
    page.goto("/me/passkeys")
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    expect(page.get_by_text("Your browser does this by script")).to_be_visible()
