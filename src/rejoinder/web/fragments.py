"""Kept pieces of pages: a comment is drawn once and then only joined, until something about it changes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from markupsafe import Markup

OVERHEAD = 1400  # bytes an entry costs beside its text: its key holds the whole record that was drawn


class Fragments:
    """Drawn markup by key, bounded in bytes; the longest unused goes first. Safe to use from several threads.

    A key names everything that the markup depends on, so nothing has to be thrown away when something changes.
    """

    def __init__(self, limit: int = 4 * 1024 * 1024) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Markup]) -> Markup:
        """The markup under this key, made where it is not kept."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self.size += _weight(made)
            while self.size > self.limit:
                _, dropped = self._kept.popitem(last=False)
                self.size -= _weight(dropped)
        return made

    def forget(self) -> None:
        """Keep nothing of what was drawn so far: something in it was erased."""
        with self._lock:
            self._kept.clear()
            self.size = 0


def _weight(text: Markup) -> int:
    return OVERHEAD + len(text) * (1 if text.isascii() else 2)
