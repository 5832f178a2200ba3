"""A guest says something: with script, without it, without a cookie, twice, offline, from an old page."""

import re

from playwright.sync_api import Page, expect

from browser.acts import comment, look_over, post, take_time, write
from browser.conftest import Browse
from serving import Serving


def open_article(page: Page, lamp: Serving, *, clock: bool = True) -> str:
    if clock:
        page.clock.install()
    path = lamp.article().path
    page.goto(path)
    return path


def test_a_guest_posts_in_place(browse: Browse, lamp: Serving) -> None:
    page = browse()
    path = open_article(page, lamp)
    write(page, "I **keep** it now.")
    take_time(page)
    post(page)
    mine = comment(page, "I keep it now.")
    expect(mine).to_be_focused()
    expect(mine.locator("strong")).to_have_text("keep")
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))
    everybody = browse(script=False)
    everybody.goto(path)
    expect(comment(everybody, "I keep it now.")).to_be_visible()


def test_a_first_post_without_script_is_looked_over_and_then_posted(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False)
    open_article(page, lamp, clock=False)
    assert page.context.cookies() == []
    write(page, "I **keep** it now.")
    post(page)
    expect(page.get_by_role("heading", name="How it will look")).to_be_visible()
    expect(page.locator(".lone strong")).to_have_text("keep")
    assert {cookie["httpOnly"] for cookie in page.context.cookies()} == {True, False}
    look_over(page)
    post(page)
    expect(page).to_have_url(re.compile(r"/comments/\w{13}\?v=\d+#comment-\w{13}$"))
    expect(comment(page, "I keep it now.")).to_be_visible()


def test_a_later_post_without_script_is_posted_at_once(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False, known=True)
    open_article(page, lamp, clock=False)
    write(page, "Once more.")
    post(page)
    expect(comment(page, "Once more.")).to_be_visible()
