"""What a browser keeps: nothing before its reader acts, then a draft, and a name only when asked to."""

from playwright.sync_api import Dialog, Page, expect

from browser.acts import comment, post, take_time, write
from browser.conftest import Browse
from serving import Serving

STORED = "Object.keys(localStorage).length + Object.keys(sessionStorage).length"


def test_reading_leaves_nothing_in_the_browser(browse: Browse, lamp: Serving) -> None:
    page = browse()
    article = lamp.article()
    said = lamp.say(article, "The lamp was mine.")
    for path in (
        article.path,
        "/",
        f"/comments/{said}",
        f"{article.path}?sort=newest",
        f"/comments/{said}/reply",
    ):
        page.goto(path)
        assert page.evaluate(STORED) == 0
        assert page.context.cookies() == []


def test_a_draft_outlives_a_reload_and_ends_when_it_is_posted(browse: Browse, lamp: Serving) -> None:
    page = browse()
    page.clock.install()
    path = lamp.article().path
    page.goto(path)
    page.on("dialog", lambda dialog: dialog.accept())
    write(page, "Half a thought")
    page.reload()
    box = page.get_by_role("textbox", name="Your comment")
    expect(box).to_have_value("Half a thought")
    write(page, "A whole thought.")
    take_time(page)
    post(page)
    expect(comment(page, "A whole thought.")).to_be_focused()
    page.goto(path)
    expect(box).to_have_value("")


def test_a_draft_belongs_to_its_own_discussion(browse: Browse, lamp: Serving) -> None:
    page = browse()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(lamp.article().path)
    write(page, "Half a thought")
    page.goto(lamp.article().path)
    expect(page.get_by_role("textbox", name="Your comment")).to_have_value("")


def test_a_name_is_remembered_only_when_the_reader_asks_for_it(browse: Browse, lamp: Serving) -> None:
    page = browse()
    page.clock.install()
    page.goto(lamp.article().path)
    _post(page, "Do not remember me.")
    assert "Nell" not in page.evaluate("JSON.stringify(localStorage)")
    page.goto(lamp.article().path)
    expect(page.get_by_label("Name")).to_have_value("")
    page.get_by_role("textbox", name="Your comment").focus()
    page.get_by_label("Remember me on this device").check()
    _post(page, "Remember me.")
    page.goto(lamp.article().path)
    expect(page.get_by_label("Name")).to_have_value("Nell")
    page.get_by_role("textbox", name="Your comment").focus()
    page.get_by_label("Remember me on this device").uncheck()
    _post(page, "And now forget me.")
    assert "Nell" not in page.evaluate("JSON.stringify(localStorage)")


def test_leaving_what_was_written_warns_and_leaving_nothing_does_not(browse: Browse, lamp: Serving) -> None:
    page = browse()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(lamp.article().path)
    page.get_by_role("textbox", name="Your comment").focus()
    page.goto("/")
    assert asked == []
    page.goto(lamp.article().path)
    page.get_by_role("textbox", name="Your comment").press_sequentially("Half")
    page.goto("/")
    assert asked == ["beforeunload"]


def test_a_browser_that_forbids_storage_posts_all_the_same(browse: Browse, lamp: Serving) -> None:
    page = browse()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden') }})"
    )
    page.clock.install()
    page.goto(lamp.article().path)
    _post(page, "Nothing is kept here.")


def _post(page: Page, text: str) -> None:
    write(page, text)
    take_time(page)
    post(page)
    expect(comment(page, text)).to_be_focused()
