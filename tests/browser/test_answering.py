"""Answering: reply, quote, vote; each with script and without it."""

from playwright.sync_api import Page, expect

from browser.acts import comment, post, take_time, write
from browser.conftest import Browse
from serving import Serving, until


def open_with_comment(page: Page, lamp: Serving, text: str = "The lamp was mine.") -> str:
    article = lamp.article()
    lamp.say(article, text, name="Ana")
    page.clock.install()
    page.goto(article.path)
    return article.path


def test_a_reply_is_written_below_what_it_answers(browse: Browse, lamp: Serving) -> None:
    page = browse()
    path = open_with_comment(page, lamp)
    said = comment(page, "The lamp was mine.")
    said.get_by_role("link", name="Reply").click()
    form = said.locator("form.write")
    expect(form.get_by_role("textbox", name="Your reply to Ana")).to_be_focused()
    write(page, "And mine before.", form=form)
    take_time(page)
    post(page, form)
    expect(said.locator(".replies > .comment")).to_contain_text("And mine before.")
    expect(page.get_by_role("heading", name="2 comments")).to_be_visible()
    page.goto(path)
    expect(comment(page, "The lamp was mine.").locator(".replies > .comment")).to_contain_text(
        "And mine before."
    )


def test_a_reply_can_be_given_up(browse: Browse, lamp: Serving) -> None:
    page = browse()
    open_with_comment(page, lamp)
    reply = comment(page, "The lamp was mine.").get_by_role("link", name="Reply")
    reply.click()
    page.get_by_role("button", name="Cancel").click()
    expect(reply).to_be_focused()
    expect(page.locator("form.write")).to_have_count(1)


def test_a_reply_without_script_has_a_page_of_its_own(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False, known=True)
    article = lamp.article()
    lamp.say(article, "The lamp was mine.", name="Ana")
    page.goto(article.path)
    page.get_by_role("link", name="Reply").click()
    expect(page.locator(".lone")).to_contain_text("The lamp was mine.")
    write(page, "And mine before.")
    post(page)
    expect(comment(page, "The lamp was mine.").locator(".replies > .comment")).to_contain_text(
        "And mine before."
    )


def test_quoting_puts_the_words_into_the_answer(browse: Browse, lamp: Serving) -> None:
    page = browse()
    open_with_comment(page, lamp, "The lamp was mine.\n\n> Somebody else said this.\n\nBefore the war.")
    page.get_by_role("link", name="Quote").click()
    form = page.locator("li.comment form.write")
    expect(form.get_by_role("textbox", name="Your reply")).to_have_value(
        "> The lamp was mine.\n>\n> Before the war.\n\n"
    )


def test_selected_words_of_a_comment_are_quoted_in_a_reply(browse: Browse, lamp: Serving) -> None:
    page = browse()
    open_with_comment(page, lamp, "The lamp was mine. The rest is gossip.")
    select(page, "li.comment .text p", 0, 18)
    page.locator(".quoter").click()
    form = page.locator("li.comment form.write")
    expect(form.get_by_role("textbox", name="Your reply")).to_have_value("> The lamp was mine.\n\n")


def test_selected_words_of_the_article_are_quoted_in_the_discussion(browse: Browse, lamp: Serving) -> None:
    page = browse()
    page.clock.install()
    page.goto(lamp.article().path)
    select(page, ".prose p", 0, 12)
    page.locator(".quoter").click()
    expect(page.get_by_role("textbox", name="Your comment")).to_have_value("> The lamp was\n\n")


def test_quoting_without_script_fills_the_reply_s_page(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False)
    article = lamp.article()
    lamp.say(article, "The lamp was mine.\nBefore the war.", name="Ana")
    page.goto(article.path)
    page.get_by_role("link", name="Quote").click()
    expect(page.get_by_role("textbox", name="Your comment")).to_have_value(
        "> The lamp was mine.\n> Before the war.\n\n"
    )


def test_a_vote_counts_changes_and_is_taken_back_in_place(browse: Browse, lamp: Serving) -> None:
    page = browse()
    path = open_with_comment(page, lamp)
    up = page.get_by_role("button", name="Vote for this comment")
    down = page.get_by_role("button", name="Vote against this comment")
    score = page.locator(".score")
    up.click()
    expect(score).to_have_text("1")
    expect(up).to_have_attribute("aria-pressed", "true")
    page.goto(path)
    expect(up).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(score).to_have_text("−1")
    expect(up).to_have_attribute("aria-pressed", "false")
    down.click()
    expect(score).to_have_text("0")
    expect(page.get_by_role("status").last).to_have_text("Your vote is taken back.")


def test_a_vote_without_script_asks_to_keep_a_cookie_and_then_counts(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False)
    article = lamp.article()
    lamp.say(article, "The lamp was mine.")
    page.goto(article.path)
    page.get_by_role("button", name="Vote for this comment").click()
    expect(page.get_by_role("heading", name="Your vote")).to_be_visible()
    page.get_by_role("button", name="Vote for this comment").click()
    expect(page.locator(".score")).to_have_text("1")
    page.get_by_role("button", name="Vote for this comment").click()
    # Votes move a page every five seconds, so that a crowd does not have it drawn for each of them.
    until(lambda: bool(page.reload()) and page.locator(".score").inner_text() == "0")


def test_a_vote_of_a_browser_that_keeps_no_cookie_is_refused_with_the_reason(
    browse: Browse, lamp: Serving
) -> None:
    page = browse(script=False)
    article = lamp.article()
    lamp.say(article, "The lamp was mine.")
    page.goto(article.path)
    page.get_by_role("button", name="Vote for this comment").click()
    page.context.clear_cookies()
    page.get_by_role("button", name="Vote for this comment").click()
    expect(page.get_by_role("alert")).to_contain_text("cookie")
    page.goto(article.path)
    expect(page.locator(".score")).to_have_text("0")


def select(page: Page, selector: str, start: int, end: int) -> None:
    """Select some characters of an element's first text, as a reader with a mouse would."""
    page.locator(selector).first.evaluate(
        """(element, [start, end]) => {
          const range = document.createRange();
          range.setStart(element.firstChild, start);
          range.setEnd(element.firstChild, end);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        [start, end],
    )
