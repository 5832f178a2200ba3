"""Reading: orders, pages, permalinks, branches, times; with script and without it."""

import re

import pytest
from playwright.sync_api import Page, expect

from browser.acts import comment
from browser.conftest import Browse
from serving import Serving

MANY = 60


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """With script and without it: what a test asks for holds for both."""
    return request.param  # type: ignore[no-any-return]


def texts(page: Page) -> list[str]:
    """What the top-level comments say, in their order."""
    return page.locator(".comments > .comment > article > .text p").all_text_contents()


def test_orders_are_links_that_say_which_is_current(browse: Browse, lamp: Serving, script: bool) -> None:
    article = lamp.article()
    lamp.said(article, ["First.", "Second.", "Third."])
    page = browse(script=script)
    page.goto(article.path)
    assert texts(page) == ["First.", "Second.", "Third."]
    page.get_by_role("link", name="Newest").click()
    expect(page.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")
    assert texts(page) == ["Third.", "Second.", "First."]
    for order in ("Most voted", "Best", "Oldest"):
        page.get_by_role("link", name=order).click()
        expect(page.get_by_role("link", name=order)).to_have_attribute("aria-current", "true")
        assert sorted(texts(page)) == ["First.", "Second.", "Third."]


def test_an_order_is_shown_in_the_language_that_was_asked_for(browse: Browse, lamp: Serving) -> None:
    article = lamp.article()
    lamp.said(article, ["First.", "Second."])
    page = browse(script=False)
    page.goto(f"{article.path}?lang=ar")
    page.locator(".sorts a").nth(1).click()
    expect(page).to_have_url(re.compile(r"\?sort=newest&lang=ar#discussion$"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


@pytest.fixture(scope="module")
def long_discussion(lamp: Serving) -> str:
    """An article with more comments than a page has room for: its path."""
    article = lamp.article()
    lamp.said(article, [f"Number {number}." for number in range(MANY)])
    return article.path


@pytest.mark.parametrize("order", ["oldest", "newest", "most-voted", "best"])
def test_the_way_on_walks_every_comment_once(browse: Browse, long_discussion: str, order: str) -> None:
    page = browse(script=False)
    page.goto(f"{long_discussion}?sort={order}")
    read = texts(page)
    page.get_by_role("link", name="View all comments").click()
    expect(page).to_have_url(re.compile("after="))
    read += texts(page)
    assert sorted(read) == sorted(f"Number {number}." for number in range(MANY))
    page.get_by_role("link", name="Back to the first comments").click()
    assert texts(page) == read[:50]


def test_an_address_leads_to_its_comment_however_far_below_it_stands(
    browse: Browse, lamp: Serving, long_discussion: str
) -> None:
    page = browse()
    page.goto(long_discussion)
    last = page.locator(".comments > .comment").last.get_attribute("id")
    page.goto(f"{long_discussion}?sort=oldest#{last}")
    expect(page.locator(f"#{last} > article > .text")).to_be_in_viewport()
    page.wait_for_timeout(300)  # what is laid out on the way may not push it off again
    expect(page.locator(f"#{last} > article > .text")).to_be_in_viewport()


def test_a_permalink_shows_a_comment_among_its_own(browse: Browse, lamp: Serving, script: bool) -> None:
    article = lamp.article()
    root = lamp.say(article, "The lamp was mine.")
    child = lamp.say(article, "And mine before.", below=root)
    lamp.say(article, "Something else entirely.")
    page = browse(script=script)
    page.goto(article.path)
    comment(page, "And mine before.").locator(".when").click()
    expect(page).to_have_url(re.compile(f"/comments/{child}$"))
    expect(page.locator(f".here + #comment-{child}")).to_contain_text("And mine before.")
    expect(comment(page, "The lamp was mine.")).to_be_visible()
    expect(page.get_by_text("Something else entirely.")).to_have_count(0)
    page.get_by_role("link", name="Read the whole discussion").click()
    expect(page).to_have_url(re.compile(f"{article.path}#discussion$"))


def test_a_wide_branch_leads_on_to_its_further_replies(browse: Browse, lamp: Serving, script: bool) -> None:
    article = lamp.article()
    root = lamp.say(article, "Who was there?")
    for number in range(25):
        lamp.say(article, f"I was the {number}th.", below=root)
    page = browse(script=script)
    page.goto(article.path)
    expect(page.locator(".replies > .comment")).to_have_count(20)
    page.get_by_role("link", name="View 5 more replies").click()
    expect(page.get_by_text("I was the 24th.")).to_be_visible()
    expect(page.get_by_text("I was the 19th.")).to_have_count(0)


def test_a_branch_is_folded_and_unfolded(browse: Browse, lamp: Serving) -> None:
    article = lamp.article()
    root = lamp.say(article, "The lamp was mine.")
    lamp.say(article, "And mine before.", below=root)
    page = browse()
    page.goto(article.path)
    page.get_by_role("button", name="Fold").click()
    expect(page.get_by_text("And mine before.")).to_be_hidden()
    unfold = page.get_by_role("button", name="Show the replies")
    expect(unfold).to_have_attribute("aria-expanded", "false")
    unfold.click()
    expect(page.get_by_text("And mine before.")).to_be_visible()


def test_a_long_comment_folds_to_the_eye_only(browse: Browse, lamp: Serving, script: bool) -> None:
    article = lamp.article()
    lamp.say(
        article,
        "\n\n".join(f"Paragraph {number} of a long story that goes on and on." for number in range(70)),
    )
    page = browse(script=script)
    page.goto(article.path)
    text = page.locator("li.comment .text")
    folded = text.bounding_box()
    page.get_by_role("checkbox", name="Read more").check()
    unfolded = text.bounding_box()
    assert folded and unfolded and folded["height"] < 420 < unfolded["height"]
    assert "Paragraph 69" in text.inner_text()


def test_sharing_copies_the_permalink(browse: Browse, lamp: Serving) -> None:
    article = lamp.article()
    said = lamp.say(article, "The lamp was mine.")
    page = browse(permissions=["clipboard-read", "clipboard-write"])
    page.goto(article.path)
    page.get_by_role("link", name="Share").click()
    expect(page.get_by_role("link", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{lamp.base_url}/comments/{said}"


def test_sharing_without_script_leads_to_the_permalink(browse: Browse, lamp: Serving) -> None:
    article = lamp.article()
    said = lamp.say(article, "The lamp was mine.")
    page = browse(script=False)
    page.goto(article.path)
    page.get_by_role("link", name="Share").click()
    expect(page).to_have_url(re.compile(f"/comments/{said}$"))


def test_times_become_the_reader_s_own_and_stay_the_site_s_without_script(
    browse: Browse, lamp: Serving
) -> None:
    article = lamp.article()
    lamp.say(article, "The lamp was mine.")
    without = browse(script=False)
    without.goto(article.path)
    moment = without.locator("li.comment time")
    utc = moment.get_attribute("datetime") or ""
    expect(moment).to_contain_text(f", {utc[11:16]}")
    page = browse(timezone_id="Asia/Kathmandu")
    page.goto(article.path)
    shown = page.locator("li.comment time")
    expect(shown).to_have_attribute("title", moment.inner_text())
    minutes = (int(utc[11:13]) * 60 + int(utc[14:16]) + 345) % 1440
    expect(shown).to_contain_text(f", {minutes // 60:02}:{minutes % 60:02}")


def test_deep_replies_stand_at_the_last_indent_and_say_whom_they_answer(
    browse: Browse, lamp: Serving
) -> None:
    article = lamp.article()
    below = lamp.say(article, "Level 0.", name="Reader 0")
    for level in range(1, 9):
        below = lamp.say(article, f"Level {level}.", name=f"Reader {level}", below=below)
    page = browse()
    page.goto(article.path)
    expect(comment(page, "Level 8.").locator(".to").last).to_have_text("in reply to \u2068Reader 7\u2069")
    lefts = {
        level: comment(page, f"Level {level}.").locator(":scope > article > .text").bounding_box()
        for level in (5, 8)
    }
    assert lefts[5] and lefts[8] and lefts[5]["x"] == lefts[8]["x"]
    comment(page, "Level 8.").locator(":scope > article .to").click()
    expect(comment(page, "Level 7.")).to_be_focused()
