"""A discussion as plain Python objects: what the database must agree with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rejoinder.accounts.models import Caller

WAYS = {
    "approve": {"held": "published", "rejected": "published", "spam": "published", "removed": "published"},
    "reject": {"held": "rejected", "spam": "rejected"},
    "spam": {"held": "spam", "rejected": "spam", "published": "spam", "removed": "spam"},
    "remove": {"published": "removed"},
}
EDIT_WINDOW = timedelta(minutes=15)
UNDO_WINDOW = timedelta(seconds=60)
DRAWN_REPLIES = 20


@dataclass(eq=False)
class Node:
    """A comment: who wrote it, where it stands, which texts it has."""

    id: int
    parent: "Node | None"
    author: Caller
    posted_at: datetime
    status: str
    text: str | None
    waiting: str | None
    latest: int = 1
    texts: int = 1
    gone_at: datetime | None = None
    pinned: bool = False
    closed: bool = False
    children: list["Node"] = field(default_factory=list)

    @property
    def root(self) -> "Node":
        return self if self.parent is None else self.parent.root

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    @property
    def shown(self) -> bool:
        return self.status == "published" or any(child.shown for child in self.children)

    @property
    def is_its_author_s(self) -> bool:
        """What stands or waits, and what was caught before anybody saw it, which looks to its author as if it waited."""
        return self.status in ("published", "held") or (self.status == "spam" and self.text is None)

    @property
    def below(self) -> list["Node"]:
        return [node for child in self.children for node in (child, *child.below)]

    def in_order(self) -> Iterator["Node"]:
        """This node and all below it, as they are read: from the sixth level on by time alone."""
        yield self
        if self.depth >= 5:
            yield from sorted(self.below, key=lambda node: (node.posted_at, node.id))
        else:
            for child in sorted(self.children, key=lambda node: (node.posted_at, node.id)):
                yield from child.in_order()

    def move(self, status: str, now: datetime) -> None:
        """Stand at another status, with what follows for texts and pin."""
        self.status = status
        self.pinned = self.pinned and status == "published"
        self.gone_at = now
        if status == "published" and self.text is None:
            self.text, self.waiting = self.waiting, None


@dataclass
class Discussion:
    """All comments of a thread, in the order they came."""

    nodes: list[Node] = field(default_factory=list)
    is_open: bool = True

    def may_post(self, parent: Node | None) -> bool:
        if not self.is_open:
            return False
        return parent is None or (parent.status == "published" and not parent.root.closed)

    def add(self, node: Node) -> None:
        self.nodes.append(node)
        if node.parent:
            node.parent.children.append(node)

    def may_edit(self, node: Node, now: datetime) -> bool:
        answered = any(child.status == "published" for child in node.children)
        return node.is_its_author_s and self.is_open and not answered and now < node.posted_at + EDIT_WINDOW

    def edit(self, node: Node, text: str, *, appears: bool) -> None:
        node.texts += 1
        node.latest = node.texts
        if appears and node.status == "published":
            node.text, node.waiting = text, None
        else:
            node.waiting = text

    def may(self, verb: str, node: Node) -> bool:
        """Whether a staff verb is taken; one that changes nothing is."""
        if verb in ("unpin", "close", "reopen"):
            return True
        if verb == "pin":
            pinned = sum(other.pinned for other in self.nodes)
            is_free = node.parent is None and node.status == "published"
            return is_free and (node.pinned or pinned < 3)
        return node.status in WAYS[verb] or self._is_about_an_edit(verb, node)

    def do(self, verb: str, node: Node, now: datetime) -> None:
        if self._is_about_an_edit(verb, node):
            if verb == "approve":
                node.text = node.waiting
            else:
                node.latest = (
                    max(n for n in range(1, node.texts + 1) if n != node.latest) if node.texts > 1 else 1
                )
            node.waiting = None
        elif verb in ("pin", "unpin"):
            node.pinned = verb == "pin"
        elif verb in ("close", "reopen"):
            node.root.closed = verb == "close"
        else:
            node.move(WAYS[verb][node.status], now)

    def _is_about_an_edit(self, verb: str, node: Node) -> bool:
        return node.status == "published" and node.waiting is not None and verb in ("approve", "reject")

    def listed(self, *, pinned: bool) -> list[tuple[Node, int]]:
        """What the first page lists, oldest first: nodes, each with how many replies are left out behind it."""
        rows: list[tuple[Node, int]] = []
        for root in (node for node in self.nodes if node.parent is None and node.shown):
            if root.pinned is pinned:
                branch = [node for node in root.in_order() if node.shown]
                drawn = branch[: DRAWN_REPLIES + 1]
                left_out = sum(node.status == "published" for node in branch[DRAWN_REPLIES + 1 :])
                rows += [(node, 0) for node in drawn[:-1]] + [(drawn[-1], left_out)]
        return rows
