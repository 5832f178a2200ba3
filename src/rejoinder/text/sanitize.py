"""HTML that somebody else wrote, cut down to what we let them say.

What is returned is a fixed point: read by an HTML parser and written again it is the same. So no later reading can find
in it what this one did not see.
"""

import re
from html import escape, unescape

import nh3

from rejoinder.text.addresses import link_in_article, outgoing_link
from rejoinder.text.plain import thin_marks, without_controls

ARTICLE_ID_PREFIX = "article-"
"""Stands before every id in an article's text, so that none of them takes the place of one of ours."""

LONGEST_COMMENT = 65_536

_COMMENT_TAGS = {
    *("a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "mark"),
    *("q", "s", "small", "strong", "sub", "sup"),
    *("blockquote", "hr", "li", "ol", "p", "pre", "ul"),
}
_ARTICLE_TAGS = _COMMENT_TAGS | {
    *("aside", "dd", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "section"),
    *("bdi", "img", "rp", "rt", "ruby", "samp", "time", "var"),
    *("caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
}

# "*" stands for every tag; left out, the library would allow title and lang there.
_COMMENT_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href", "title"}, "ol": {"start"}}
_ARTICLE_ATTRIBUTES = {
    **{tag: {"id"} for tag in ("aside", "figure", "h2", "h3", "h4", "h5", "h6", "p", "section", "sup")},
    "*": {"lang", "dir"},
    "a": {"href", "title", "id"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height", "loading"},
    "li": {"value", "id"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}

_NUMBER = re.compile(r"[0-9]{1,9}")
_SHAPES = {
    "dir": re.compile(r"ltr|rtl|auto"),
    "id": re.compile(r"[\w.:-]{1,100}"),
    "lang": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"),
    "loading": re.compile(r"lazy|eager"),
    "scope": re.compile(r"(?:col|row)(?:group)?"),
    **dict.fromkeys(("colspan", "height", "rowspan", "start", "value", "width"), _NUMBER),
}

_ROUNDS = 8
_MOST_TAGS = 8_000
_MOST_COPIES = 500_000
_FORMATTING = re.compile(r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_HEADING = re.compile(r"<(/?)h[1-6]\b[^<>]*>", re.IGNORECASE)
_BOX = re.compile(
    r"<(/?)(?:address|article|aside|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|header"
    r"|main|nav|section|summary|table|tr)\b[^<>]*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\b[^<>]*>", re.IGNORECASE)
_EMPTY = re.compile(r"<p>\s*(?:<strong>\s*</strong>\s*)?</p>\n?")
_PRE_START = re.compile(r"(<pre[^>]*>)\n+")


def clean_comment(html: str, *, images: bool = False) -> str:
    """Return the HTML of a comment from elsewhere, reduced to what a comment may hold; never raises.

    Headings, boxes and rows of tables, which a comment does not have, become paragraphs: their words don't run together.
    Where it is too long, or made to grow without bound when it is read, only its text is kept.
    """
    html = without_controls(html)
    if len(html) > LONGEST_COMMENT or _would_explode(html):
        html = _only_text(html)
    paragraphs = _with_paragraphs(html)
    settled = settle_comment(paragraphs, images=images)
    return settled if paragraphs == html else settle_comment(_EMPTY.sub("", settled), images=images)


def settle_comment(html: str, *, images: bool = False) -> str:
    """Reduce well-formed HTML, as our own renderer writes it, to what a comment may hold."""
    return _settled(_COMMENT_WITH_IMAGES if images else _COMMENT, html)


def clean_article(html: str) -> str:
    """Return the HTML of an article, reduced to what an article may hold; never raises.

    Its links may be relative; ids, and the links to them, get `ARTICLE_ID_PREFIX`. The text is the publication's own:
    it is made safe to show, but its size is not bounded here.
    """
    return _settled(_ARTICLE, without_controls(html))


def _with_paragraphs(html: str) -> str:
    html = _HEADING.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", html)
    return _CELL.sub(" ", _BOX.sub(r"<\1p>", html))


def _settled(cleaner: nh3.Cleaner, html: str) -> str:
    """Clean until nothing changes; of HTML that keeps changing, which is somebody's trick, only the text is kept."""
    for _ in range(_ROUNDS):
        cleaned = _tidied(cleaner.clean(html))
        if cleaned == html:
            return html
        html = cleaned
    return _tidied(cleaner.clean(_only_text(html)))


def _tidied(html: str) -> str:
    # A parser drops one newline at the start of <pre> at each reading.
    return thin_marks(_PRE_START.sub(r"\1", without_controls(html)))


def _would_explode(html: str) -> bool:
    """Whether reading this may cost far more than its size.

    A formatting element left open is opened again in every block that follows: 20 kB were seen to become 10 MB.
    And every element looks up through all that it stands in: 16,000 nested lists were seen to take a second.
    """
    tags = html.count("<")
    return tags > _MOST_TAGS or len(_FORMATTING.findall(html)) * tags > _MOST_COPIES


def _only_text(html: str) -> str:
    return escape(unescape(_TAG.sub(" ", html)), quote=False)


def _comment_attribute(_element: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return outgoing_link(value)
    if attribute == "src":
        return _unless_mail(outgoing_link(value))
    return _shaped(attribute, value)


def _article_attribute(_element: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and value.startswith("#"):
        return "#" + ARTICLE_ID_PREFIX + value[1:].removeprefix(ARTICLE_ID_PREFIX)
    if attribute == "href":
        return link_in_article(value)
    if attribute == "src":
        return _unless_mail(link_in_article(value))
    return _shaped(attribute, value)


def _unless_mail(link: str | None) -> str | None:
    return None if link is None or link.startswith("mailto:") else link


def _shaped(attribute: str, value: str) -> str | None:
    shape = _SHAPES.get(attribute)
    return value if shape is None or shape.fullmatch(value) else None


_COMMENT = nh3.Cleaner(
    tags=_COMMENT_TAGS,
    attributes=_COMMENT_ATTRIBUTES,
    attribute_filter=_comment_attribute,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="nofollow ugc noopener",
)
_COMMENT_WITH_IMAGES = nh3.Cleaner(
    tags=_COMMENT_TAGS | {"img"},
    attributes=_COMMENT_ATTRIBUTES | {"img": {"src", "alt"}},
    set_tag_attribute_values={"img": {"loading": "lazy"}},
    attribute_filter=_comment_attribute,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="nofollow ugc noopener",
)
_ARTICLE = nh3.Cleaner(
    tags=_ARTICLE_TAGS,
    attributes=_ARTICLE_ATTRIBUTES,
    attribute_filter=_article_attribute,
    url_schemes={"http", "https", "mailto"},
    url_relative="pass_through",
    link_rel="noopener",
    id_prefix=ARTICLE_ID_PREFIX,
)
