"""Staff: in by a link, verbs where the comments stand and in the list of those that wait, out again."""

import re

import pytest
from playwright.sync_api import Page, expect

from browser.acts import comment
from browser.conftest import Browse
from serving import Article, Serving


def signed_in(browse: Browse, lamp: Serving, *, script: bool) -> Page:
    page = browse(script=script)
    page.goto(lamp.sign_in_link())
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/moderation$"))
    return page


@pytest.fixture
def waiting(lamp: Serving) -> Article:
    """An article whose comments wait, with one that does."""
    article = lamp.publish(f"waiting-{lamp.article().slug}", front="discussion: held\n")
    lamp.say(article, f"May I come in, {article.slug}?")
    return article


def test_a_link_works_once(browse: Browse, lamp: Serving) -> None:
    link = lamp.run("admin", "create", "Bob", "--role", "moderator").strip()
    for heading in ("waiting", "That did not work"):
        page = browse(script=False)
        page.goto(link)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_waiting_comment_is_approved_in_the_list(
    browse: Browse, lamp: Serving, waiting: Article, script: bool
) -> None:
    page = signed_in(browse, lamp, script=script)
    entry = page.locator(".queue > li", has_text=f"May I come in, {waiting.slug}?")
    expect(entry).to_contain_text("comments on this article wait")
    entry.get_by_label("Reason").fill("Welcome")
    entry.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile("/moderation$"))
    expect(entry).to_have_count(0)
    everybody = browse(script=False)
    everybody.goto(waiting.path)
    expect(comment(everybody, "May I come in")).to_be_visible()


def test_what_waits_is_shown_to_staff_in_its_place_and_decided_there(
    browse: Browse, lamp: Serving, waiting: Article
) -> None:
    page = signed_in(browse, lamp, script=True)
    page.goto(waiting.path)
    item = comment(page, "May I come in")
    expect(item).to_contain_text("Waits for a decision.")
    item.get_by_text("Moderate").click()
    item.get_by_role("textbox", name="Reason").fill("Not like this")
    item.get_by_role("button", name="Reject").click()
    expect(item).to_contain_text("Not published.")
    item.get_by_text("Moderate").click()
    item.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status").last).to_have_text("Done.")
    everybody = browse(script=False)
    everybody.goto(waiting.path)
    expect(comment(everybody, "May I come in")).to_be_visible()


def test_a_published_comment_is_removed_in_its_place(browse: Browse, lamp: Serving) -> None:
    article = lamp.article()
    lamp.say(article, "Buy my lamps.")
    page = signed_in(browse, lamp, script=True)
    page.goto(article.path)
    item = comment(page, "Buy my lamps.")
    item.get_by_text("Moderate").click()
    item.get_by_role("button", name="Remove").click()
    expect(item).to_contain_text("Removed.")
    everybody = browse(script=False)
    everybody.goto(article.path)
    expect(everybody.get_by_text("Buy my lamps.")).to_have_count(0)


def test_a_published_comment_is_removed_without_script(browse: Browse, lamp: Serving) -> None:
    article = lamp.article()
    lamp.say(article, "Buy my lamps.")
    page = signed_in(browse, lamp, script=False)
    page.goto(article.path)
    comment(page, "Buy my lamps.").get_by_role("link", name="Share").click()
    page.get_by_role("link", name="Yours? Edit or delete it").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Removed by a moderator.")).to_be_visible()
    page.goto(article.path)
    expect(page.get_by_text("Buy my lamps.")).to_have_count(0)


def test_enter_in_the_reason_never_does_what_harms(browse: Browse, lamp: Serving) -> None:
    said = lamp.say(lamp.article(), "The lamp was mine.")
    page = signed_in(browse, lamp, script=False)
    page.goto(f"/comments/{said}/manage")
    page.get_by_label("Reason, kept with the decision").first.press("Enter")
    expect(page.get_by_text("Published.")).to_be_visible()
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()


def test_pinning_moves_a_comment_above_the_others_for_everybody(browse: Browse, lamp: Serving) -> None:
    article = lamp.article()
    lamp.said(article, ["First.", "Second."])
    page = signed_in(browse, lamp, script=True)
    page.goto(article.path)
    item = comment(page, "Second.")
    item.get_by_text("Moderate").click()
    item.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_role("status").last).to_have_text("Done.")
    everybody = browse(script=False)
    everybody.goto(article.path)
    expect(everybody.get_by_text("Pinned by the editors")).to_be_visible()
    assert everybody.locator("li.comment .text").all_inner_texts() == ["Second.", "First."]


def test_a_closed_discussion_takes_no_more_and_opens_again(browse: Browse, lamp: Serving) -> None:
    article = lamp.article()
    said = lamp.say(article, "First.")
    page = signed_in(browse, lamp, script=False)
    page.goto(f"/comments/{said}/manage")
    page.get_by_role("button", name="Close the discussion").click()
    expect(page.get_by_text("This discussion is closed.")).to_be_visible()
    page.goto(f"/comments/{said}/manage")
    page.get_by_role("button", name="Reopen the discussion").click()
    expect(page.get_by_role("textbox", name="Your comment")).to_be_visible()


def test_staff_sign_with_their_own_name(browse: Browse, lamp: Serving) -> None:
    article = lamp.article()
    lamp.say(article, "First.")
    page = signed_in(browse, lamp, script=True)
    page.goto(article.path)
    page.get_by_role("textbox", name="Your comment").fill("We read this.")
    expect(page.get_by_label("Name")).to_be_hidden()
    page.get_by_role("button", name="Post comment").click()
    mine = comment(page, "We read this.")
    expect(mine.get_by_role("heading", name="Bob")).to_be_visible()
    expect(mine.locator(".label")).to_have_text("staff")


def test_signing_out_ends_what_staff_may_do(browse: Browse, lamp: Serving) -> None:
    page = signed_in(browse, lamp, script=False)
    page.get_by_role("button", name="Sign out").click()
    page.goto("/moderation")
    expect(page.get_by_role("heading", name="Sign in to The Lamp")).to_be_visible()
