"""A real nginx in front of a server, set up with the words of docs/operating/running.md, and raw requests to it."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from requirements import absent
from serving import ROOT, free_port, until

HOST = "example.org"  # as the page calls the site
RUNNING = ROOT / "docs/operating/running.md"
MAIN = """
{user}
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/errors;
daemon off;
events {{ worker_connections 768; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    add_header X-Cache $upstream_cache_status always;
    {told}
}}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers by their lower-case names, and bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_kept(self) -> bool:
        """Whether the cache answered by itself."""
        return self.headers.get("x-cache") in {"HIT", "STALE", "UPDATING"}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A cache in front, by the port of its TLS."""

    port: int
    trust: ssl.SSLContext = field(repr=False)

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """One request on a connection of its own."""
        given = {"host": HOST, "connection": "close"} | {n.replace("_", "-"): v for n, v in headers.items()}
        if body:
            given["content-length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        (answer,) = self.send(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body, method)
        return answer

    def send(self, raw: bytes, *methods: str, seconds: float = 5) -> list[Answer]:
        """These very bytes on one connection, and what was answered to each of so many requests, as far as anything was."""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as plain,
            self.trust.wrap_socket(plain, server_hostname=HOST) as connection,
        ):
            connection.sendall(raw)
            return list(_answers(connection, methods))


def _answers(connection: ssl.SSLSocket, methods: tuple[str, ...]) -> Iterator[Answer]:
    for method in methods:
        answer = HTTPResponse(connection, method=method)
        try:
            answer.begin()
            body = answer.read()
        except (HTTPException, OSError):
            return
        yield Answer(answer.status, {n.lower(): v for n, v in answer.getheaders()}, body)


@contextmanager
def in_front_of(port: str, folder: Path) -> Iterator[Proxy]:
    """An nginx that does what the page says, but for its ports, its certificate and where it keeps things."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if binary is None or shutil.which("openssl") is None:
        absent("nginx", "needs nginx and openssl")
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    _certify(certificate, key)
    secure = free_port()
    (told,) = re.findall(
        r"^```nginx\n(.*?)^```$", RUNNING.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    for said, here in {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443": f"listen 127.0.0.1:{secure}",
        "127.0.0.1:8080": f"127.0.0.1:{port}",
        "/var/cache/nginx/rejoinder": str(folder / "cache"),
        f"/etc/letsencrypt/live/{HOST}": str(folder),
    }.items():
        assert said in told, said
        told = told.replace(said, here)
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # pytest's folders are closed to others
    config.write_text(MAIN.format(user=user, folder=folder, told=told))
    process = subprocess.Popen([binary, "-c", str(config), "-e", str(folder / "errors")])
    try:
        until(lambda: _listens(secure, process))
        yield Proxy(secure, ssl.create_default_context(cafile=str(certificate)))
    finally:
        process.terminate()
        process.wait(timeout=20)


def _certify(certificate: Path, key: Path) -> None:
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split()
    about = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run(
        [*words, *about, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "nginx did not start"
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
