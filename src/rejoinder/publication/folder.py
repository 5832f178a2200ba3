"""Looking through the publication's folder: which files are articles, under which slugs, and what changed."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from rejoinder.publication.faults import Fault, Faults
from rejoinder.publication.pictures import TYPES
from rejoinder.publication.slugs import SUFFIX, check_slug, slug_of

Stamp: TypeAlias = tuple[int, int, int]
"""Changes whenever a file does: its time in ns, its size, its inode."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article file; `stamps` are its own and those of the pictures it may show."""

    path: PurePosixPath
    slug: str
    stamps: tuple[Stamp, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder holds; `unread` are the files and folders in it that can't be read."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    unread: tuple[PurePosixPath, ...]


def scan_folder(root: Path) -> Scan:
    """Look through a folder without reading a file. Hidden files are not looked at. Raises `OSError`."""
    walk = _Walk(root)
    walk.look()
    entries = tuple(walk.unique_entries())
    return Scan(entries, tuple(walk.faults), tuple(walk.unread))


def is_unchanged(root: Path, entry: Entry) -> bool:
    """Whether an article file still is what was found."""
    try:
        return _stamp(root / entry.path) == entry.stamps[0]
    except OSError:
        return False


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "it is not a file")
    return found.st_mtime_ns, found.st_size, found.st_ino


class _Walk:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.real_root = root.resolve(strict=True)
        self.articles: dict[PurePosixPath, Stamp] = {}
        self.pictures: dict[PurePosixPath, list[Stamp]] = {}  # by every folder they are in or below
        self.faults: list[Fault] = []
        self.unread: list[PurePosixPath] = []

    def look(self) -> None:
        for folder, folders, files in os.walk(self.root, onerror=self._unreadable):
            here = PurePosixPath(Path(folder).relative_to(self.root).as_posix())
            folders[:] = sorted(name for name in folders if self._may_enter(here / name))
            for name in sorted(files):
                if not name.startswith("."):
                    self._take(here / name)

    def unique_entries(self) -> Iterator[Entry]:
        """Of files with one slug the first by path is served."""
        taken: dict[str, PurePosixPath] = {}
        for path in sorted(self.articles, key=PurePosixPath.as_posix):
            slug = slug_of(path)
            try:
                check_slug(slug)
            except ValueError as wrong:
                self._error(path, str(wrong))
                continue
            if slug in taken:
                self._error(path, f"is not served: {taken[slug]} has the same slug `{slug}`")
                continue
            taken[slug] = path
            yield Entry(path, slug, (self.articles[path], *self.pictures.get(path.parent, ())))

    def _may_enter(self, path: PurePosixPath) -> bool:
        if path.name.startswith("."):
            return False
        if (self.root / path).is_symlink():
            self._warning(path, "is a link to a folder, which is not followed")
            return False
        return True

    def _take(self, path: PurePosixPath) -> None:
        suffix = path.suffix.lower()
        if suffix != SUFFIX and suffix not in TYPES:
            return
        try:
            stamp = self._inner_stamp(self.root / path)
        except OSError as wrong:
            self.unread.append(path)
            self._error(path, f"can't be read: {wrong.strerror or wrong}")
            return
        if suffix == SUFFIX:
            self.articles[path] = stamp
        else:
            for folder in path.parents:
                self.pictures.setdefault(folder, []).append(stamp)

    def _inner_stamp(self, path: Path) -> Stamp:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(self.real_root):
            raise OSError(0, "it is a link that leads out of the folder")
        return _stamp(path)

    def _unreadable(self, wrong: OSError) -> None:
        path = PurePosixPath(Path(wrong.filename).relative_to(self.root).as_posix())
        if path == PurePosixPath("."):
            raise wrong
        self.unread.append(path)
        self._error(path, f"can't be looked into: {wrong.strerror or wrong}")

    def _error(self, path: PurePosixPath, message: str) -> None:
        faults = Faults(path.as_posix())
        faults.error(0, message)
        self.faults += faults.found

    def _warning(self, path: PurePosixPath, message: str) -> None:
        faults = Faults(path.as_posix())
        faults.warning(0, message)
        self.faults += faults.found
