"""What a stretch of comments adds to the counters that pages read. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rejoinder.comments.models import Status
from rejoinder.transfer.plan import PING, Node


@dataclass(slots=True)
class Counts:
    """Published replies by the comment they answer and by the branch they stand in, shown children by parent.

    Comments that were here before are among the keys of `replies` and `branches`; for each of their children that
    is shown from now on `shown_below` names them once.
    """

    replies: Counter[int] = field(default_factory=Counter)
    branches: Counter[int] = field(default_factory=Counter)
    shown_children: Counter[int] = field(default_factory=Counter)
    shown_below: list[int] = field(default_factory=list)
    comments: int = 0
    tops: int = 0


def count(nodes: Sequence[Node]) -> Counts:
    """Count a stretch of nodes in reading order, those left out that are here already.

    It is what posting them one by one would count: read backwards, so that children come before their parents.
    """
    fresh = [node for node in nodes if not node.known and node.outline.stands != PING]
    ids = {node.id for node in fresh}
    counts = Counts()
    for node in reversed(fresh):
        is_published = node.outline.stands == Status.PUBLISHED
        is_shown = is_published or counts.shown_children[node.id] > 0
        counts.comments += is_published
        if node.parent_id is None:
            counts.tops += is_shown
            continue
        if is_published:
            counts.replies[node.parent_id] += 1
            counts.branches[node.place.root_id] += 1
        if is_shown and node.parent_id in ids:
            counts.shown_children[node.parent_id] += 1
        elif is_shown:
            counts.shown_below.append(node.parent_id)
    return counts
