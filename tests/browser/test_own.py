"""One's own comment: change it, delete it, bring it back; with script, without it, and in two tabs."""

from playwright.sync_api import Page, expect

from browser.acts import comment, post, take_time, write
from browser.conftest import Browse
from serving import Article, Serving


def posted(page: Page, lamp: Serving, text: str = "Teh lamp.") -> str:
    """Post in place; the path of the article."""
    path = lamp.article().path
    page.clock.install()
    page.goto(path)
    write(page, text)
    take_time(page)
    post(page)
    expect(comment(page, text)).to_be_focused()
    return path


def managed(page: Page, lamp: Serving, text: str = "Teh lamp.") -> None:
    """Post without script and go where the comment is managed."""
    page.goto(lamp.article().path)
    write(page, text)
    post(page)
    page.get_by_role("link", name="Yours? Edit or delete it").click()


def test_an_author_changes_a_comment_in_place(browse: Browse, lamp: Serving) -> None:
    page = browse()
    path = posted(page, lamp)
    mine = comment(page, "Teh lamp.")
    mine.get_by_role("button", name="Edit (until").click()
    expect(page.get_by_role("textbox", name="Edit")).to_have_value("Teh lamp.")
    page.get_by_role("textbox", name="Edit").fill("The lamp.")
    page.get_by_role("button", name="Save").click()
    expect(comment(page, "The lamp.")).to_contain_text("edited")
    expect(page.get_by_role("status").last).to_have_text("Your change is saved.")
    page.goto(path)
    expect(comment(page, "The lamp.").get_by_role("button", name="Edit (until")).to_be_visible()


def test_an_author_changes_a_comment_without_script(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False, known=True)
    managed(page, lamp)
    page.get_by_role("textbox", name="Your comment").fill("The lamp.")
    page.get_by_role("button", name="Save").click()
    expect(comment(page, "The lamp.")).to_contain_text("edited")


def test_a_change_given_up_changes_nothing(browse: Browse, lamp: Serving) -> None:
    page = browse()
    posted(page, lamp)
    page.get_by_role("button", name="Edit (until").click()
    page.get_by_role("button", name="Cancel").click()
    expect(comment(page, "Teh lamp.")).to_be_visible()


def test_an_author_deletes_a_comment_and_brings_it_back_in_place(browse: Browse, lamp: Serving) -> None:
    page = browse()
    path = posted(page, lamp)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Teh lamp.")).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    everybody = browse(script=False)
    everybody.goto(path)
    expect(everybody.get_by_text("Teh lamp.")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(comment(page, "Teh lamp.")).to_be_visible()
    page.goto(path)
    expect(comment(page, "Teh lamp.")).to_be_visible()


def test_an_author_deletes_a_comment_and_brings_it_back_without_script(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False, known=True)
    managed(page, lamp)
    page.get_by_role("button", name="Delete this comment").click()
    expect(page.get_by_text("Deleted.")).to_be_visible()
    expect(page.get_by_text("Teh lamp.")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Published.")).to_be_visible()
    expect(comment(page, "Teh lamp.")).to_be_visible()


def test_a_comment_that_was_answered_can_no_longer_be_changed_and_says_why(
    browse: Browse, lamp: Serving
) -> None:
    page = browse()
    posted(page, lamp)
    page.get_by_role("button", name="Edit (until").click()
    mine = page.locator("li.comment")
    cid = (mine.get_attribute("id") or "").removeprefix("comment-")
    lamp.say(_article(page), "What is a teh?", name="Ana", below=cid)
    page.get_by_role("textbox", name="Edit").fill("The lamp.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody answered meanwhile")
    expect(page.get_by_role("textbox", name="Edit")).to_have_value("The lamp.")


def test_two_tabs_that_change_one_comment_lose_neither_text(browse: Browse, lamp: Serving) -> None:
    page = browse(script=False, known=True)
    managed(page, lamp)
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("textbox", name="Your comment").fill("The lamp of the first tab.")
    page.get_by_role("button", name="Save").click()
    other.get_by_role("textbox", name="Your comment").fill("The lamp of the second tab.")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("heading", name="Two versions of your comment")).to_be_visible()
    expect(other.get_by_role("textbox", name="What you wrote")).to_have_value("The lamp of the second tab.")
    expect(other.get_by_role("textbox", name="What stands there now")).to_have_value(
        "The lamp of the first tab."
    )
    other.get_by_role("button", name="Save what I wrote").click()
    expect(comment(other, "The lamp of the second tab.")).to_be_visible()


def test_two_tabs_of_a_new_reader_belong_to_the_same_reader(browse: Browse, lamp: Serving) -> None:
    page = browse()
    path = lamp.article().path
    other = page.context.new_page()
    for tab in (page, other):
        tab.clock.install()
        tab.goto(path)
    for tab, text in ((page, "From the first tab."), (other, "From the second tab.")):
        write(tab, text)
        take_time(tab)
        post(tab)
        expect(comment(tab, text)).to_be_focused()
    page.reload()
    for text in ("From the first tab.", "From the second tab."):
        expect(comment(page, text).get_by_role("button", name="Delete")).to_be_visible()


def _article(page: Page) -> Article:
    return Article(page.url.rpartition("/")[2])
