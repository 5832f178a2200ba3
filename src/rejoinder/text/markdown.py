"""Readers' comments: Markdown in, safe HTML out.

CommonMark without headings and raw HTML, with single line breaks, ~~strikethrough~~ and bare web addresses as links.
What costs too much to lay out is shown as plain text.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from rejoinder.text.addresses import LONGEST_URL, outgoing_link
from rejoinder.text.plain import without_controls
from rejoinder.text.rendered import Rendered, render_plain, rendered
from rejoinder.text.sanitize import settle_comment

__all__ = ["RENDER_VERSION", "Rendered", "render_comment"]

RENDER_VERSION = 1
"""Goes up when the same source gives other HTML, so that kept HTML can be made again."""

# The parser's work grows with open brackets times nesting, and with the number of marks. The limits are far above what
# prose holds, and keep the worst input found to half of what is allowed (250 ms for 10,000 characters, 1 s for 65,536).
_LONGEST = 65_536
_MOST_BRACKETS = 1_000
_MOST_MARKS = 12_000
_MARKS = "[]*_~`<&\\!:\n"
_DEEPEST = 20
# One long reference can be linked a thousand times.
_LONGEST_LINKS = 500_000

_SCHEME_BEFORE = re.compile(r"(?<![A-Za-z0-9])https?$", re.IGNORECASE)
_QUOTES_AND_WIDE_PUNCTUATION = r"\"`«»“”‘’\u3000-\u303f\uff01-\uff0f\uff1a-\uff1f"
_REST_OF_ADDRESS = re.compile(rf"://[^\s<>{_QUOTES_AND_WIDE_PUNCTUATION}]{{1,{LONGEST_URL}}}")
_PUNCTUATION = "?!.,:;*_~'|]"
_ALT = RendererHTML()

# Lines of words that begin with a letter, one blank between any two: no mark of Markdown, and nothing to escape.
_SIGN = r"[\w.,;:?!'\"()/=+%$€£@#|^°§–—…‘’“”„‚«»‹›·×-]"
_LINE = rf"[\"'(“„‘«]?[^\W\d_]{_SIGN}*+(?: {_SIGN}++)*+"
_WORDS = re.compile(rf"{_LINE}(?:\n\n?{_LINE})*+")


class _TooCostly(Exception):
    """This source is shown as plain text."""


def render_comment(source: str, *, images: bool = False) -> Rendered:
    """Render a reader's Markdown; never raises. Images are shown if `images`, else they become links to them."""
    source = without_controls(source)
    words = _words(source)
    if words is not None:
        return words
    try:
        html = _html(source, _WITH_IMAGES if images else _WITHOUT_IMAGES)
    except _TooCostly:
        return render_plain(source)
    # Link definitions alone lay out to nothing.
    return rendered(settle_comment(html, images=images)) if html else render_plain(source)


def _words(source: str) -> Rendered | None:
    """What most comments are, words and line breaks, in a tenth of the time; None where there may be more to them."""
    text = source.rstrip(" \n")
    if len(text) > _LONGEST or "_" in text or "://" in text or not _WORDS.fullmatch(text):
        return None
    paragraphs = (part.replace("\n", "<br>\n") for part in text.split("\n\n"))
    return Rendered("<p>" + "</p>\n<p>".join(paragraphs) + "</p>", text, 0)


def _html(source: str, markdown: MarkdownIt) -> str:
    marks = sum(map(source.count, _MARKS))
    if len(source) > _LONGEST or source.count("[") > _MOST_BRACKETS or marks > _MOST_MARKS:
        raise _TooCostly
    env: EnvType = {}
    tokens = markdown.parse(source, env)
    _refuse_excess(tokens)
    return str(markdown.renderer.render(tokens, markdown.options, env)).rstrip()


def _refuse_excess(tokens: Sequence[Token]) -> None:
    """Refuse what would be far longer than its source, or nested deeper than anybody writes."""
    length = 0
    for block in tokens:
        depth = 0
        for token in block.children or ():
            depth += token.nesting
            length += sum(len(str(value)) for value in token.attrs.values())
            if depth > _DEEPEST or length > _LONGEST_LINKS:
                raise _TooCostly


class _ReaderMarkdown(MarkdownIt):
    """The parser with our idea of an address: what is no outgoing link stays the text that it is."""

    def normalizeLink(self, url: str) -> str:
        return outgoing_link(url) or ""

    def validateLink(self, url: str) -> bool:
        return url != ""

    def normalizeLinkText(self, link: str) -> str:
        # Shown as written: decoding an internationalised host would draw the look-alike it may be.
        return link


def _refuse_depth(state: StateBlock, _start: int, _end: int, _silent: bool) -> bool:
    """A block rule that matches nothing: at its own limit the parser would leave the rest of the text out."""
    if state.level >= _DEEPEST - 2:
        raise _TooCostly
    return False


def _link_bare_address(state: StateInline, silent: bool) -> bool:
    """An inline rule for `https://example.org` in running text; it starts at the colon, where the parser stops."""
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME_BEFORE.search(state.src, max(state.pos - 6, 0), state.pos)
    rest = _REST_OF_ADDRESS.match(state.src, state.pos, state.posMax)
    if scheme is None or rest is None:
        return False
    written = _without_punctuation(scheme[0] + rest[0])
    href = state.md.normalizeLink(written)
    if not state.md.validateLink(href) or not (silent or state.pending.endswith(scheme[0])):
        return False
    if not silent:
        state.pending = state.pending.removesuffix(scheme[0])
        _push_link(state, href, written)
    state.pos += len(written) - len(scheme[0])
    return True


def _without_punctuation(address: str) -> str:
    """Leave off what ends the sentence, and a bracket that was opened before the address."""
    surplus = address.count(")") - address.count("(")
    while True:
        bare = address.rstrip(_PUNCTUATION)
        if surplus > 0 and bare.endswith(")"):
            bare = bare[:-1]
            surplus -= 1
        if bare == address:
            return address
        address = bare


def _push_link(state: StateInline, href: str, text: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)


def _link_images(state: StateCore) -> None:
    """A core rule: an image from elsewhere would tell a third party who reads this, so it is a link to the image."""
    for block in state.tokens:
        if block.children and any(token.type == "image" for token in block.children):
            block.children = list(_without_images(block.children, state))


def _without_images(tokens: Sequence[Token], state: StateCore) -> Iterator[Token]:
    links = 0
    for token in tokens:
        links += token.nesting if token.tag == "a" else 0
        if token.type != "image":
            yield token
            continue
        source = str(token.attrs["src"])
        alt = _ALT.renderInlineAsText(token.children, state.md.options, state.env) or source
        text = Token("text", "", 0, content=alt)
        if links:
            yield text
            continue
        title = {name: value for name, value in token.attrs.items() if name == "title"}
        yield Token("link_open", "a", 1, attrs={"href": source, **title})
        yield text
        yield Token("link_close", "a", -1)


def _fence(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    """Draw fenced code without a class for its language: nothing here colours code."""
    return f"<pre><code>{escape(tokens[index].content, quote=False)}</code></pre>\n"


def _reader_markdown(*, images: bool) -> MarkdownIt:
    options = {"html": False, "breaks": True, "xhtmlOut": False, "maxNesting": _DEEPEST}
    markdown = _ReaderMarkdown("commonmark", options)
    markdown.enable("strikethrough").disable(["heading", "lheading", "html_block", "html_inline"])
    markdown.block.ruler.before("code", "refuse_depth", _refuse_depth)
    markdown.inline.ruler.after("text", "link_bare_address", _link_bare_address)
    if not images:
        markdown.core.ruler.push("link_images", _link_images)
    markdown.add_render_rule("fence", _fence)
    return markdown


_WITHOUT_IMAGES = _reader_markdown(images=False)
_WITH_IMAGES = _reader_markdown(images=True)
