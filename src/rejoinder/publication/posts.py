"""Quoted posts of social networks: drawn by us as quotations, with nothing fetched from anybody."""

import re
from html import unescape
from urllib.parse import urlsplit

from markupsafe import Markup

from rejoinder.publication.days import find_day
from rejoinder.text.addresses import outgoing_link

# The last line of a quotation, in the HTML that our sanitiser writes: — Name (@handle), date, link
_SIGNATURE = re.compile(
    r"""
    (?: <p[^<>]*> | <br> \s* | \n | </p> \s* )
    [—―] \s* (?P<name> [^<>\n]{1,200}? ) \s* \( (?P<handle> @[^\s()<>]{1,200} ) \) [\s,]*
    (?P<dated> (?: [^<>\n] | <a\ [^<>]*> | </a> ){0,4000} )
    (?: </p> )? \s* \Z
    """,
    re.VERBOSE,
)
_LONGEST_BEFORE = 200
_QUOTATION = re.compile(r"<blockquote>((?:(?!</?blockquote).)*)</blockquote>", re.DOTALL)
_LINK = re.compile(r'<a [^<>]*?href="([^"]*)"[^<>]*>([^<>]*)</a>')
_BARE_LINK = re.compile(r"https?://[^\s<>]+$")
_TAG = re.compile(r"<[^<>]*>")

POST = Markup('<blockquote class="post">{text}<footer>— {name} ({handle}) {dated}</footer></blockquote>')
LINKED = Markup('<a href="{href}" rel="noopener">{words}</a>')
TIME = Markup('<time datetime="{day}">{words}</time>')


def mark_posts(html: str, language: str) -> str:
    """Mark each quotation that is signed `— Name (@handle), date[, link]` as a post; the HTML is sanitised already."""
    return _QUOTATION.sub(lambda quotation: _marked(quotation, language), html)


def _marked(quotation: re.Match[str], language: str) -> str:
    quoted = quotation[1]
    dash = max(quoted.rfind("—"), quoted.rfind("―"))
    signature = _SIGNATURE.search(quoted, max(0, dash - _LONGEST_BEFORE)) if dash >= 0 else None
    if signature is None or not _TAG.sub("", quoted[: signature.start()]).strip():
        return quotation[0]
    return POST.format(
        text=_closed(quoted[: signature.start()].strip()),
        name=unescape(signature["name"]),
        handle=unescape(signature["handle"]),
        dated=_dated(signature["dated"], language),
    )


def _closed(text: str) -> Markup:
    """What was said, with the end of its last paragraph, which the signature stood in or took along."""
    is_open = text.count("<p") > text.count("</p>")
    return Markup(text) + (Markup("</p>") if is_open else "")  # noqa: S704  sanitised, cut between two elements


def _dated(dated: str, language: str) -> Markup | str:
    """When it was said, in the words of who quoted it, leading to where it was said."""
    link = _LINK.search(dated)
    if link is not None:
        href, inside = unescape(link[1]), unescape(link[2])
        beside = unescape(dated[: link.start()] + dated[link.end() :])
    else:
        written = unescape(_TAG.sub("", dated)).strip()
        bare = _BARE_LINK.search(written)
        href, inside, beside = (bare[0], "", written[: bare.start()]) if bare else ("", "", written)
    words = ", ".join(part for part in (beside.strip(" ,"), inside.strip(" ,")) if part and part != href)
    target = outgoing_link(href)
    day = find_day(words, language)
    shown = TIME.format(day=day.isoformat(), words=words) if day else words
    if target is None:
        return shown
    return LINKED.format(href=target, words=shown or urlsplit(target).hostname)
