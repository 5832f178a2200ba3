"""A real server process: how it starts, speaks, ends, and does not wait for ever."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from rejoinder.settings import load_settings
from rejoinder.web.loopback import is_loopback
from rejoinder.web.server import CannotListen, listen, warn_of_plain_http

ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    """A server of ours and where it is."""

    process: subprocess.Popen[bytes]
    port: int

    def connect(self) -> socket.socket:
        """A connection that does not wait for ever."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def say(self, *pieces: bytes) -> bytes:
        """Send bytes as they are and read until the server closes."""
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
            return b"".join(iter(lambda: connection.recv(65536), b""))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def served(tmp_path: Path, static_folder: Path) -> Iterator[Served]:
    shutil.copytree(static_folder, tmp_path / "static")
    port = free_port()
    command = [sys.executable, "-m", "web.serve_board", str(tmp_path), str(port)]
    environ = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
    process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE)
    try:
        wait_until_up(process, port)
        yield Served(process, port)
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(400):
        assert process.poll() is None, "the server ended before it was up"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            httpx.get(f"http://127.0.0.1:{port}/notes/1", timeout=10)
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server did not come up")


def request(port: int, *more: str, method: str = "GET", version: str = "1.1") -> bytes:
    lines = [f"{method} /notes/1 HTTP/{version}", f"Host: 127.0.0.1:{port}", *more, "", ""]
    return "\r\n".join(lines).encode()


def test_it_answers_over_the_wire(served: Served) -> None:
    base = f"http://127.0.0.1:{served.port}"
    with httpx.Client(base_url=base) as browser:
        page = browser.get("/notes/1")
        assert (page.status_code, "Hello" in page.text) == (200, True)
        assert "server" not in page.headers
        assert page.headers["date"]
        again = browser.get("/notes/1", headers={"if-none-match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = browser.head("/notes/1")
        assert (head.headers["content-length"], head.content) == (page.headers["content-length"], b"")
        assert browser.head("/private").content == b""
        posted = browser.post("/notes/1", data={"text": "Changed"}, headers={"origin": base})
        assert posted.status_code == 303
        assert "Changed" in browser.get(posted.headers["location"]).text
        assert "Changed" in browser.post("/notes/1", data={"text": "Changed"}).text


def test_several_requests_at_once_are_answered_in_order(served: Served) -> None:
    closing = request(served.port, "Connection: close")
    answer = served.say(request(served.port) + request(served.port, method="HEAD") + closing)
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.count(b"<!doctype html>") == 2


def test_an_old_client_is_answered_and_let_go(served: Served) -> None:
    answer = served.say(request(served.port, version="1.0"))
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"</html>")


OFFER = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"]


def test_an_offer_of_another_protocol_is_passed_over_and_the_connection_goes_on(served: Served) -> None:
    with served.connect() as connection:
        for _ in range(3):
            connection.sendall(request(served.port, *OFFER, method="HEAD"))
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")


def test_such_an_offer_with_a_body_is_told_what_to_leave_out(served: Served) -> None:
    form = [
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 6",
        "Sec-Fetch-Site: same-origin",
    ]
    answer = served.say(request(served.port, *OFFER, *form, method="POST") + b"text=a")
    assert answer.startswith(b"HTTP/1.1 501")
    assert b"without an Upgrade header" in answer


def test_what_is_not_http_is_refused(served: Served) -> None:
    assert served.say(b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
    two = f"GET /notes/1 HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert served.say(two.encode()).startswith(b"HTTP/1.1 400")
    assert served.say(b"GET /notes/1 HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_headers_that_never_end_are_given_up(served: Served) -> None:
    with served.connect() as slow:
        slow.sendall(b"GET /notes/1 HTTP/1.1\r\nHost: a\r\nX-A: ")
        silent = served.connect()
        with silent:
            assert received_until_closed(slow) == b""
            assert received_until_closed(silent) == b""
    assert httpx.get(f"http://127.0.0.1:{served.port}/notes/1").status_code == 200


def received_until_closed(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1000)
    except ConnectionResetError:
        return b""


def test_it_stops_when_told_and_finishes_what_was_begun(served: Served) -> None:
    form = b"text=written+at+the+end"
    head = [
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(form)}",
        f"Origin: http://127.0.0.1:{served.port}",
    ]
    with served.connect() as connection:
        connection.sendall(request(served.port, *head, method="POST") + form[:5])
        time.sleep(0.2)
        served.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        connection.sendall(form[5:])
        assert connection.recv(65536).startswith(b"HTTP/1.1 303")
    assert served.process.wait(timeout=15) == 0


def test_a_port_that_is_taken_is_told_in_words() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CannotListen, match="Another program listens on"):
            listen("127.0.0.1", other.getsockname()[1])


def test_a_name_that_is_nobody_s_is_told_in_words() -> None:
    with pytest.raises(CannotListen, match="can't be listened on"):
        listen("no-such-host.invalid", 8080)


@pytest.mark.parametrize(
    ("base_url", "is_warned"),
    [
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
        ("http://[::1]", False),
        ("http://localhost", False),
        ("http://blog.localhost:8080", False),
        ("https://example.org", False),
        ("http://192.168.0.5:8080", True),
        ("http://example.org", True),
        ("http://[2001:db8::1]", True),
    ],
)
def test_plain_http_beyond_this_machine_is_warned_of(
    base_url: str, is_warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    warn_of_plain_http(load_settings({"REJOINDER_BASE_URL": base_url}))
    assert ("plain http" in caplog.text) is is_warned


def test_only_this_machine_is_loopback() -> None:
    assert is_loopback("127.8.9.1")
    assert not is_loopback("localhost.example.org")


def test_requests_sent_ahead_are_answered_in_their_order(served: Served) -> None:
    ahead = [request(served.port) for _ in range(9)] + [request(served.port, "Connection: close")]
    assert served.say(b"".join(ahead)).count(b"HTTP/1.1 200") == 10


def test_who_sends_thousands_ahead_is_hung_up_on(served: Served) -> None:
    memory = Path(f"/proc/{served.process.pid}/statm")
    before = int(memory.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    for _ in range(3):
        with pytest.raises(ConnectionError):
            served.say(request(served.port) * 200_000)
    after = int(memory.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    assert after - before < 16 * 2**20  # what they would have queued is ten times that
    assert b"200" in served.say(request(served.port, "Connection: close"))
