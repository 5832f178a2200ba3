"""Small exports of WordPress for tests, and what becomes of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rejoinder.db import Database, Tx

Import = Callable[..., dict[str, Any]]
"""Imports the items of an export, or files, and gives the report; options by name."""

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old</title><link>https://old.example</link><language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_id>7</wp:author_id><wp:author_login>ann</wp:author_login>
<wp:author_display_name><![CDATA[Ann &amp; Co]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel></rss>\n"


def cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def comment(
    number: int | str, parent: int | str = 0, *, meta: dict[str, str] | None = None, **fields: str
) -> str:
    """A comment by Nell; a field given as None is absent."""
    values = {
        "comment_id": str(number),
        "comment_author": "Nell",
        "comment_author_email": "nell@there.example",
        "comment_author_url": "",
        "comment_author_IP": "192.0.2.7",
        "comment_date": f"2020-05-01 12:{int(number) % 60:02}:00",
        "comment_date_gmt": f"2020-05-01 10:{int(number) % 60:02}:00",
        "comment_content": f"Comment {number}.",
        "comment_approved": "1",
        "comment_type": "comment",
        "comment_parent": str(parent),
        "comment_user_id": "0",
    } | {f"comment_{name}": value for name, value in fields.items()}
    lines = [
        f"<wp:{name}>{cdata(value)}</wp:{name}>\n" for name, value in values.items() if value is not None
    ]
    for key, value in (meta or {}).items():
        lines.append(
            f"<wp:commentmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
            f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:commentmeta>\n"
        )
    return f"<wp:comment>\n{''.join(lines)}</wp:comment>\n"


def post(number: int, *comments: str, terms: str = "", **fields: Any) -> str:
    """A public post; a field given as None is absent."""
    values = {
        "title": f"Post {number}",
        "link": f"https://old.example/2020/05/post-{number}/",
        "dc:creator": "ann",
        "guid": f"https://old.example/?p={number}",
        "content:encoded": f"Text {number}.",
        "excerpt:encoded": "",
        "wp:post_id": str(number),
        "wp:post_date": "2020-04-30 12:00:00",
        "wp:post_date_gmt": "2020-04-30 10:00:00",
        "wp:comment_status": "open",
        "wp:post_name": f"post-{number}",
        "wp:status": "publish",
        "wp:post_parent": "0",
        "wp:post_type": "post",
        "wp:post_password": "",
    }
    for name, value in fields.items():
        known = {"text": "content:encoded", "lead": "excerpt:encoded", "creator": "dc:creator"}
        values[known.get(name, name if name in values else f"wp:{name}")] = value
    lines = [f"<{name}>{cdata(value)}</{name}>\n" for name, value in values.items() if value is not None]
    return f"<item>\n{''.join(lines)}{terms}{''.join(comments)}</item>\n"


def write(path: Path, *items: str, head: str = HEAD, tail: str = TAIL) -> Path:
    path.write_text(f"{head}{''.join(items)}{tail}", encoding="utf-8")
    return path


def columns(db: Database, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a statement, each as a tuple."""

    def read(tx: Tx) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in tx._connection.rows(sql, {})[1]]

    return db.read_now(read)
