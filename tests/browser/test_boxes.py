"""A text stays in its box (D25): whatever it says, what stands around it looks as it does around any other."""

import itertools
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from attacks import Corpora
from browser.conftest import Browse
from cast import network_hash
from rejoinder.accounts.models import Caller, Signature
from rejoinder.comments.draft import CommentDraft, write_text
from rejoinder.comments.post import post_comment
from rejoinder.db import show_id
from rejoinder.errors import Invalid
from rejoinder.sites.models import Rules
from rejoinder.text.names import check_name
from rejoinder.text.plain import graphemes
from serving import Article, Serving

LRE, RLE, PDF, LRO, RLO = "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
CONTROLS = (LRE, RLE, PDF, LRO, RLO, LRI, RLI, FSI, PDI, "\u200e", "\u200f", "\u061c")

# The shapes of Trojan Source (Boucher, Anderson 2021) and what else turns a line around or leaves it.
TURNED = (
    f"/*{RLO} }} {LRI}if (isAdmin){PDI} {LRI} begin admins only */",
    f'if access_level != "user{RLO} {LRI}// Check if admin{PDI} {LRI}" {{',
    f"''' Subtract funds from bank account then {RLI}''' ;return",
    f"`{RLO}edoc` and **{RLO}bold** and [a {RLO}link](https://example.org/{RLO}x)",
    RLO * 70 + "deep",
    LRI * 130 + "deeper",
    PDI * 50 + PDF * 50 + "closing what is not open",
    f"> {RLO}quoted\n\n- {RLI}listed\n- {LRO}and more\n\n```\n{RLO}fenced\n```",
    f"{RLE}عربي English עברית{RLO} 12/3-4",
    "مرحبا (hello) 1, 2, 3" + RLO,
    "a" + "\u0300\u0316\u0489" * 400,
    "Z\u0351\u036b\u0343\u036a\u0302" * 40,
    "﷽" * 60,
    "𒐫" * 40,
    "\u0e49" * 300,
    "W" * 900,
    "\u200b\ufeff\u2060" * 100 + "x",
    "\u2028\u2029line ends\u2028" * 20,
    "👩‍👩‍👧‍👦" * 60 + "🏳️‍🌈" * 10,
    "\U000e0001\U000e0041" * 40 + "tagged",
)
NAMES = (
    "נחמה",
    "عمر (Omar)",
    "Nell [1] – 12/3",
    "a\u0301\u0323",
    "👩‍👩‍👧‍👦 Nell",
    "W" * 80,
    "อรุ่ณ",
    "1, 2, 3",
)
TAME = "A plain remark about the lamp."
WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)  # a day of its own: what many say on one day is held

# Where each word of a part stands, from the corner of its comment; and that each letter stands right of the one before.
LAID_OUT = """article => {
  const corner = article.getBoundingClientRect(), range = document.createRange(), found = [];
  const walk = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const round = (value) => Math.round(value * 50) / 50;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    let last = -Infinity;
    for (let at = 0; at < node.data.length; at++) {
      range.setStart(node, at); range.setEnd(node, at + 1);
      const box = range.getBoundingClientRect();
      if (!box.width) continue;
      found.push([node.data[at], round(box.left - corner.left), round(box.width), round(box.height), box.left >= last]);
      last = box.left;
    }
  }
  return found;
}"""
OUTSIDE = """article => {
  const box = article.querySelector('.text').getBoundingClientRect(), whole = article.getBoundingClientRect();
  return [box.left - whole.left, box.width, whole.width, document.documentElement.scrollWidth];
}"""
# Alone in the corner of the window: what is drawn there does not depend on fractions of a pixel above it.
ALONE = """article => {
  document.body.style.visibility = "hidden";
  Object.assign(article.style, {visibility: "visible", position: "fixed", top: 0, left: 0, margin: 0, width: "600px"});
  scrollTo(0, 0);
}"""
BACK = """article => {
  document.body.removeAttribute("style"); article.removeAttribute("style");
}"""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text, and the remark of a neighbour that stands after it."""

    text: str
    first: str
    after: str


def publish(lamp: Serving, article: Article, texts: list[tuple[str, str]]) -> list[Pair]:
    """Post each text under its name, and after each one the same plain remark."""
    said = itertools.chain.from_iterable(((text, name), (TAME, "Nell")) for text, name in texts)
    ids = [show_id(_post(lamp, article, *one, number)) for number, one in enumerate(said)]
    return [Pair(text, *ids[2 * n : 2 * n + 2]) for n, (text, _) in enumerate(texts)]


def _post(lamp: Serving, article: Article, text: str, name: str, number: int) -> int:
    site = lamp.site
    checked = check_name(name)
    draft = CommentDraft(
        thread_id=None,
        url=article.path,
        reply_to=None,
        written=write_text(text, site.rules),
        signature=Signature(checked.text, checked.key),
    )
    token = network_hash(f"{article.path} {number}") * 2
    return lamp.db.write_now(post_comment, site, draft, Caller(token, token[:16]), now=WHEN).comment_id


def is_taken(text: str, rules: Rules) -> bool:
    """Whether a comment may say this; what nobody would see is refused."""
    try:
        write_text(text, rules)
    except Invalid:
        return False
    return True


def part(page: Page, comment: str, selector: str = "") -> Locator:
    return page.locator(f"#comment-{comment} > article {selector}".strip())


def looks(page: Page, comment: str, selector: str = "") -> Any:
    return part(page, comment, selector).first.evaluate(LAID_OUT)


def picture(page: Page, comment: str) -> bytes:
    shown = part(page, comment)
    shown.evaluate(ALONE)
    taken = page.screenshot(animations="disabled", clip={"x": 0, "y": 0, "width": 640, "height": 140})
    shown.evaluate(BACK)
    return taken


def test_what_stands_around_a_text_stands_where_it_does_around_any_other(
    browse: Browse, lamp: Serving, corpora: Corpora
) -> None:
    dice = random.Random(25)
    made = [
        "".join(dice.choice((*CONTROLS, "abc", "אבג", "12", " ", "/*", "…")) for _ in range(60))
        for _ in range(12)
    ]
    hostile = [text for text in (*TURNED, *made, *corpora.naughty[::12]) if is_taken(text, lamp.site.rules)]
    assert len(hostile) > 60
    page = browse(script=False, viewport={"width": 900, "height": 700})
    for at in range(0, len(hostile), 20):  # fifty comments stand on a page
        article = lamp.article()
        pairs = publish(lamp, article, [(text, "Nell") for text in (TAME, *hostile[at : at + 20])])
        for language in ("en", "ar"):
            page.goto(f"{article.path}?lang={language}")
            all_look_alike(page, pairs)


def all_look_alike(page: Page, pairs: list[Pair]) -> None:
    """What stands above, below and beside each text is what stands there with the first, which is a tame one."""
    tame = pairs[0]
    seen, usual = picture(page, tame.after), looks(page, tame.after)
    assert len(usual) > 40
    for pair in pairs[1:]:
        assert looks(page, pair.after) == usual, ascii(pair.text)
        for around in ("> header.who", "> footer.do"):
            assert looks(page, pair.first, around) == looks(page, tame.first, around), ascii(pair.text)
        box, usual_box = (part(page, one).evaluate(OUTSIDE) for one in (pair.first, tame.first))
        assert box == usual_box, ascii(pair.text)
        assert picture(page, pair.after) == seen, ascii(pair.text)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_moves_nothing_but_by_its_own_width(browse: Browse, lamp: Serving, name: str) -> None:
    """What follows a name in its line stands in order, however the name is written; a reply says whom it answers."""
    article = lamp.article()
    (pair, other) = publish(lamp, article, [(TAME, name), (TAME, "Nell")])
    page = browse(script=False, viewport={"width": 1200, "height": 700})
    page.goto(article.path)
    shown = part(page, pair.first, "h3 bdi").inner_text()
    assert shown == name
    assert looks(page, pair.after) == looks(page, other.after)
    for selector in ("a.when", "> footer.do"):
        words = [letter for letter, *_ in looks(page, pair.first, selector)]
        assert words == [letter for letter, *_ in looks(page, other.first, selector)]
        assert all(in_order for *_, in_order in looks(page, pair.first, selector))


def test_no_character_is_split_where_a_text_is_cut(browse: Browse, lamp: Serving) -> None:
    """Titles and descriptions are cut; what a reader calls one character is there whole, or not at all."""
    family, flag, stacked = "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "e\u0301"
    article = lamp.article()
    for unit in (family, flag, stacked, "நி", "각"):
        said = publish(lamp, article, [(unit * 400, "Nell")])[0].first
        page = browse(script=False)
        page.goto(f"/comments/{said}")
        cut = page.title() + "".join(
            page.locator("meta[content]").evaluate_all("all => all.map(one => one.content)")
        )
        whole = set(graphemes(unit * 3))
        parts = [piece for piece in graphemes(cut) if not piece.isascii() and piece not in "…–“”‘’"]
        assert set(parts) <= whole, (ascii(unit), [ascii(piece) for piece in parts])
