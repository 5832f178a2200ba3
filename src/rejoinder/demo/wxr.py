"""Load data as a file: an export of WordPress (WXR 1.2), as `rejoinder import wordpress` reads it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from rejoinder.demo.load import Load, Page, SeedComment

HOME = "https://seed.example"

_NAMESPACES = {
    "version": "2.0",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:wp": "http://wordpress.org/export/1.2/",
}


def write_export(path: Path, load: Load, *, tell: Callable[[int], None] = lambda written: None) -> None:
    """Write the load data into a new file; `tell` hears how many comments are written. Raises FileExistsError.

    A page is a post, votes are sums beside a comment, as wpDiscuz keeps them.
    """
    written = 0
    with path.open("x", encoding="utf-8") as file:
        xml = XMLGenerator(file, "utf-8", short_empty_elements=True)
        xml.startDocument()
        with _element(xml, "rss", _NAMESPACES), _element(xml, "channel"):
            _fields(xml, {"title": "Load data", "link": HOME, "wp:wxr_version": "1.2"})
            for number, page in enumerate(load.pages(), start=1):
                _post(xml, number, page, first=written + 1)
                written += len(page.comments)
                tell(written)
        xml.endDocument()


def _post(xml: XMLGenerator, number: int, page: Page, *, first: int) -> None:
    ids = {comment.id: str(n) for n, comment in enumerate(page.comments, start=first)}
    with _element(xml, "item"):
        _fields(
            xml,
            {
                "title": page.title,
                "link": f"{HOME}/{page.slug}/",
                "guid": f"{HOME}/?p={number}",
                "content:encoded": page.html,
                "wp:post_id": str(number),
                "wp:post_date_gmt": _time(page.published_at),
                "wp:comment_status": "open",
                "wp:post_name": page.slug,
                "wp:status": "publish",
                "wp:post_type": "post",
            },
        )
        for comment in page.comments:
            _comment(xml, comment, ids)


def _comment(xml: XMLGenerator, comment: SeedComment, ids: Mapping[int, str]) -> None:
    with _element(xml, "wp:comment"):
        _fields(
            xml,
            {
                "wp:comment_id": ids[comment.id],
                "wp:comment_author": comment.author.signature.name,
                "wp:comment_date_gmt": _time(comment.place.placed_at),
                "wp:comment_content": comment.text,
                "wp:comment_approved": "1",
                "wp:comment_type": "comment",
                "wp:comment_parent": ids[comment.parent_id] if comment.parent_id else "0",
            },
        )
        if comment.up or comment.down:
            votes = f'a:2:{{s:4:"like";i:{comment.up};s:7:"dislike";i:{comment.down};}}'
            with _element(xml, "wp:commentmeta"):
                _fields(xml, {"wp:meta_key": "wpdiscuz_votes_seperate", "wp:meta_value": votes})


@contextmanager
def _element(xml: XMLGenerator, name: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
    xml.startElement(name, AttributesImpl(dict(attributes or {})))
    yield
    xml.endElement(name)
    xml.characters("\n")


def _fields(xml: XMLGenerator, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        with _element(xml, name):
            xml.characters(value)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
