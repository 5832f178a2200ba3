"""A real WordPress, as Debian packages it: installed, filled and exported through its own doors."""

import os
import re
import shutil
import signal
import subprocess
import time
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from drills import mariadb
from drills.process import free_port
from requirements import absent

SOURCES = Path("/usr/share/wordpress")
CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
ADMIN = {"user_name": "ines", "password": "it-is-only-a-drill"}
UP_WITHIN = 60  # seconds
PER_PAGE = 100

Record = dict[str, Any]


class WordPress:
    """A running WordPress, and the ways in: its REST API as administrator, XML-RPC, its forms, its exporter."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self._admin = httpx.Client(base_url=url, timeout=60, follow_redirects=True)

    def install(self, title: str) -> None:
        """Go through its own installer and sign in."""
        form = {
            "weblog_title": title,
            "user_name": ADMIN["user_name"],
            "admin_password": ADMIN["password"],
            "admin_password2": ADMIN["password"],
            "pw_weak": "on",
            "admin_email": "ines@there.example",
            "blog_public": "1",
            "language": "",
        }
        answer = self._admin.post("/wp-admin/install.php?step=2", data=form)
        assert "Success!" in answer.text, answer.text
        self._admin.get("/wp-login.php")
        self._admin.post("/wp-login.php", data={"log": ADMIN["user_name"], "pwd": ADMIN["password"]})
        nonce = self._admin.get("/wp-admin/admin-ajax.php?action=rest-nonce").text
        self._admin.headers["X-WP-Nonce"] = nonce

    def set_options(self, **options: str) -> None:
        """Set options in the form that has them all."""
        form = self._admin.get("/wp-admin/options.php").text
        nonce = re.search(r'name="_wpnonce" value="(\w+)"', form)
        assert nonce is not None, form
        fields = {"option_page": "options", "action": "update", "_wpnonce": nonce[1], **options}
        self._admin.post(
            "/wp-admin/options.php", data={**fields, "page_options": ",".join(options)}
        ).raise_for_status()
        self._admin.get("/wp-admin/options-permalink.php").raise_for_status()  # new addresses begin to work

    def make(self, what: str, **fields: Any) -> Record:
        """Make a post, a page, a comment, a category, a user."""
        return self._ask("POST", what, json=fields)

    def change(self, what: str, id_: int, **fields: Any) -> Record:
        """Change one of them."""
        return self._ask("POST", f"{what}/{id_}", json=fields)

    def bin(self, what: str, id_: int) -> None:
        """Put one of them into the bin."""
        self._ask("DELETE", f"{what}/{id_}")

    def delete(self, what: str, id_: int) -> None:
        """Delete one of them for good."""
        self._ask("DELETE", f"{what}/{id_}", params={"force": "true"})

    def upload(self, name: str, data: bytes, *, alt: str, caption: str = "") -> Record:
        """Put a picture into the library."""
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": "image/png"}
        picture = self._ask("POST", "media", content=data, headers=headers)
        return self.change("media", picture["id"], alt_text=alt, caption=caption)

    def all(self, what: str, status: str, **further: str) -> list[Record]:
        """All posts, pages or comments of a status, as WordPress itself tells them."""
        query = {"context": "edit", "per_page": PER_PAGE, "status": status, **further}
        records: list[Record] = self._ask("GET", what, params=query)
        assert len(records) < PER_PAGE
        return records

    def say(
        self, post: Record, text: str, name: str, *, at: str, answers: int = 0, status: str = "approved"
    ) -> int:
        """Write a comment as a guest, through the form that every theme has: its id.

        Afterwards it is said to be from another time: of one address WordPress takes a comment every 15 seconds.
        """
        form = {
            "comment": text,
            "author": name,
            "email": "guest@there.example",
            "url": "https://there.example/guest",
            "comment_post_ID": post["id"],
            "comment_parent": answers,
        }
        answer = httpx.post(f"{self.url}/wp-comments-post.php", data=form, timeout=60)
        where = re.search(r"#comment-(\d+)", answer.headers.get("location", ""))
        assert where is not None, answer.text
        self.change("comments", int(where[1]), date_gmt=at, status=status)
        return int(where[1])

    def pingback(self, source: str, target: Record, *, at: str, status: str = "approved") -> None:
        """Tell the blog that a page elsewhere names one of its posts."""
        call = xmlrpc.client.dumps((source, target["link"]), "pingback.ping")
        answer = httpx.post(f"{self.url}/xmlrpc.php", content=call, timeout=60)
        xmlrpc.client.loads(answer.text)  # raises what was refused
        self._settle_ping(at, status)

    def trackback(self, target: Record, *, at: str, status: str = "approved", **fields: str) -> None:
        """Say the same the older way."""
        answer = httpx.post(f"{target['link']}trackback/", data=fields, timeout=60)
        assert "<error>0</error>" in answer.text, answer.text
        self._settle_ping(at, status)

    def _settle_ping(self, at: str, status: str) -> None:
        newest = max(ping["id"] for ping in self.all("comments", "all", type="pings"))
        self.change("comments", newest, date_gmt=at, status=status)

    def export(self, file: Path) -> Path:
        """Export everything with its own exporter."""
        answer = self._admin.get("/wp-admin/export.php?download=true&content=all")
        assert answer.headers["content-type"].startswith("text/xml"), answer.text
        file.write_bytes(answer.content)
        return file

    @property
    def uploads(self) -> Path:
        """The folder of pictures that a publisher would copy."""
        return self.folder / "wp-content" / "uploads"

    def _ask(self, method: str, what: str, *, params: Record | None = None, **options: Any) -> Any:
        query = {"rest_route": f"/wp/v2/{what}", **(params or {})}
        answer = self._admin.request(method, "/index.php", params=query, **options)
        assert answer.is_success, answer.text
        return answer.json()


@contextmanager
def running(folder: Path, title: str) -> Iterator[WordPress]:
    """A WordPress with a database of its own, installed, until the end of the block."""
    if not (SOURCES / "wp-settings.php").exists() or shutil.which("php") is None:
        absent("wordpress", "needs WordPress and PHP (scripts/setup drills)")
    port = free_port()
    with mariadb.running("wordpress") as socket:
        shutil.copytree(SOURCES, folder)  # it finds itself and its settings by the place of its files
        (folder / "wp-config.php").write_text(CONFIG.format(socket=socket), encoding="utf-8")
        words = ["php", "-d", "sendmail_path=/bin/true", "-S", f"127.0.0.1:{port}", "-t", str(folder)]
        with (folder.parent / "php.log").open("wb") as log:
            # Several, because it asks itself for a page before it believes in a pingback; a group, to end them all.
            several = {**os.environ, "PHP_CLI_SERVER_WORKERS": "3"}
            process = subprocess.Popen(
                words, env=several, stderr=log, stdout=log, cwd=folder, start_new_session=True
            )
        try:
            _wait(f"http://127.0.0.1:{port}/readme.html")
            blog = WordPress(f"http://127.0.0.1:{port}", folder)
            blog.install(title)
            yield blog
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def _wait(url: str) -> None:
    end = time.monotonic() + UP_WITHIN
    while True:
        try:
            httpx.get(url, timeout=10).raise_for_status()
        except httpx.TransportError:
            assert time.monotonic() < end, "PHP did not come up"
            time.sleep(0.05)
        else:
            return
