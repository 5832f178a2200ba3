"""A guest says something: with script, without it, without a cookie, twice, offline, from an old page."""

import re

from playwright.sync_api import Page, Route, expect

from browser.acts import comment, look_over, post, take_time, write
from browser.conftest import Browse
from serving import Serving


def open_article(page: Page, lamp: Serving) -> str:
    path = lamp.article().path
    page.clock.install()
    page.goto(path)
    return path


def test_a_guest_posts_in_place(browse: Browse, lamp: Serving) -> None:
    page = browse()
    path = open_article(page, lamp)
    assert page.context.cookies() == []
    write(page, "I **keep** it now.")
    take_time(page)
    post(page)
    mine = comment(page, "I keep it now.")
    expect(mine).to_be_focused()
    expect(mine.locator("strong")).to_have_text("keep")
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))
    assert {cookie["httpOnly"] for cookie in page.context.cookies()} == {True, False}
    everybody = browse(script=False)
    everybody.goto(path)
    expect(comment(everybody, "I keep it now.")).to_be_visible()


def test_a_first_post_without_script_is_looked_over_and_then_posted(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False)
    page.goto(lamp.article().path)
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
    page.get_by_role("link", name="Yours? Edit or delete it").click()
    expect(page.get_by_role("button", name="Save")).to_be_visible()


def test_a_later_post_without_script_is_posted_at_once(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False, known=True)
    page.goto(lamp.article().path)
    write(page, "Once more.")
    post(page)
    expect(comment(page, "Once more.")).to_be_visible()


def test_a_browser_that_keeps_no_cookie_posts_and_owns_nothing(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False)
    page.goto(lamp.article().path)
    write(page, "I keep no cookies.")
    post(page)
    page.context.clear_cookies()
    look_over(page)
    post(page)
    expect(comment(page, "I keep no cookies.")).to_be_visible()
    page.get_by_role("link", name="Yours? Edit or delete it").click()
    expect(page.get_by_role("heading", name="Sign in to The Lamp")).to_be_visible()


def test_a_preview_shows_the_comment_in_place_and_keeps_nothing(browse: Browse, lamp: Serving) -> None:
    page = browse()
    path = open_article(page, lamp)
    write(page, "Is *this* right?")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview em")).to_have_text("this")
    page.goto(path)
    expect(page.get_by_role("heading", name="No comments yet")).to_be_visible()


def test_a_preview_without_script_can_be_changed_before_it_is_posted(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False, known=True)
    page.goto(lamp.article().path)
    write(page, "Is *this* right?")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".lone em")).to_have_text("this")
    change = page.locator("form.write")
    expect(change.get_by_role("textbox", name="Your comment")).to_have_value("Is *this* right?")
    write(page, "*This* is right.", form=change)
    post(page, change)
    expect(comment(page, "This is right.")).to_be_visible()


def test_a_held_comment_is_seen_by_its_author_only(browse: Browse, lamp: Serving) -> None:
    held = lamp.publish("held-in-place", front="discussion: held\n")
    page = browse()
    page.clock.install()
    page.goto(held.path)
    write(page, "Is anybody there?")
    take_time(page)
    post(page)
    expect(comment(page, "Is anybody there?")).to_contain_text("Waiting for a moderator. Only you see this.")
    page.reload()
    expect(comment(page, "Is anybody there?")).to_contain_text("Waiting for a moderator. Only you see this.")
    everybody = browse()
    everybody.goto(held.path)
    expect(everybody.get_by_role("heading", name="No comments yet")).to_be_visible()
    expect(everybody.get_by_text("Is anybody there?")).to_have_count(0)


def test_a_held_comment_without_script_leads_its_author_to_where_it_stands(
    browse: Browse, lamp: Serving
) -> None:
    held = lamp.publish("held-without-script", front="discussion: held\n")
    page = browse(script=False, known=True)
    page.goto(held.path)
    write(page, "Is anybody there?")
    post(page)
    expect(page).to_have_url(re.compile(r"/comments/\w{13}/manage$"))
    expect(page.get_by_text("Waiting for a moderator. Only you see this.")).to_be_visible()
    where = page.url
    everybody = browse(script=False)
    everybody.goto(where)
    expect(everybody.get_by_role("heading", name="Sign in to The Lamp")).to_be_visible()


def test_what_was_written_offline_is_kept_and_tried_again_makes_one_comment(
    browse: Browse, lamp: Serving
) -> None:
    page = browse()
    path = open_article(page, lamp)
    write(page, "Through the storm.")
    take_time(page)
    page.context.set_offline(True)
    post(page)
    expect(page.get_by_role("alert")).to_have_text("No connection. What you wrote is kept; try again.")
    expect(page.get_by_role("textbox", name="Your comment")).to_have_value("Through the storm.")
    page.context.set_offline(False)
    keys: list[str | None] = []
    page.on("request", lambda request: keys.append(request.headers.get("idempotency-key")))

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/comments", lose_the_answer, times=1)
    post(page)
    expect(page.get_by_role("alert")).to_be_visible()
    post(page)
    expect(comment(page, "Through the storm.")).to_be_focused()
    assert len(keys) == 2 and keys[0] == keys[1] is not None
    page.goto(path)
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()


def test_a_page_that_a_cache_kept_for_a_week_still_posts(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False, known=True)
    article = lamp.article()
    with lamp.client() as cache:
        old = cache.get(article.path).text
    lamp.say(article, "Meanwhile, somebody wrote.")
    page.route(f"**{article.path}", lambda route: route.fulfill(body=old, content_type="text/html"), times=1)
    page.goto(article.path)
    expect(page.get_by_role("heading", name="No comments yet")).to_be_visible()
    write(page, "I read this last week.")
    post(page)
    expect(comment(page, "I read this last week.")).to_be_visible()


def test_an_old_page_posts_in_place_too(browse: Browse, lamp: Serving) -> None:
    page = browse()
    article = lamp.article()
    page.clock.install()
    page.goto(article.path)
    lamp.say(article, "Meanwhile, somebody wrote.")
    write(page, "I left this open all week.")
    take_time(page)
    post(page)
    expect(comment(page, "I left this open all week.")).to_be_focused()
    page.reload()
    expect(page.get_by_role("heading", name="2 comments")).to_be_visible()


def test_a_refusal_names_the_field_and_keeps_the_text(browse: Browse, lamp: Serving) -> None:
    page = browse()
    open_article(page, lamp)
    write(page, "Who am I?", name="Ne\u200bll")
    take_time(page)
    post(page)
    name = page.get_by_role("textbox", name="Name")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("a character that can't be seen (U+200B)")
    expect(page.get_by_role("textbox", name="Your comment")).to_have_value("Who am I?")


def test_a_refusal_without_script_names_the_field_and_keeps_the_text(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False)
    page.goto(lamp.article().path)
    write(page, "Who am I?", name="Ne\u200bll")
    post(page)
    expect(page.get_by_role("heading", name="Almost")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("textbox", name="Your comment")).to_have_value("Who am I?")


def test_a_closed_discussion_has_no_form(browse: Browse, lamp: Serving) -> None:
    closed = lamp.publish("closed", front="discussion: closed\n")
    for script in (True, False):
        page = browse(script=script)
        page.goto(closed.path)
        expect(page.get_by_text("This discussion is closed.")).to_be_visible()
        expect(page.get_by_role("button", name="Post comment")).to_have_count(0)
