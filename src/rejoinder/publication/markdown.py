"""Markdown of articles: CommonMark with tables, struck-out text and footnotes, and questions to readers.

What comes out is not yet safe to show: `body.py` cleans it.
"""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

# [passage]{ask="What did you see?" open}
_ASK = re.compile(r'\{\s*ask="[^"\n]{0,500}"(?:\s+open)?\s*\}')


@dataclass(frozen=True, slots=True)
class Headline:
    """The heading that a text begins with: its words, and what of the text comes after `lines` lines."""

    words: str
    lines: int
    rest: str


def draw_markdown(text: str) -> str:
    """Markdown as HTML."""
    return str(_MARKDOWN.render(text, {}))


def find_headline(text: str) -> Headline | None:
    """The heading a text begins with, if it begins with one."""
    blank = len(text) - len(text.lstrip("\n"))
    first_block = text[:blank] + text[blank:].partition("\n\n")[0]  # no heading has an empty line in it
    tokens = _MARKDOWN.parse(first_block, {})
    if not tokens or tokens[0].type != "heading_open" or tokens[0].map is None:
        return None
    end = tokens[0].map[1]
    rest = text.split("\n")[end:]
    return Headline(_words(tokens[1]), end, "\n".join(rest))


def _words(inline: Token) -> str:
    """A heading without its markup, on one line."""
    pieces = [" " if child.type.endswith("break") else _shown(child) for child in inline.children or ()]
    return " ".join("".join(pieces).split())


def _shown(child: Token) -> str:
    return "" if child.type == "html_inline" else child.content


def _question(state: StateInline, silent: bool) -> bool:
    """Draw the passage of `[passage]{ask="…" open}` as plain text: readers are asked once there is inline feedback."""
    if state.src[state.pos] != "[":
        return False
    label_end = state.md.helpers.parseLinkLabel(state, state.pos)
    asked = _ASK.match(state.src, label_end + 1) if label_end >= 0 else None
    if asked is None or asked.end() > state.posMax:
        return False
    if not silent:
        after, state.pos, state.posMax = state.posMax, state.pos + 1, label_end
        state.md.inline.tokenize(state)
        state.posMax = after
    state.pos = asked.end()
    return True


def _one_headline(state: StateCore) -> None:
    """The page's one first-level heading is the title: where a text has its own, all of its headings step down."""
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    if any(token.tag == "h1" for token in headings):
        for token in headings:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


def _article_markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True, "typographer": False, "linkify": False})
    markdown.enable(["table", "strikethrough"])
    markdown.use(footnote_plugin)
    markdown.inline.ruler.before("link", "question", _question)
    markdown.core.ruler.push("one_headline", _one_headline)
    return markdown


_MARKDOWN = _article_markdown()
