"""A blog moves in: a real WordPress is filled through its own doors, exported by itself, imported, and compared."""

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from drills import wordpress
from drills.blog import DELETED, SECRET, TITLE, go_on, keep
from drills.conftest import empty_database
from drills.kept import assert_sound
from drills.process import PAGE, Process
from drills.wordpress import Record, WordPress

# WordPress sets quotes and dashes as printers do, whenever it shows a text; what was written is what we have.
PLAIN = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "″": '"', "′": "'"}
)
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Kept:
    """A blog on the day of an export, as its own API tells it."""

    file: Path
    posts: list[Record]
    comments: list[Record]

    @property
    def public(self) -> list[Record]:
        """The posts and pages that everybody may read."""
        return [post for post in self.posts if is_public(post)]

    @property
    def addresses(self) -> set[str]:
        """Both addresses of each of them, without the host."""
        links = {urlsplit(post["link"]).path for post in self.public}
        return links | {f"/?p={post['id']}" for post in self.public}

    def said(self) -> "dict[str, Counter[Said]]":
        """What everybody could read below each page, by the page's path."""
        hidden = {post["id"] for post in self.posts if not is_public(post)}
        by_id = {comment["id"]: comment for comment in self.comments}
        said: defaultdict[str, Counter[Said]] = defaultdict(Counter)
        for comment in self.comments:
            if comment["type"] == "comment" and is_shown(comment) and comment["post"] not in hidden:
                said[urlsplit(comment["link"]).path][Said.there(comment, by_id)] += 1
        return said

    def count(self, status: str, kind: str) -> int:
        """How many comments have this status and kind."""
        return sum(
            (comment["status"], comment["type"] == "comment") == (status, kind == "comment")
            for comment in self.comments
        )


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, as far as it has to be the same there and here. `answers`: the words of its parent."""

    author: str
    website: str | None
    at: datetime
    words: str
    answers: str | None

    @classmethod
    def there(cls, comment: Record, by_id: dict[int, Record]) -> "Said":
        """As WordPress shows it. What is spam is not in an export, so nothing can stand below it."""
        parent = by_id.get(comment["parent"])
        answers = words(parent["content"]["rendered"]) if parent and is_shown(parent) else HIDDEN
        return cls(
            unescape(comment["author_name"]),
            comment["author_url"] or None,
            moment(comment["date_gmt"]),
            words(comment["content"]["rendered"]),
            answers if parent else None,
        )

    @classmethod
    def here(cls, comment: Record, by_id: dict[str, Record]) -> "Said":
        """As our API tells it."""
        parent = by_id.get(comment["parent_id"])
        return cls(
            comment["author"]["name"],
            comment["author"]["website"],
            moment(comment["posted_at"]),
            words(comment["html"]),
            None if parent is None else words(parent["html"] or HIDDEN),
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the exports and the pictures lie."""
    return tmp_path_factory.mktemp("moving")


@pytest.fixture(scope="module")
def exports(folder: Path) -> tuple[Kept, Kept]:
    """The blog as it was exported first, and again some weeks later."""
    with wordpress.running(folder / "wordpress", TITLE) as blog:
        keep(blog)
        first = export(blog, folder / "first.xml")
        go_on(blog)
        second = export(blog, folder / "second.xml")
        shutil.copytree(blog.uploads, folder / "uploads")
    return first, second


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    exports: tuple[Kept, Kept],
    folder: Path,
) -> Iterator[Process]:
    """A server into which the first export was imported while it was running."""
    own = tmp_path_factory.mktemp(request.param)
    with empty_database(request.param, own, request) as url, serving(url, own) as server:
        move_in(server, exports[0], folder)
        yield server


def test_every_record_is_accounted_for(exports: tuple[Kept, Kept], empty_url: str, tmp_path: Path) -> None:
    blog = exports[0]
    with serving(empty_url, tmp_path) as server:
        expected = {
            "published": blog.count("approved", "comment"),
            "pending": blog.count("hold", "comment"),
            "pings": blog.count("approved", "ping") + blog.count("hold", "ping"),
            "tombstones": 1,  # in the bin, with an answer below it
            "skipped": {"removed": 2},
        }
        planned = run_import(server, blog, "--dry-run")
        report = run_import(server, blog)

    assert report == planned | {"repairs": report["repairs"]}
    assert expected.items() <= report.items()
    assert report["records"] == report["comments"] + report["tombstones"] + report["pings"] + 2
    assert any("is not there, so it stands at the top level" in repair for repair in report["repairs"])


def test_every_public_post_is_an_article(exports: tuple[Kept, Kept], house: Process) -> None:
    with house.client() as reader:
        for post in exports[0].public:
            assert_same_article(reader, post)


def test_every_approved_comment_is_there_and_nothing_else(exports: tuple[Kept, Kept], house: Process) -> None:
    said = exports[0].said()
    with house.client() as reader:
        for page, comments in said.items():
            assert_same_discussion(reader, page, comments)
        for address in exports[0].addresses - said.keys():
            path = moved_to(reader, address)
            assert path in {moved_to(reader, page) for page in said} or not comments_at(reader, path)
    assert max(comment["depth"] for comment in walked(house)) == 11
    assert_sound(house)


def test_who_wrote_the_post_is_marked_and_a_closed_discussion_is_closed(
    exports: tuple[Kept, Kept], house: Process
) -> None:
    own = [comment for comment in walked(house) if comment["author"] and comment["author"]["label"]]
    with house.client() as reader:
        closed = {
            post["title"]["raw"]
            for post in exports[0].public
            if thread_at(reader, moved_to(reader, urlsplit(post["link"]).path))["state"] == "closed"
        }

    assert [words(comment["html"]) for comment in own] == ["Iwrotethis."]
    there = {post["title"]["raw"] for post in exports[0].public if post["comment_status"] == "closed"}
    assert closed == there


def test_nothing_hidden_is_served(exports: tuple[Kept, Kept], house: Process) -> None:
    blog = exports[0]
    hidden = [post for post in blog.posts if not is_public(post)]
    assert len(hidden) == 6  # five of ours, and a privacy policy that WordPress drafts by itself
    with house.client() as reader:
        pages = ["/", PAGE, *{moved_to(reader, address) for address in blog.addresses}]
        for post in hidden:
            for address in (f"/?p={post['id']}", urlsplit(post["link"]).path):
                assert reader.get(address).status_code == 404 or address == "/"
        for page in pages:
            assert SECRET not in reader.get(page).raise_for_status().text
    assert SECRET not in json.dumps(walked(house))


def test_pictures_are_our_own_and_nothing_is_loaded_from_elsewhere(
    exports: tuple[Kept, Kept], house: Process
) -> None:
    shown = 0
    with house.client() as reader:
        for post in exports[0].public:
            page = LexborHTMLParser(
                reader.get(moved_to(reader, urlsplit(post["link"]).path)).raise_for_status().text
            )
            for node in page.css("[src]"):
                address = node.attributes["src"] or ""
                assert address.startswith("/") and not address.startswith("//"), address
                assert reader.get(address).status_code == 200, address
                shown += node.tag == "img"
            for node in page.css(".prose a[href*=uploads]"):
                assert reader.get(node.attributes["href"] or "").status_code == 200, node.html
    assert shown >= 4


def test_a_later_export_brings_what_came_and_what_changed(
    exports: tuple[Kept, Kept], empty_url: str, tmp_path: Path, folder: Path
) -> None:
    first, second = exports
    still = {post["id"] for post in second.public}
    kept_public = replace(first, posts=[post for post in first.posts if post["id"] in still]).addresses
    assert len(kept_public) == len(first.addresses) - 4  # two posts are not public any more
    with serving(empty_url, tmp_path) as server, server.client() as reader:
        move_in(server, first, folder)
        places = {address: moved_to(reader, address) for address in first.addresses}
        report = move_in(server, second, folder)
        assert (report["new"], report["updated"]) == (3, 5)
        for post in second.public:
            assert_same_article(reader, post)
        deleted = [s for said in first.said().values() for s in said if s.words == words(DELETED)]
        for page, comments in second.said().items():
            # What was deleted for good is in no export, so nobody here can know of it.
            assert_same_discussion(reader, page, comments + Counter(deleted if "the-pier" in page else ()))
        for address, place in places.items():
            expected = 200 if address in kept_public else 404
            assert reader.get(address, follow_redirects=True).status_code == expected, address
            assert reader.get(place).status_code == expected, place
        again = run_import(server, second)
        assert (again["new"], again["updated"]) == (0, 0)
        assert_sound(server)


def export(blog: WordPress, file: Path) -> Kept:
    return Kept(
        blog.export(file),
        blog.all("posts", "any") + blog.all("pages", "any"),
        [
            *blog.all("comments", "all", type="all"),
            *blog.all("comments", "trash", type="all"),
        ],
    )


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Process]:
    """A server with a folder of articles, into which pictures can move."""
    server = Process(url, folder, REJOINDER_PUBLICATION=str(folder / "articles"))
    try:
        server.start()
        yield server
    finally:
        server.end()


def run_import(server: Process, blog: Kept, *options: str) -> Record:
    done = server.command("import", "wordpress", str(blog.file), "--json", *options)
    assert done.returncode == 0, done.stderr
    report: Record = json.loads(done.stdout)
    return report


def move_in(server: Process, blog: Kept, folder: Path) -> Record:
    return run_import(server, blog, "--images", str(folder / "uploads"))


def moved_to(reader: httpx.Client, address: str) -> str:
    """Where an old address leads, for good."""
    answer = reader.get(address)
    assert answer.status_code == 301, (address, answer.status_code)
    return urlsplit(answer.headers["location"]).path


def assert_same_article(reader: httpx.Client, post: Record) -> None:
    path = moved_to(reader, urlsplit(post["link"]).path)
    assert moved_to(reader, f"/?p={post['id']}") == path
    page = LexborHTMLParser(reader.get(path).raise_for_status().text)
    title, text = page.css_first("h1"), page.css_first(".prose")
    assert title is not None and text is not None
    if post["title"]["raw"]:
        assert words(title.html or "") == words(post["title"]["rendered"])
    assert words(text.html or "") == words(post["content"]["rendered"]), path
    time = page.css_first("time[itemprop=datePublished]")
    assert time is not None and moment(time.attributes["datetime"] or "") == moment(post["date_gmt"])


def assert_same_discussion(reader: httpx.Client, page: str, there: "Counter[Said]") -> None:
    """The same in the API, with what answers what, and in the page as it is served."""
    path = moved_to(reader, page)
    comments = comments_at(reader, path)
    by_id = {comment["id"]: comment for comment in comments}
    here = Counter(Said.here(comment, by_id) for comment in comments if comment["author"])
    assert here == there, path
    assert thread_at(reader, path)["comment_count"] == there.total()
    drawn = LexborHTMLParser(reader.get(path).text)
    assert Counter(words(node.html or "") for node in drawn.css(".comment .text")) == Counter(
        said.words for said in there.elements()
    )


def thread_at(reader: httpx.Client, path: str) -> Record:
    thread: Record = reader.get("/api/v1/threads", params={"url": path}).raise_for_status().json()
    return thread


def comments_at(reader: httpx.Client, path: str) -> list[Record]:
    """All of a discussion, placeholders among them."""
    id_ = thread_at(reader, path)["id"]
    if id_ is None:
        return []
    answer = reader.get(f"/api/v1/threads/{id_}/comments", params={"limit": 200}).raise_for_status().json()
    assert answer["next"] is None
    comments: list[Record] = answer["comments"]
    return comments


def walked(house: Process) -> list[Record]:
    """What a program finds of all discussions, from the front page on."""
    with house.client() as reader:
        front = LexborHTMLParser(reader.get("/").raise_for_status().text)
        links = front.css("main a[href^='/articles/']")
        paths = {urlsplit(link.attributes["href"] or "").path for link in links}
        return [comment for path in sorted(paths) for comment in comments_at(reader, path)]


def is_public(post: Record) -> bool:
    return post["status"] == "publish" and not post["password"]


def is_shown(comment: Record) -> bool:
    return bool(comment["status"] == "approved")


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def words(html: str) -> str:
    """The letters of a text, whatever stands between them."""
    body = LexborHTMLParser(f"<body>{html}").body
    assert body is not None
    for node in body.css("style, .gallery"):
        node.decompose()
    return "".join(body.text().translate(PLAIN).replace("---", "-").replace("--", "-").split())
