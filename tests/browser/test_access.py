"""Everybody can use every page: by axe's rules, on a narrow screen, on paper, with the keyboard alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.acts import comment, lay_out
from browser.conftest import Browse
from browser.states import STATES, Stage, Talk, lively
from requirements import absent
from serving import ROOT, Article, Serving

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Every pair of scheme, width and direction is among these four.
LOOKS = (("light", 1200, "ltr"), ("dark", 360, "ltr"), ("dark", 1200, "rtl"), ("light", 360, "rtl"))
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
WIDER_THAN_SCREEN = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def talk(lamp: Serving) -> Talk:
    lamp.publish("held-for-all", front="discussion: held\n")
    lamp.publish("closed-for-all", front="discussion: closed\n")
    lamp.publish("empty-for-all")
    lamp.publish("gone")
    (lamp.folder / "gone.md").unlink()
    lamp.say(Article("held-for-all"), "Is anybody there?")
    return lively(lamp, lamp.article())


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, as npm brought it."""
    return AXE.read_text(encoding="utf-8") if AXE.is_file() else absent("axe", "needs frontend/node_modules")


@pytest.fixture(params=STATES)
def stage(request: pytest.FixtureRequest, browse: Browse, lamp: Serving, talk: Talk) -> Iterator[Stage]:
    """A page in each state."""
    page = browse(known=True)
    page.on("dialog", lambda dialog: dialog.accept())
    stage = Stage(page, lamp, talk)
    STATES[request.param](stage)
    yield stage
    page.unroute_all()


def test_every_state_is_without_barriers_in_every_look(stage: Stage, axe: str) -> None:
    page = stage.page
    page.evaluate(axe)
    lay_out(page)
    for scheme, width, direction in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("(direction) => { document.documentElement.dir = direction }", direction)
        assert barriers(page) == [], (scheme, width, direction)
    for width in (320, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate(WIDER_THAN_SCREEN), f"scrolls sideways at {width} px"


def barriers(page: Page) -> list[Any]:
    """What axe finds: the rule, where, and why."""
    found = page.evaluate(
        "(rules) => axe.run({ runOnly: rules, resultTypes: ['violations'] }).then((run) => run.violations)",
        RULES,
    )
    return [
        (fault["id"], [(node["html"][:200], node["failureSummary"]) for node in fault["nodes"]])
        for fault in found
    ]


def test_what_axe_is_asked_finds_a_barrier_where_there_is_one(
    browse: Browse, lamp: Serving, axe: str
) -> None:
    page = browse()
    page.goto("/articles/about")
    page.evaluate(axe)
    page.evaluate("() => document.querySelector('main').append(document.createElement('img'))")
    assert [rule for rule, _ in barriers(page)] == ["image-alt"]


@pytest.mark.parametrize("width", [320, 1200])
def test_what_is_pressed_is_large_enough_for_a_finger(browse: Browse, talk: Talk, width: int) -> None:
    page = browse(viewport={"width": width, "height": 900})
    page.goto(talk.article.path)
    page.get_by_role("textbox", name="Your comment").focus()
    lay_out(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input, textarea, summary")]
          .filter((each) => each.checkVisibility() && !each.closest("p, .unseen, .trap, .text, .check, h2, .byline"))
          .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24)"""
    )
    assert small == []


def test_an_empty_form_stands_as_its_page_does(browse: Browse, talk: Talk) -> None:
    page = browse()
    for language, direction in (("ar", "rtl"), ("en", "ltr")):
        page.goto(f"{talk.article.path}?lang={language}")
        box = page.locator("#write textarea")
        assert box.evaluate("(element) => getComputedStyle(element).direction") == direction


def test_paper_shows_the_discussion_without_what_can_only_be_pressed(browse: Browse, talk: Talk) -> None:
    page = browse()
    page.goto(talk.article.path)
    page.emulate_media(media="print")
    expect(comment(page, "The lamp was mine.")).to_be_visible()
    expect(page.get_by_text("Paragraph 59 of a story")).to_be_visible()
    for control in (
        "button",
        "textarea",
        "input",
        ".do",
        ".sorts",
        ".write",
        ".pages",
        ".skip",
        ".masthead nav",
    ):
        assert [each for each in page.locator(control).all() if each.is_visible()] == [], control


def test_nothing_moves_for_a_reader_who_asked_for_stillness(browse: Browse, talk: Talk) -> None:
    page = browse(reduced_motion="reduce")
    page.goto(talk.article.path)
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((each) => {
          const style = getComputedStyle(each);
          return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
        }).length"""
    )
    assert moving == 0


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_comment_is_written_and_posted_with_the_keyboard_alone(
    browse: Browse, lamp: Serving, script: bool
) -> None:
    page = browse(script=script, known=not script)
    if script:
        page.clock.install()
    page.goto(lamp.article().path)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
    page.keyboard.press("Enter")
    press_until(page, page.get_by_role("textbox", name="Your comment"))
    page.keyboard.type("Without a mouse.")
    press_until(page, page.get_by_role("textbox", name="Name"))
    page.keyboard.type("Nell")
    press_until(page, page.get_by_role("button", name="Post comment"))
    if script:
        page.clock.fast_forward(3_000)
    page.keyboard.press("Enter")
    expect(comment(page, "Without a mouse.")).to_be_visible()


def test_the_trap_for_robots_is_reached_by_no_keyboard_and_no_screen_reader(
    browse: Browse, lamp: Serving
) -> None:
    page = browse()
    page.goto(lamp.article().path)
    page.get_by_role("textbox", name="Your comment").focus()
    expect(page.get_by_role("textbox", name="Leave this empty")).to_have_count(0)
    assert page.locator("input[name=homepage]").get_attribute("tabindex") == "-1"


def press_until(page: Page, target: Locator) -> None:
    """Press Tab until this is in focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError("the keyboard does not lead there")
