"""What readers do with a page, by what they see on it: roles, labels and words."""

from playwright.sync_api import Locator, Page, expect

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


def plug_in(page: Page, **options: bool) -> None:
    """Give this browser a device that keeps passkeys, whose owner always nods."""
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        **options,
    }
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def add_passkey(page: Page, name: str) -> None:
    """Add a passkey, as who signed in a moment ago and has a device for it."""
    page.goto("/me/passkeys")
    page.get_by_label("What you call it").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()
