"""The one fetcher asks nobody else, believes little and gives up soon (D10)."""

import ast
import asyncio
import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from socket import socket
from threading import Thread

import pytest

import rejoinder
from rejoinder.web import fetch as module
from rejoinder.web.fetch import MOST_BYTES, Documents, Fetched, FetchFailed, fetch
from rejoinder.web.purge import purge
from web_server import Answer, WebServer, web_server

JSON = ("content-type", "application/json")
CLIENTS = {
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "requests",
    "aiohttp",
    "urllib3",
    "http",
    "urllib.request",
}


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


def get(url: str) -> Fetched:
    return asyncio.run(fetch("GET", url))


def refusal(url: str) -> str:
    with pytest.raises(FetchFailed) as failed:
        _ = get(url).data
    return str(failed.value)


def test_json_is_read(server: WebServer) -> None:
    server.answers["/keys"] = Answer(
        b'{"keys": []}', headers=(("Content-Type", "Application/jwk-set+json; x=y"),)
    )
    assert get(f"{server.url}/keys").data == {"keys": []}


def test_nothing_of_this_server_goes_along(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """No cookie that was set before, no proxy of the environment, no list of what could be unpacked."""
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answers["/"] = Answer(headers=(JSON, ("set-cookie", "known=1; path=/")))
    for _ in range(2):
        get(f"{server.url}/")
    host = server.url.partition("//")[2]
    for asked in server.asked:
        said = {
            "host": host,
            "user-agent": "Rejoinder",
            "accept": "application/json",
            "accept-encoding": "identity",
        }
        assert asked.headers == said


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(server: WebServer, status: int) -> None:
    server.answers["/"] = Answer(b"", status, (JSON, ("location", "/elsewhere")))
    assert get(f"{server.url}/").status == status
    assert [asked.path for asked in server.asked] == ["/"]


def test_an_answer_has_an_end(server: WebServer) -> None:
    server.answers["/fits"] = Answer(b'"' + b"a" * (MOST_BYTES - 2) + b'"')
    server.answers["/not"] = Answer(b'"' + b"a" * (MOST_BYTES - 1) + b'"')
    assert len(get(f"{server.url}/fits").data) == MOST_BYTES - 2
    assert "longer than" in refusal(f"{server.url}/not")


def test_what_is_packed_is_not_unpacked(server: WebServer) -> None:
    packed = gzip.compress(b" " * 10_000_000)
    server.answers["/"] = Answer(packed, headers=(JSON, ("content-encoding", "gzip")))
    assert "packed" in refusal(f"{server.url}/")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{}", "text/html"),
        (b"{}", ""),
        (b"{", "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 500_000, "application/json"),
    ],
    ids=["html", "nothing", "half", "bytes", "deep"],
)
def test_what_is_not_json_is_refused(server: WebServer, body: bytes, kind: str) -> None:
    server.answers["/"] = Answer(body, headers=(("content-type", kind),))
    assert "JSON" in refusal(f"{server.url}/")


@pytest.mark.parametrize(
    "url",
    [
        "http://provider.example/",
        "http://10.0.0.1/",
        "http://127.0.0.1.example/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "",
        "https://",
        "gopher://127.0.0.1/",
    ],
)
def test_only_https_and_this_machine_are_asked(url: str) -> None:
    assert "encrypted" in refusal(url) or "no web address" in refusal(url)


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    import ssl

    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost", "127.0.0.1").configure_cert(context)
    listener = socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()

    def serve() -> None:
        with listener.accept()[0] as connection:
            try:
                context.wrap_socket(connection, server_side=True)
            except OSError:
                return

    Thread(target=serve, daemon=True).start()
    assert "CERTIFICATE_VERIFY_FAILED" in refusal(f"https://127.0.0.1:{listener.getsockname()[1]}/")
    listener.close()


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"])
def test_a_slow_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, says: bytes) -> None:
    """Byte by byte, each in time: it is the whole that has a limit."""
    monkeypatch.setattr(module, "SECONDS", 0.5)
    listener = socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()

    def drip() -> None:
        with listener.accept()[0] as connection:
            try:
                connection.sendall(says)
                while True:
                    connection.sendall(b"1")
                    time.sleep(0.05)
            except OSError:
                return

    Thread(target=drip, daemon=True).start()
    began = time.monotonic()
    assert "within" in refusal(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    assert time.monotonic() - began < 2
    listener.close()


def test_who_does_not_answer_is_named_and_nothing_else_is_raised() -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        assert "ConnectError" in refusal(f"http://127.0.0.1:{free.getsockname()[1]}/")
    with socket() as rude:
        rude.bind(("127.0.0.1", 0))
        rude.listen()

        def greet() -> None:
            with rude.accept()[0] as connection:
                connection.sendall(b"SSH-2.0\r\n\r\n")

        Thread(target=greet, daemon=True).start()
        assert "ProtocolError" in refusal(f"http://127.0.0.1:{rude.getsockname()[1]}/")


def test_documents_are_kept_and_asked_for_by_one_at_a_time(server: WebServer) -> None:
    server.answers["/"] = Answer(b"[1]")
    documents = Documents()

    async def all_at_once() -> list[object]:
        return await asyncio.gather(*(documents.get(f"{server.url}/") for _ in range(20)))

    assert asyncio.run(all_at_once()) == [[1]] * 20
    assert len(server.asked) == 1


def test_a_document_is_fetched_anew_once_a_minute_at_most(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter(range(100))
    server.answers["/"] = lambda _: Answer.json(next(numbers))
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])

    async def ask() -> list[int]:
        documents = Documents()
        got = [await documents.get(f"{server.url}/", again=again) for again in (False, True, True, False)]
        clock[0] += 61
        got += [await documents.get(f"{server.url}/", again=again) for again in (False, True, True)]
        clock[0] += 601
        return [*got, await documents.get(f"{server.url}/")]

    assert asyncio.run(ask()) == [0, 1, 1, 1, 1, 2, 2, 3]


def test_a_failure_is_remembered_for_some_seconds(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/"] = Answer(b"{}", 500)
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])

    async def ask() -> object:
        documents = Documents()
        for _ in range(3):
            with pytest.raises(FetchFailed, match="500"):
                await documents.get(f"{server.url}/")
        server.answers["/"] = Answer(b"[2]")
        clock[0] += 11
        return await documents.get(f"{server.url}/")

    assert asyncio.run(ask()) == [2]
    assert len(server.asked) == 2


def test_a_cache_is_told_what_to_drop(server: WebServer) -> None:
    server.answers["/drop"] = Answer(b"", 204, ())
    asyncio.run(purge(f"{server.url}/drop?key=1", ["https://example.org/a"]))
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/drop?key=1")
    assert json.loads(asked.body) == {"purge": ["https://example.org/a"]}
    server.answers["/drop"] = Answer(b"", 500, ())
    with pytest.raises(FetchFailed, match="500"):
        asyncio.run(purge(f"{server.url}/drop", []))


def test_nothing_else_in_the_code_can_fetch() -> None:
    """The lint says so; this says that the lint was switched off in one file only."""
    source = Path(rejoinder.__file__).parent
    found = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
            else:
                continue
            if names & CLIENTS or any(name.startswith(("http.client", "httpcore2.")) for name in names):
                found.add(path.relative_to(source).as_posix())
    assert found - {"web/refusals.py"} == {"web/fetch.py"}


def test_what_is_asked_for_is_what_was_meant(server: WebServer) -> None:
    server.answers["/a%20b"] = Answer(b"[]")
    assert get(f"{server.url}/a b").data == []
    assert [asked.path for asked in server.asked] == ["/a%20b"]
