"""A web server that answers what a test tells it to, well or badly."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What is answered."""

    body: bytes = b"{}"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)

    @staticmethod
    def json(data: Any, status: int = 200) -> "Answer":
        """JSON."""
        return Answer(json.dumps(data).encode(), status)


Answering: TypeAlias = Callable[[Asked], Answer]


@dataclass
class WebServer:
    """The server: what it was asked, and what it answers, by path."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, Answer | Answering] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        """The answer to a request."""
        self.asked.append(asked)
        found = self.answers.get(asked.path.partition("?")[0], Answer(b"", 404))
        return found(asked) if callable(found) else found


@contextmanager
def web_server() -> Iterator[WebServer]:
    """A server on a free port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = server.answer(Asked(self.command, self.path, headers, body))
            self.send_response(answer.status)
            for name, value in (*answer.headers, ("content-length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(answer.body)
            except OSError:
                return  # who asked has heard enough

        do_GET = do_POST = _do  # noqa: N815 - http.server looks for these names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server = WebServer(f"http://127.0.0.1:{http.server_address[1]}")
    thread = Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
