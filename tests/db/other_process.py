"""A second process on the same database: `Peer` starts it and talks to it, line by line.

Run as a program it obeys what it reads: `write 3`, `quietly 4` (without a tag), `flood 500`, `quit`;
it prints `ready`, the tags that it hears, and `done` after each order.
"""

import asyncio
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

from notes import write_note

from rejoinder.db import Database, Tx, open_database

MIGRATIONS = Path(__file__).parent / "migrations"


def python(*arguments: str) -> "subprocess.Popen[str]":
    """Run Python with our code on its path."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )


class Peer:
    """The other process, as a test sees it."""

    def __init__(self, url: str) -> None:
        self.process = python(__file__, url)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for("ready")

    def order(self, *words: object) -> None:
        """Have something done, and wait until it is."""
        self.send(*words)
        self.wait_for("done")

    def send(self, *words: object) -> None:
        """Have something done."""
        assert self.process.stdin is not None
        print(*words, file=self.process.stdin, flush=True)

    def wait_for(self, line: str) -> list[str]:
        """Read up to a line; an error if it does not come. Returns the lines before it."""
        before = []
        while (got := self._lines.get(timeout=20)) != line:
            before.append(got)
        return before

    def hears(self, tag: str) -> bool:
        """Wait for tags that hold this one, or say that anything may have changed."""
        while True:
            line = self._lines.get(timeout=20)
            if line.startswith("[") and {tag, "*"} & set(json.loads(line)):
                return tag in json.loads(line)

    def end(self) -> None:
        """Let it stop by itself."""
        self.send("quit")
        self.process.communicate()

    def kill(self) -> None:
        """End it without warning."""
        self.process.kill()
        self.process.communicate()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())


def write_quietly(tx: Tx, number: int) -> None:
    tx.run("INSERT INTO notes (id, text) VALUES (:id, '')", id=number)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def obey(database: Database, words: list[str]) -> None:
    number = int(words[1])
    if words[0] == "write":
        await database.write(write_note, number)
    elif words[0] == "quietly":
        await database.write(write_quietly, number)
    elif words[0] == "flood":
        for one in range(number):
            await database.write(write_note, 1000 + one)
    say("done")


async def main(url: str) -> None:
    database = open_database(url, migrations=MIGRATIONS)
    database.on_touch.append(lambda tags: say(json.dumps(sorted(tags))))
    await database.start()
    say("ready")
    while (words := (await asyncio.to_thread(sys.stdin.readline)).split()) and words != ["quit"]:
        await obey(database, words)
    await database.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
