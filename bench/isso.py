"""Isso, the peer: from PyPI, behind gunicorn as its manual says, with its guard off."""

import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path

from bench import site
from bench.children import Child, Missing, free_port
from bench.client import ask
from bench.place import Place, request
from bench.words import Words

HOME = Path(__file__).parent.parent / ".venv/peers/isso"
WORKERS = 2
CONFIG = """
[general]
dbpath = {folder}/isso.db
host = http://127.0.0.1:{port}/
log-file = /dev/null
[moderation]
enabled = false
[guard]
enabled = false
"""


class Isso:
    """A server and its database."""

    def __init__(self, folder: Path) -> None:
        if not (HOME / "bin/gunicorn").exists():
            raise Missing("Isso is not in .venv/peers/isso: run scripts/setup bench")
        folder.mkdir()
        port = free_port()
        config = folder / "isso.cfg"
        config.write_text(CONFIG.format(folder=folder, port=port), encoding="utf-8")
        command = [f"{HOME}/bin/gunicorn", "-w", str(WORKERS), "--preload", "-b", f"127.0.0.1:{port}"]
        command += ["--access-logfile", os.devnull, "isso.run"]
        self._child = Child(command, folder / "log", env=os.environ | {"ISSO_SETTINGS": str(config)})
        self._child.wait_for(port)
        self.place = Place("isso", port, self._child.pid)

    def stop(self) -> None:
        """End it."""
        self._child.stop()

    def fill(self, page: str, count: int) -> None:
        """The same discussion that our article has; Isso knows one level of replies."""
        ids: list[int] = []
        roots: list[int | None] = []
        for number, remark in enumerate(site.discussion(count)):
            root = None if remark.parent is None else roots[remark.parent]
            parent = None if root is None else ids[root]
            roots.append(number if root is None else root)
            answer = ask(self.place.port, self._post(page, remark.text, remark.name, parent))
            assert answer.status == 201, answer
            ids.append(json.loads(answer.body)["id"])

    def read(self, page: str) -> bytes:
        """The call that its script makes for a page."""
        return self.place.get(f"/?uri=%2F{page}%2F&nested_limit=5&sorting=oldest")

    def posts(self, pages: list[str]) -> Iterator[bytes]:
        """Requests that post as its script does."""
        words = Words(5)
        for number in itertools.count():
            yield self._post(pages[number % len(pages)], words.comment(), words.name(), None)

    def _post(self, page: str, text: str, name: str, parent: int | None) -> bytes:
        content = {
            "text": text,
            "author": name,
            "title": page,
            "parent": parent,
            "email": None,
            "website": None,
        }
        headers = {"content-type": "application/json", "origin": f"http://127.0.0.1:{self.place.port}"}
        body = json.dumps(content, ensure_ascii=False).encode()
        return request("POST", f"/new?uri=%2F{page}%2F", self.place.port, headers, body)
