"""What readers do with a page, by what they see on it: roles, labels and words."""

from playwright.sync_api import Locator, Page

HUMAN_MS = 3_000
LOOKED_MS = 1_100


def write(page: Page, text: str, *, name: str = "Nell", form: Locator | None = None) -> None:
    """Write a comment as a person does, who takes a moment over it."""
    form = form or page.locator("form.write").first
    form.get_by_role("textbox", name="Your").fill(text)
    if form.get_by_label("Name").is_visible():
        form.get_by_label("Name").fill(name)


def take_time(page: Page) -> None:
    """Let the time pass that a person needs to write something. Wants `page.clock.install()` before the page."""
    page.clock.fast_forward(HUMAN_MS)


def post(page: Page, form: Locator | None = None) -> None:
    """Press the one filled button."""
    (form or page).get_by_role("button", name="Post comment").first.click()


def comment(page: Page, text: str) -> Locator:
    """The comment that says this."""
    return page.locator("li.comment", has=page.locator(":scope > article > .text", has_text=text)).last


def look_over(page: Page) -> None:
    """Read a preview for as long as a person does."""
    page.wait_for_timeout(LOOKED_MS)


def lay_out(page: Page) -> None:
    """Lay out what is far below the screen as well: until a reader comes near it has no size that could be judged."""
    page.evaluate(
        "() => document.querySelectorAll('.comments > .comment').forEach("
        "(comment) => { comment.style.contentVisibility = 'visible' })"
    )
