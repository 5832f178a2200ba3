"""How far readers' Markdown is CommonMark: every example of the specification, and why it differs where it does."""

import re
from collections import Counter
from html import unescape

from rejoinder.text.addresses import outgoing_link
from rejoinder.text.markdown import render_comment

AGREE = 404
"""Of 655 examples, those that come out as in the specification. May grow, must not shrink."""

ADDRESS = re.compile(r'(?<= )(href|src)="([^"]*)"')
DEFINITION = re.compile(r"^[ >-]*\[[^\[\]]*\]:\s*(\S+)", re.MULTILINE)
HEADING = re.compile(r"<h[1-6]>")
RAW_HTML = re.compile(
    r"<(?!/?(?:a|blockquote|br|code|em|hr|img|li|ol|p|pre|strong|ul)(?: (?:href|src|start|class)=| /|>))"
)


def leveled(html: str) -> str:
    """HTML with the ways of writing the same made equal; an address is written as browsers do."""
    html = re.sub(r' rel="[^"]*"| loading="lazy"', "", html)
    for one, other in ((" />", ">"), ("<br>\n", "\n"), ("&nbsp;", "\xa0"), ("&quot;", '"')):
        html = html.replace(one, other)
    html = ADDRESS.sub(lambda found: f'{found[1]}="{outgoing_link(unescape(found[2])) or found[2]}"', html)
    return re.sub(r"(?<=<blockquote>)\n(?=</blockquote>)", "", html).rstrip("\n")


def deviation(section: str, markdown: str, html: str) -> str:
    """Why we differ from the specification on purpose, or nothing."""
    addresses = [unescape(found[2]) for found in ADDRESS.finditer(html)] + DEFINITION.findall(markdown)
    if HEADING.search(html):
        return "a heading stays text"
    if RAW_HTML.search(html) or section in ("HTML blocks", "Raw HTML"):
        return "HTML stays text"
    if any(outgoing_link(address) is None for address in addresses):
        return "a link that leaves for no web page stays text"
    if "language-" in html:
        return "code has no class"
    if "https://" in markdown:
        return "an address is linked, and encoded, as browsers do"
    return ""


def test_markdown_is_commonmark_but_for_named_deviations(spec_examples, record_property):
    deviations: Counter[tuple[str, str]] = Counter()
    unexplained = []
    for section, markdown, html in spec_examples:
        shown = leveled(render_comment(markdown, images=True).html)
        if shown == leveled(html):
            continue
        reason = deviation(section, markdown, html)
        deviations[section, reason] += 1
        if not reason:
            unexplained.append((section, markdown, shown))

    record_property(
        "commonmark", {f"{section}: {reason}": count for (section, reason), count in deviations.items()}
    )
    assert unexplained == []
    assert len(spec_examples) == 655
    assert len(spec_examples) - deviations.total() >= AGREE
