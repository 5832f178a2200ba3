"""What is known of a blog while its export is read, and what its elements are called."""

import re
from collections import Counter
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from rejoinder.transfer.wordpress.pictures import Pictures
from rejoinder.transfer.xml import Element

ROOT = "rss"
POST, COMMENT, AUTHOR, CHANNEL = "item", "wp:comment", "wp:author", "channel"
RECORDS = frozenset({POST, COMMENT, AUTHOR, CHANNEL, "wp:category", "wp:tag", "wp:term"})

MOST_KINDS = 50

_NAMESPACES = (
    (re.compile(r"https?://(?:www\.)?wordpress\.org/export/[\d.]+/?"), "wp"),
    (re.compile(r"https?://(?:www\.)?wordpress\.org/export/[\d.]+/excerpt/?"), "excerpt"),
    (re.compile(r"https?://purl\.org/rss/1\.0/modules/content/?"), "content"),
    (re.compile(r"https?://purl\.org/dc/(?:elements/1\.1|terms)/?"), "dc"),
    (re.compile(r"https?://(?:www\.)?disqus\.com/?"), "dsq"),
    (re.compile(r"undeclared:(?:wp|excerpt|content|dc|dsq)"), None),
)


def prefix_of(namespace: str) -> str:
    """The prefix that WordPress gives a namespace, of whichever version of its format."""
    for pattern, prefix in _NAMESPACES:
        if pattern.fullmatch(namespace):
            return prefix or namespace.removeprefix("undeclared:")
    return "other"


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who wrote posts: the id of their account, where the export tells it, and the name they show."""

    id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Post:
    """As much of a post as its comments need: its id, and the account of who wrote it."""

    id: str
    writer_id: str | None


@dataclass(slots=True)
class Blog:
    """A blog as far as it was read. `public`: the ids of the posts that everybody may see; `slugs`: whose they are."""

    time_zone: ZoneInfo | None
    pictures: Pictures | None = None
    home: str = ""
    writers: dict[str, Writer] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)
    slugs: dict[str, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)

    def meet(self, author: Element) -> None:
        """Remember who writes here."""
        login = line_of(author, "wp:author_login")
        if login:
            name = line_of(author, "wp:author_display_name") or login
            self.writers[login] = Writer(line_of(author, "wp:author_id") or None, name)

    def free_slug(self, wanted: str, post: Post) -> str:
        """The name of a post, which a page of another path may have, too: then the first one keeps it."""
        holder = self.slugs.setdefault(wanted.casefold(), post.id)
        return wanted if holder == post.id else f"{wanted}-{post.id}"

    def name_kind(self, kind: str) -> str:
        """The name under which records of a kind we don't know are counted; there are only so many names."""
        if re.fullmatch(r"[\w-]{1,40}", kind) and (kind in self.kinds or len(self.kinds) < MOST_KINDS):
            self.kinds.add(kind)
            return kind
        return "unknown-kind"


def line_of(element: Element, name: str) -> str:
    """The text of an element on one line, without blanks around; empty where there is none."""
    return " ".join((element.text_of(name) or "").split())


def id_of(element: Element, name: str) -> str:
    """The number in an element that names another record; empty where it is 0, which names none."""
    number = line_of(element, name)
    return "" if number == "0" else number


def home_of(channel: Element) -> str:
    """The address of a blog: in a network that of this one."""
    return line_of(channel, "wp:base_blog_url") or line_of(channel, "link")


def post_of(item: Element, blog: Blog) -> Post:
    """Which post an item is; by its address where it has no number."""
    names = ("wp:post_id", "dsq:thread_identifier", "guid", "link")
    id_ = next((text for name in names if (text := line_of(item, name))), "")
    writer = blog.writers.get(line_of(item, "dc:creator"))
    return Post(id_, writer.id if writer else None)
