"""A stretch of a discussion made ready to be stored: rendered, signed, counted, before any lock is taken."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rejoinder.comments.models import FOREVER, Kind, Status
from rejoinder.comments.places import Place
from rejoinder.comments.ranking import best_score, net_score
from rejoinder.db import as_json
from rejoinder.text.addresses import outgoing_link
from rejoinder.transfer.cleaning import Author, Tell, clean_author, clean_time
from rejoinder.transfer.counting import Counts
from rejoinder.transfer.files import where
from rejoinder.transfer.kept import why_kept
from rejoinder.transfer.models import ArrivingComment, ArrivingVote
from rejoinder.transfer.plan import Node
from rejoinder.transfer.queries.identity import Seen, Signed
from rejoinder.transfer.queries.kept import Act
from rejoinder.transfer.queries.rows import Row
from rejoinder.transfer.run import Run
from rejoinder.transfer.texts import Texts, texts_of
from rejoinder.transfer.votes import VoteTally, tally_votes, vote_row


@dataclass(frozen=True, slots=True)
class Arrived:
    """A comment of this run in its place, with its votes, what was seen of it before and what was done to it here."""

    node: Node
    comment: ArrivingComment
    votes: Sequence[ArrivingVote]
    seen: Seen | None
    acts: Sequence[Act]
    hash: bytes

    @property
    def is_changed(self) -> bool:
        """Whether its source says something else of it than the last time."""
        return self.seen is not None and self.seen.seen_hash not in (None, self.hash)


@dataclass(frozen=True, slots=True)
class Update:
    """A comment that is here, as its source now has it; `status` is None where that did not move."""

    seen: Seen
    text: Row
    status: Status | None
    author_id: int
    label: str | None
    pinned: bool
    closed: datetime | None
    tally: VoteTally
    votes: list[Row]


@dataclass(slots=True)
class Batch:
    """Rows by table, the counters they move, changes of what is here, and where the comments stand that are answered."""

    article_id: int
    thread_id: int
    counts: Counts
    leans_on: Mapping[int, Place]
    authors: list[Row] = field(default_factory=list)
    comments: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)
    votes: list[Row] = field(default_factory=list)
    names: list[Row] = field(default_factory=list)
    further_names: list[Row] = field(default_factory=list)
    seen: list[Row] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)


def hash_of(record: str, votes: Sequence[str]) -> bytes:
    """What is the same as long as a source says the same of a comment and of the votes on it."""
    return hashlib.blake2b("\n".join([record, *sorted(votes)]).encode(), digest_size=16).digest()


def sign(run: Run, arrived: Sequence[Arrived]) -> list[Author]:
    """The author of each comment; nobody's name stays with what its author deleted."""
    return [
        clean_author(
            item.comment.author, run.source, keep_address=run.keep_addresses, tell=teller(run, item.node)
        )
        for item in arrived
    ]


def prepare(
    run: Run, batch: Batch, arrived: Sequence[Arrived], authors: Sequence[Author], signed: dict[int, Signed]
) -> None:
    """Fill a batch with the rows of a stretch, and tell the tally what it holds.

    `signed` are authors that are stored already; those that are to be are added.
    """
    for item, author in zip(arrived, authors, strict=True):
        _tally(run, item)
        if item.node.known and not item.is_changed:
            continue
        author_id = _sign(run, batch, signed, author)
        if item.node.known:
            _update(run, batch, item, author, author_id)
        else:
            _insert(run, batch, item, author, author_id)


def teller(run: Run, node: Node) -> Tell:
    """Tells the tally of a repair, with the line it was in."""
    return lambda kind, sentence: run.tally.repair(kind, f"{where(node.outline.place)}: {sentence}")


def _tally(run: Run, item: Arrived) -> None:
    tally, status = run.tally, item.comment.status
    tally.records += 1
    if not item.node.known:
        tally.new += 1
    elif item.is_changed:
        tally.updated += 1
    else:
        tally.unchanged += 1
    if item.comment.kind is not Kind.COMMENT:
        tally.pings += 1
        return
    if status not in (Status.PUBLISHED, Status.HELD):
        tally.tombstones += 1
        return
    tally.comments += 1
    tally.replies += item.node.answers
    tally.published += status is Status.PUBLISHED
    tally.pending += status is Status.HELD


def _sign(run: Run, batch: Batch, signed: dict[int, Signed], author: Author) -> int:
    """The id of the author's row; one and the same id can't sign with two names, so the second gets another."""
    wanted = Signed(0, run.site.id, author.name.text, author.email, author.website)
    for id_ in (author.own_id, author.other_id):
        known = signed.get(id_) if id_ is not None else None
        if known is not None and _same(known, wanted):
            return known.id
        if known is None and id_ is not None:
            signed[id_] = Signed(id_, run.site.id, author.name.text, author.email, author.website)
            batch.authors.append(
                {
                    "id": id_,
                    "site_id": run.site.id,
                    "name": author.name.text,
                    "name_key": author.name.key,
                    "email": author.email,
                    "website": author.website,
                }
            )
            return id_
    return author.other_id


def _same(one: Signed, other: Signed) -> bool:
    return (one.site_id, one.name, one.website) == (other.site_id, other.name, other.website)


def _insert(run: Run, batch: Batch, item: Arrived, author: Author, author_id: int) -> None:
    node, comment = item.node, item.comment
    texts = _texts(run, item, author)
    votes = tally_votes(item.comment, item.votes, teller(run, item.node))
    batch.revisions += texts.rows
    batch.votes += _vote_rows(run, batch, item)
    batch.names.append(_name(run, item))
    batch.further_names += _further_names(run, item)
    batch.comments.append(
        {
            "id": node.id,
            "site_id": run.site.id,
            "thread_id": batch.thread_id,
            "parent_id": node.parent_id,
            "root_id": node.place.root_id,
            "depth": node.place.depth,
            "path": node.place.path,
            "author_id": author_id,
            "label": comment.label,
            "kind": comment.kind,
            "origin_url": outgoing_link(comment.url) if comment.url else None,
            "language": comment.language,
            "status": comment.status,
            "posted_at": clean_time(comment.posted, run.started_at),
            "placed_at": node.place.placed_at,
            "revision_published": texts.published,
            "revision_pending": texts.pending,
            "up": votes.up,
            "down": votes.down,
            "imported_up": votes.imported_up,
            "imported_down": votes.imported_down,
            "imported_score": votes.imported_score,
            "score": net_score(votes.all_up, votes.all_down),
            "best": best_score(votes.all_up, votes.all_down),
            "reply_count": batch.counts.replies[node.id],
            "branch_count": batch.counts.branches[node.id],
            "shown_children": batch.counts.shown_children[node.id],
            "pinned_until": FOREVER if comment.pinned and node.parent_id is None else None,
            "closed_at": clean_time(comment.closed, run.started_at) if node.parent_id is None else None,
        }
    )


def _update(run: Run, batch: Batch, item: Arrived, author: Author, author_id: int) -> None:
    batch.seen.append(_name(run, item))
    if item.comment.kind is not Kind.COMMENT or item.seen is None:
        return
    if item.acts:
        teller(run, item.node)("kept", why_kept(item.acts))
    batch.updates.append(
        Update(
            item.seen,
            _texts(run, item, author).current,
            item.comment.status if item.seen.seen_as != item.comment.status else None,
            author_id,
            item.comment.label,
            item.comment.pinned,
            clean_time(item.comment.closed, run.started_at),
            tally_votes(item.comment, item.votes, teller(run, item.node)),
            _vote_rows(run, batch, item),
        )
    )


def _texts(run: Run, item: Arrived, author: Author) -> Texts:
    return texts_of(
        item.comment,
        author,
        comment_id=item.node.id,
        placed_at=item.node.place.placed_at,
        site=run.site,
        now=run.started_at,
        tell=teller(run, item.node),
    )


def _name(run: Run, item: Arrived) -> Row:
    return {
        **run.names("comment"),
        "source_id": item.comment.id,
        "local_id": item.node.id,
        "extras": as_json(item.comment.extras) if item.comment.extras else None,
        "seen_hash": item.hash,
        "seen_as": item.comment.status,
        "import_id": run.id,
        "made": 1,
    }


def _further_names(run: Run, item: Arrived) -> list[Row]:
    row: Row = {**run.names("comment"), "local_id": item.node.id, "import_id": run.id}
    return [
        {**row, "system": name.system, "origin": name.origin, "source_id": name.id}
        for name in item.comment.sources
    ]


def _vote_rows(run: Run, batch: Batch, item: Arrived) -> list[Row]:
    return [vote_row(run, vote, item.node.id, batch.thread_id) for vote in item.votes]
