"""Posts, pages and whatever else was discussed, as articles."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import unquote

from rejoinder.articles.models import LEAD_LENGTH, ArticleState, Discussion, own_url
from rejoinder.publication.pictures import Picture
from rejoinder.transfer.checking import check_record
from rejoinder.transfer.models import Fault, Mended, Record
from rejoinder.transfer.wordpress.addresses import split_address
from rejoinder.transfer.wordpress.blog import CHANNEL, Blog, Post, id_of, line_of
from rejoinder.transfer.wordpress.embeds import clean_body, plain_embeds
from rejoinder.transfer.wordpress.shortcodes import Words, without_shortcodes
from rejoinder.transfer.wordpress.texts import linked, paragraphs, without_remarks
from rejoinder.transfer.wordpress.times import read_times
from rejoinder.transfer.xml import Element

ARTICLES = ("post", "page")
"""What becomes an article though nobody said anything of it; everything else only with its comments."""

_PARAMETERS = {"page": ("p", "page_id")}
_BLOCKS = "<!-- wp:"
_TAG = re.compile(r"<[^<>]*>")


def read_post(
    item: Element, post: Post, blog: Blog, *, is_discussed: bool
) -> Iterator[Record | Fault | Mended]:
    """An item of the export as an article; or why it is left out."""
    is_post = is_discussed or any(line_of(item, name) for name in ("wp:post_id", "wp:status"))
    kind = line_of(item, "wp:post_type") or ("post" if is_post else "feed-entry")
    if not post.id:
        yield Fault("article", "no-id", "this item has neither an id nor an address")
        return
    if item.is_cut and not is_discussed:
        yield Fault("article", "cut-off", f"post {post.id} is cut off: the file ends in it")
        return
    if kind not in ARTICLES and not is_discussed:
        blog.left_out[blog.name_kind(kind)] += 1
        return
    state = _state(item, kind, blog)
    if state is ArticleState.PUBLIC:
        blog.public.add(post.id)
    published, assumed = _published(item, blog)
    if assumed and state is ArticleState.PUBLIC:
        yield Mended("time", f"post {post.id}: {assumed}")
    slug = blog.free_slug(_slug(item, post), post)
    words = without_shortcodes(item.text_of("content:encoded") or "")
    if words.lost:
        yield Mended(
            "shortcode", f"post {post.id}: nothing is left of [{'], ['.join(dict.fromkeys(words.lost))}]"
        )
    updated, _ = read_times(item.text_of("wp:post_modified_gmt"), None, blog.time_zone)
    is_closed = line_of(item, "wp:comment_status") == "closed"
    yield check_record(
        "article",
        {
            "id": post.id,
            "url": own_url(slug),
            "aliases": _aliases(item, kind, post, blog),
            "title": _plain(item.text_of("title")),
            "lead": _plain(item.text_of("excerpt:encoded"))[:LEAD_LENGTH] or None,
            "html": _html(words.text, slug, blog),
            "byline": _byline(item, blog),
            "section": next(iter(_terms(item, "category")), None),
            "language": _language(item),
            "published": published,
            "updated": updated if published and updated and updated > published else None,
            "state": state,
            "discussion": Discussion.CLOSED if is_closed else Discussion.OPEN,
            "extras": _extras(item, kind, words),
        },
    )


def _state(item: Element, kind: str, blog: Blog) -> ArticleState:
    """Public is what everybody could read. A file says nothing of itself: it is what its post is."""
    status = line_of(item, "wp:status") or ("" if item.is_cut else "publish")
    if line_of(item, "wp:post_password"):
        return ArticleState.PRIVATE
    if kind == "attachment" and status == "inherit":
        parent = id_of(item, "wp:post_parent")
        return ArticleState.PUBLIC if not parent or parent in blog.public else ArticleState.PRIVATE
    return ArticleState.PUBLIC if status == "publish" else ArticleState.PRIVATE


def _published(item: Element, blog: Blog) -> tuple[datetime | None, str | None]:
    utc, local = item.text_of("wp:post_date_gmt"), item.text_of("wp:post_date")
    if utc is not None or local is not None:
        return read_times(utc, local, blog.time_zone)
    try:
        published = parsedate_to_datetime(line_of(item, "pubDate"))
    except ValueError:
        return None, None
    return published if published.tzinfo else published.replace(tzinfo=UTC), None


def _slug(item: Element, post: Post) -> str:
    """The name in its address: WordPress keeps it percent-encoded; a draft has none."""
    names = [
        unquote(line_of(item, "wp:post_name")),
        *reversed(split_address(line_of(item, "link")).path.split("/")),
    ]
    for name in names:
        slug = "-".join(name.replace("/", " ").split())
        if slug.strip("."):
            return slug
    return f"post-{split_address(post.id).path.strip('/') or 'home'}"


def _aliases(item: Element, kind: str, post: Post, blog: Blog) -> list[str]:
    """Every address it had: with the blog's host for now, and without it for the day this site stands there.

    WordPress answers to its number, too, whatever its address looks like. The guid of a file is the file itself, and
    what a file has in its query we would take for the front page.
    """
    named = [line_of(item, name) for name in ("link", "guid") if (name, kind) != ("guid", "attachment")]
    numbered = [
        f"{blog.home.rstrip('/')}/?{parameter}={post.id}"
        for parameter in _PARAMETERS.get(kind, ("p",))
        if post.id.isdecimal()
    ]
    http = (address for address in (*named, *numbered) if address.startswith(("http://", "https://")))
    whole = [address for address in http if "?attachment_id=" not in address]
    parts = [split_address(address) for address in whole]
    paths = [f"{part.path}?{part.query}" if part.query else part.path for part in parts]
    return list(dict.fromkeys([*whole, *(path for path in paths if path.startswith("/") and path != "/")]))


def _plain(text: str | None) -> str:
    return " ".join(unescape(_TAG.sub("", text or "")).split())


def _byline(item: Element, blog: Blog) -> dict[str, Any] | None:
    login = line_of(item, "dc:creator")
    writer = blog.writers.get(login)
    name = unescape(writer.name if writer else login)
    return {"authors": [{"name": name}]} if name else None


def _language(item: Element) -> str | None:
    """That of the blog, which stands above its items."""
    channel = item.parent
    is_channel = channel is not None and channel.name == CHANNEL
    return line_of(channel, "language").replace("_", "-") or None if channel and is_channel else None


def _terms(item: Element, domain: str) -> list[str]:
    terms = (_plain(term.text) for term in item.all("category") if term.attributes.get("domain") == domain)
    return list(dict.fromkeys(term for term in terms if term))


def _html(text: str, slug: str, blog: Blog) -> str:
    """Texts of the block editor have their paragraphs; older ones get them when they are shown."""

    def find_picture(address: str) -> Picture | None:
        return blog.pictures.find(slug, blog.home, address) if blog.pictures else None

    shown = without_remarks(text)
    if _BLOCKS not in text:
        shown = paragraphs(shown)
    return clean_body(linked(plain_embeds(shown)), find_picture)


def _extras(item: Element, kind: str, words: Words) -> dict[str, Any]:
    extras = {
        "type": kind if kind != "post" else "",
        "status": line_of(item, "wp:status").replace("publish", ""),
        "categories": _terms(item, "category"),
        "tags": _terms(item, "post_tag"),
        "passages": [asdict(passage) for passage in words.passages],
    }
    return {name: value for name, value in extras.items() if value}
