"""A page with 100 comments as a browser gets it, beside the same words as a bare static file."""

from collections.abc import Callable, Iterator
from functools import partial
from html import escape

from bench.browser import Visit, chromium, visit
from bench.nginx import put_file
from bench.rounds import median, take_turns
from bench.rows import Row, at_most, near_limit, seen
from bench.site import discussion
from bench.stage import SIZES, SMALL, Stage
from bench.words import Words

STATIC = "static.html"


def measure(stage: Stage) -> Iterator[Row]:
    """Bytes on the wire, third parties, the moment of the first comment, and whether anything jumps."""
    put_file(stage.files, STATIC, _static_page().encode())
    with chromium() as browser:
        runs: dict[str, Callable[[], Visit]] = {
            "ours": partial(visit, browser, f"http://127.0.0.1:{stage.ours.port}/articles/{SMALL}"),
            "static": partial(visit, browser, f"http://127.0.0.1:{stage.nginx.place.port}/{STATIC}"),
        }
        for run in runs.values():
            run()
        visits = take_turns(2 * stage.rounds, runs)
    ours, static = visits["ours"], visits["static"]
    wire = median(v.wire for v in ours) / 1000
    yield at_most("page of 100 comments, everything on the wire", wire, "kB", 30)
    yield seen("the same words as bare static HTML", median(v.wire for v in static) / 1000, "kB")
    yield at_most("script on the wire", median(v.script for v in ours) / 1000, "kB", 10)
    yield seen("requests of a page", median(v.requests for v in ours), "")
    yield at_most("requests to third parties", max(v.strangers for v in ours), "", 0)
    first = [median(v.first_comment_ms for v in mine) for mine in (ours, static)]
    yield near_limit("first comment is there", first[0], "ms", limit=first[1], times=1.2)
    yield at_most("layout shift", max(v.shift for v in ours), "", 0.02)


def _static_page() -> str:
    """The article and its comments without style, script, form or link."""
    article = "".join(f"<p>{text}</p>" for text in Words(7).paragraphs(6).split("\n\n"))
    comments = "".join(
        f'<article class="comment"><h3>{escape(remark.name)}</h3><p>{escape(remark.text)}</p></article>\n'
        for remark in discussion(SIZES[SMALL])
    )
    return f"<!doctype html><html lang=en><title>Static</title><h1>Static</h1>{article}{comments}</html>"
