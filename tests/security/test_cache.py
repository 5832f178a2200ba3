"""A cache in front keeps what everybody may read and nothing else, and nobody changes what others get from it (D20).

Through a real nginx, set up as docs/operating says; what a cache does can't depend on the database behind, so on one.
"""

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from secrets import token_urlsafe
from typing import Any

import pytest

from databases import Databases
from rejoinder.accounts.models import Role, Signature
from rejoinder.accounts.sign_in import admit, sign_in
from rejoinder.db import Tx
from rejoinder.sites.queries import list_sites
from security.doors import Scene
from security.proxy import HOST, Answer, Proxy, in_front_of
from serving import Serving, fill, serving

SECRET = "zq-mine"
ARTICLES = 30


@pytest.fixture(scope="module")
def lamp(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that readers know as https://example.org."""
    folder = tmp_path_factory.mktemp("behind") / "publication"
    fill(folder, articles=ARTICLES)
    with (
        databases.migrated("sqlite") as url,
        serving(url, folder, REJOINDER_BASE_URL=f"https://{HOST}") as server,
    ):
        yield server


@pytest.fixture(scope="module")
def cache(lamp: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with in_front_of(lamp.port, tmp_path_factory.mktemp("nginx")) as proxy:
        yield proxy


@dataclass(frozen=True, slots=True)
class Nell:
    """A reader whose comment waits, and Bob's session: what nobody else may be given."""

    article: str
    token: str
    session: str
    held: str
    said: str
    thread: str

    @property
    def credentials(self) -> dict[str, str]:
        """All that a browser and a program of hers could send at once."""
        cookie = f"__Host-rejoinder={self.token}; __Host-rejoinder-session={self.session}"
        return {"cookie": cookie, "authorization": f"Bearer {self.token}", "sec-fetch-site": "same-origin"}

    @property
    def personal(self) -> list[str]:
        """Addresses that show her or Bob what others must not see."""
        comments = [f"/comments/{self.held}/manage", f"/api/v1/comments/{self.held}"]
        return ["/moderation", f"/api/v1/threads/{self.thread}/mine", *comments]


@pytest.fixture(scope="module")
def nell(lamp: Serving, cache: Proxy) -> Nell:
    """Nell, known to the server through the proxy."""
    token, article = token_urlsafe(32), lamp.article().path
    said = write(cache, article, "Here.", token)
    links = " ".join(f"https://example.net/{number}" for number in range(5))
    held = write(cache, article, f"Only mine: {SECRET} {links}", token)
    assert (said["status"], held["status"]) == ("published", "held")

    def let_in(tx: Tx) -> str:
        now, site = datetime.now(UTC), list_sites(tx)[0]
        return sign_in(
            tx, site.id, admit(tx, site.id, Signature("Bob", "bob"), Role.MODERATOR, now=now), now=now
        )

    return Nell(article, token, lamp.db.write_now(let_in), held["id"], said["id"], said["thread_id"])


def write(cache: Proxy, article: str, text: str, token: str = "") -> dict[str, Any]:
    body = json.dumps({"thread": {"url": article}, "text": text, "author": {"name": "Nell"}}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {token or token_urlsafe(32)}"}
    answer = cache.ask("/api/v1/comments", "POST", body, **headers)
    assert answer.status == 201, answer.body
    said: dict[str, Any] = json.loads(answer.body)
    return said


def directly(lamp: Serving, path: str, **headers: str) -> Answer:
    """What the server itself answers to this very path."""
    connection = HTTPConnection("127.0.0.1", int(lamp.port), timeout=20)
    try:
        connection.request("GET", path, headers={"Host": HOST} | headers)
        answer = connection.getresponse()
        return Answer(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def public(nell: Nell) -> list[str]:
    thread = f"/api/v1/threads/{nell.thread}"
    pages = ["/", "/sections/coast", nell.article, f"/comments/{nell.said}", f"/threads/{nell.thread}"]
    return [
        *pages,
        thread,
        f"{thread}/comments",
        f"/api/v1/threads?url={nell.article}",
        "/theme.css",
        "/api/docs",
    ]


def test_what_everybody_may_read_is_kept_whoever_asked_first(cache: Proxy, lamp: Serving, nell: Nell) -> None:
    for path in public(nell):
        first = cache.ask(path, **nell.credentials)
        again = cache.ask(path)
        assert (first.status, again.status, again.is_kept) == (200, 200, True), path
        assert first.body == again.body == directly(lamp, path).body, path
        assert cache.ask(path, **nell.credentials).body == again.body, path
        assert "set-cookie" not in first.headers.keys() | again.headers.keys()
        assert SECRET.encode() not in again.body


def test_what_is_one_reader_s_is_never_kept(cache: Proxy, nell: Nell) -> None:
    for path in nell.personal:
        for _ in range(2):
            own = cache.ask(path, **nell.credentials)
            assert (own.status, own.is_kept) == (200, False), path
            assert SECRET.encode() in own.body, path
        other = cache.ask(path)
        assert not other.is_kept and SECRET.encode() not in other.body, path
        assert cache.ask(path, **nell.credentials).body == own.body, path


DECEIVING = (
    *(".css", "/x.css", "/..%2fx.css", ";x.js", "%3bx.js", "%2fx.css", "%2f..%2fstatic%2fpage.css", "/."),
    *("/..;/x.css", "%00.css", "%0a.css", "%23.css", "%3f.css", ".", "..", "/", "//x.css", "\\x.css"),
)


@pytest.mark.parametrize("tail", DECEIVING)
def test_no_address_that_looks_like_a_file_shows_what_is_one_reader_s(
    cache: Proxy, nell: Nell, tail: str
) -> None:
    for path in (*nell.personal, f"/static/..%2f{nell.personal[0]}", "/static/../moderation"):
        own = cache.ask(path + tail, **nell.credentials)
        assert own.status in {400, 404}, (path, own.status)
        other = cache.ask(path + tail)
        assert not other.is_kept and SECRET.encode() not in own.body + other.body, path


def test_two_spellings_are_two_addresses(cache: Proxy, lamp: Serving, nell: Nell) -> None:
    slug = nell.article.rpartition("/")[2]
    cache.ask(nell.article)
    for path in (
        *(f"/articles/{slug.upper()}", f"//articles/{slug}", f"/articles/{slug}/", f"/articles/./{slug}"),
        *(
            f"/x/../articles/{slug}",
            f"/articles/%6camp{slug[4:]}",
            f"/%61rticles/{slug}",
            f"/articles/{slug}%20",
        ),
        *(
            f"/articles/{slug}?lang=de",
            f"/articles/{slug}?lang=ar",
            f"/articles/{slug}?utm_source=x",
            "/?lang=de",
        ),
        *(f"/articles/{slug}?sort=newest", f"/articles/{slug}?", f"/articles/{slug}%3flang=de"),
    ):
        right = directly(lamp, path)
        for _ in range(2):
            answer = cache.ask(path)
            assert (answer.status, answer.body) == (right.status, right.body), path
            assert answer.headers.get("location") == right.headers.get("location"), path


UNKEYED = (
    *(
        "x-forwarded-host",
        "x-forwarded-server",
        "x-forwarded-proto",
        "x-forwarded-scheme",
        "x-forwarded-port",
    ),
    *("x-forwarded-prefix", "x-forwarded-path", "x-forwarded-for", "x-forwarded", "forwarded", "x-host"),
    *("x-original-url", "x-original-uri", "x-original-host", "x-rewrite-url", "x-http-host-override"),
    *("x-http-method-override", "x-http-method", "x-method-override", "x-real-ip", "true-client-ip", "via"),
    *("x-scheme", "x-url-scheme", "front-end-https", "x-wap-profile", "x-requested-with", "x-amz-website"),
    *("accept-language", "accept", "origin", "referer", "user-agent", "save-data", "dnt", "te", "prefer"),
    *("x-forwarded-ssl", "x-proxy-url", "base-url", "request-uri", "destination", "if-match", "pragma"),
)


def test_no_header_changes_what_the_next_reader_gets(cache: Proxy, lamp: Serving, nell: Nell) -> None:
    right = directly(lamp, nell.article)
    for number, header in enumerate(UNKEYED):
        path = (
            f"{nell.article}?utm_source={number}"  # an address of its own for the cache, the same page for us
        )
        for value in ("evil.example", "/moderation", "DELETE", "de"):
            poisoned = cache.ask(path, **{header: value})
            assert b"evil.example" not in poisoned.body + str(poisoned.headers).encode(), header
        for is_kept in (None, True):  # some headers make nginx ask us again
            answer = cache.ask(path)
            assert (answer.status, answer.body) == (200, right.body), header
            assert is_kept is None or answer.is_kept, header
        assert answer.headers.get("access-control-allow-origin") == "*"


def test_a_part_or_a_head_is_never_kept_as_the_whole(cache: Proxy, lamp: Serving, nell: Nell) -> None:
    right = directly(lamp, nell.article)
    tag = right.headers["etag"]
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        ("HEAD", {}),
        ("GET", {"range": "bytes=0-3"}),
        ("GET", {"range": "bytes=" + ",".join(f"{n}-{n}" for n in range(200))}),
        ("GET", {"if-none-match": tag}),
        ("GET", {"if-modified-since": "Sun, 22 Nov 2026 22:00:00 GMT"}),
        ("GET", {"accept-encoding": "br"}),
        ("GET", {"accept-encoding": "gzip"}),
        ("GET", {"accept-encoding": "zstd, identity;q=0"}),
    )
    for number, (method, headers) in enumerate(asked):
        path = f"{nell.article}?utm_medium={number}"
        first = cache.ask(path, method, **headers)
        assert first.status in {200, 206, 304, 416}, (method, headers, first.status)
        if first.status == 206 and "multipart" not in first.headers["content-type"]:
            assert first.body == right.body[:4]
        for _ in range(2):
            whole = cache.ask(path)
            assert (whole.status, whole.body) == (200, right.body), (method, headers)
            assert "content-encoding" not in whole.headers


def test_another_host_is_given_nothing_that_is_kept(cache: Proxy, nell: Nell) -> None:
    for path in ("/", nell.article, f"/api/v1/threads/{nell.thread}"):
        assert cache.ask(path).status == 200
        assert cache.ask(path).is_kept
        for host in (
            "evil.example",
            "example.org.evil.example",
            "www.example.org",
            "127.0.0.1",
            "example.org.",
        ):
            other = cache.ask(path, host=host)
            assert other.status in {301, 421} or host == "example.org.", (host, other.status)
            assert not other.is_kept or host == "example.org.", host
            assert b"evil.example" not in other.body
        assert cache.ask(path, host="EXAMPLE.ORG").body == cache.ask(path).body
        for head in (
            f"GET http://evil.example{path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n",
            f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nHost: evil.example\r\n\r\n",
            f"GET {path} HTTP/1.1\r\nHost: evil.example\r\nHost: {HOST}\r\n\r\n",
            f"GET {path} HTTP/1.1\r\nHost: {HOST}@evil.example\r\n\r\n",
            f"GET {path} HTTP/1.1\r\nHost: {HOST}:80/evil\r\n\r\n",
            f"GET {path} HTTP/1.1\r\n\r\n",
        ):
            (answer,) = cache.send(head.encode(), "GET")
            assert answer.status in {400, 421}, (head, answer.status)
        assert b"evil" not in cache.ask(path).body


def test_what_was_refused_is_not_kept(cache: Proxy, nell: Nell) -> None:
    for path in (
        "/nowhere",
        f"{nell.article}?sort=loudest",
        "/api/v1/threads",
        "/api/v1/threads/x",
        "/comments/x",
    ):
        for _ in range(2):
            answer = cache.ask(path)
            assert answer.status in {400, 404} and not answer.is_kept, (path, answer.status)
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        answer = cache.ask(nell.article, method)
        assert answer.status == 405 and not answer.is_kept, method
    assert cache.ask(nell.article).status == 200


def test_a_version_that_is_still_to_come_is_not_kept(cache: Proxy, lamp: Serving) -> None:
    article = lamp.article().path
    said = write(cache, article, "First.")
    paths = [f"{article}?v=", f"/api/v1/threads/{said['thread_id']}/comments?v="]
    for path in paths:
        early = cache.ask(f"{path}{said['version'] + 1}")
        assert early.status == 200 and b"Second." not in early.body
    assert write(cache, article, "Second.")["version"] == said["version"] + 1
    for path in paths:
        assert b"Second." in cache.ask(f"{path}{said['version'] + 1}").body, path


INNER = "GET /moderation HTTP/1.1\r\nHost: example.org\r\nX: "
AMBIGUOUS = (
    # Where one program goes by the length and the next by the chunks, the rest would be the next reader's request.
    *(f"Content-Length: {n}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{INNER}" for n in (5, 60, 6)),
    *(
        f"Content-Length: 5\r\nContent-Length: 60\r\n\r\n0\r\n\r\n{INNER}",
        f"Content-Length: 5, 60\r\n\r\n0\r\n\r\n{INNER}",
    ),
    *(
        f"{header}\r\nContent-Length: 60\r\n\r\n0\r\n\r\n{INNER}"
        for header in (
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding:\x0bchunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
            "X: y\r\n Transfer-Encoding: chunked",
            "X: y\rTransfer-Encoding: chunked",
            "Transfer-Encoding\r\n : chunked",
            "Transfer-Encoding: \xffchunked",
            "transfer-encoding: CHUNKED",
        )
    ),
    *(
        f"Content-Length: {n}\r\n\r\n0\r\n\r\n{INNER}"
        for n in ("+5", "-1", "0x5", "5 5", "5\x0b", "٥", "", "9" * 40)
    ),
    *(
        f"Transfer-Encoding: chunked\r\n\r\n{chunk}\r\n0\r\n\r\n{INNER}"
        for chunk in (
            "5;x\nGET\r\nhello",
            "0x5\r\nhello",
            "5 \r\nhello",
            "5\nhello",
            "-5\r\nhello",
            "f" * 17 + "\r\nx",
        )
    ),
)
SMUGGLING = (
    *AMBIGUOUS,
    f"Transfer_Encoding: chunked\r\nContent-Length: 60\r\n\r\n0\r\n\r\n{INNER}",
    f"Connection: Content-Length\r\nContent-Length: 5\r\n\r\nhello{INNER}",
    f"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n{INNER}",
    f"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 5\r\n\r\nhello{INNER}",
    f"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{INNER}",
)


@pytest.mark.parametrize("start", ["POST /api/v1/preview", "GET /api/v1/counts?url=/x", "POST /comments"])
def test_no_request_hides_another(cache: Proxy, lamp: Serving, nell: Nell, start: str) -> None:
    before = Scene(lamp, lamp.article(), nell.token, nell.said, nell.said, nell.thread).state()
    for number, rest in enumerate(SMUGGLING):
        kind = "Content-Type: application/json\r\n" if "api" in start else ""
        cookie = f"Cookie: {nell.credentials['cookie']}\r\n"
        raw = f"{start} HTTP/1.1\r\nHost: {HOST}\r\n{cookie}{kind}{rest}"
        follow = "\r\n\r\n"  # what would end the hidden request, if it were one
        for answer in cache.send((raw + follow).encode("latin-1", "replace"), *["POST"] * 3, seconds=0.2):
            assert answer.status not in {500, 502, 504}, rest
        # Whoever comes next, on whichever connection nginx still has to us, gets what was asked for.
        for slug in range(1, 5):
            url = f"/articles/lamp-{slug}"
            answer = cache.ask(f"/api/v1/threads?url={url}&v={number}")
            assert answer.status == 200, (rest, answer.status)
            assert json.loads(answer.body)["url"] == f"https://{HOST}{url}", rest
    after = Scene(lamp, lamp.article(), nell.token, nell.said, nell.said, nell.thread).state()
    assert after == before


@pytest.mark.parametrize("rest", AMBIGUOUS, ids=range(len(AMBIGUOUS)))
def test_the_server_itself_takes_no_request_that_can_be_read_in_two_ways(lamp: Serving, rest: str) -> None:
    raw = f"POST /api/v1/preview HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n{rest}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(lamp.port)), timeout=10) as connection:
        connection.sendall(raw.encode("latin-1", "replace"))
        answered = b"".join(iter(lambda: connection.recv(65_536), b""))  # until it hangs up
    assert re.findall(rb"HTTP/1\.1 (\d+)", answered) == [b"400"]
