"""The servers of one run: each is started when a measurement first needs it, and all are ended at the end."""

import os
import time
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from bench import site
from bench.isso import Isso
from bench.nginx import Nginx
from bench.ours import Rejoinder
from bench.postgresql import Postgresql
from bench.rounds import median

SMALL, LARGE, HUGE = "hundred", "five-thousand", "fifty-thousand"
SIZES = {SMALL: 100, LARGE: 5_000, HUGE: 50_000}
OTHER = "other"  # what a fresh server is warmed with
# Discussions of nearly 100 that replies go into; of other sizes than the rest, or their texts would be repeated and held.
CHANGING, UNREAD = "changing", "unread"
SLUGS = [*SIZES, OTHER, CHANGING, UNREAD, site.HOT, *site.BUSY, "rest-0", "rest-1", "rest-2"]


class Stage:
    """Where a run takes place. `quick` leaves out what takes long to prepare, and measures in shorter runs."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder = folder
        self.quick = quick
        self.rounds = 2 if quick else 4
        self.seconds = 1 if quick else 2
        self.foreign: list[float] = []
        self._ends = ExitStack()

    def close(self) -> None:
        """End every server."""
        self._ends.close()

    @property
    def sizes(self) -> dict[str, int]:
        """The discussions that are read, by article."""
        return {slug: count for slug, count in SIZES.items() if not (self.quick and slug == HUGE)}

    @cached_property
    def ours(self) -> Rejoinder:
        """Rejoinder on SQLite with its discussions."""
        server = Rejoinder("rejoinder", self._new("sqlite"), f"sqlite:///{self.folder}/sqlite/data.db", SLUGS)
        self._ends.callback(server.stop)
        server.fill(**{slug.replace("-", "_"): count for slug, count in self.sizes.items()})
        server.fill(
            other=100, changing=99, unread=98, hot=1, **{slug.replace("-", "_"): 1 for slug in site.BUSY}
        )
        server.start()
        return server

    @cached_property
    def growing(self) -> Rejoinder:
        """Rejoinder on a SQLite file without a comment, not yet started."""
        server = Rejoinder("growing", self._new("growing"), f"sqlite:///{self.folder}/growing/data.db", SLUGS)
        self._ends.callback(server.stop)
        return server

    @cached_property
    def on_postgresql(self) -> Rejoinder:
        """Rejoinder on PostgreSQL, with discussions that have just begun."""
        postgresql = Postgresql(self.folder / "pg")
        self._ends.callback(postgresql.stop)
        server = Rejoinder("on PostgreSQL", self._new("postgresql"), postgresql.url, SLUGS)
        self._ends.callback(server.stop)
        server.fill(hot=1, **{slug.replace("-", "_"): 1 for slug in site.BUSY})
        server.start()
        return server

    @cached_property
    def isso(self) -> Isso:
        """Isso, with the discussion of 100."""
        isso = Isso(self.folder / "isso")
        self._ends.callback(isso.stop)
        isso.fill(SMALL, SIZES[SMALL])
        return isso

    @cached_property
    def files(self) -> Path:
        """What nginx serves."""
        return self._new("files")

    @cached_property
    def nginx(self) -> Nginx:
        """nginx with Debian's settings."""
        return self._nginx("nginx", tuned=False)

    @cached_property
    def tuned_nginx(self) -> Nginx:
        """nginx that keeps its files open."""
        return self._nginx("nginx tuned", tuned=True)

    @cached_property
    def fsync_ms(self) -> float:
        """What it takes to bring 4 kB to this disk, the middle one of 200."""
        times = []
        with (self.folder / "fsync").open("wb") as file:
            for _ in range(200):
                file.write(os.urandom(4096))
                file.flush()
                began = time.perf_counter()
                os.fdatasync(file.fileno())
                times.append(time.perf_counter() - began)
        return median(times) * 1000

    def _nginx(self, name: str, *, tuned: bool) -> Nginx:
        nginx = Nginx(name, self.folder / name.replace(" ", "-"), self.files, tuned=tuned)
        self._ends.callback(nginx.stop)
        return nginx

    def _new(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder
