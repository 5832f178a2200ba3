"""From the waiting room into the discussions: article by article, in stretches that each leave every figure right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rejoinder.comments.models import Status
from rejoinder.db import Tx, new_id
from rejoinder.transfer.arriving import VOTES
from rejoinder.transfer.batch import Batch, prepare, sign
from rejoinder.transfer.counting import count
from rejoinder.transfer.files import where
from rejoinder.transfer.groups import Group, load_group, load_stretch, votable
from rejoinder.transfer.plan import Node, arrange
from rejoinder.transfer.queries import identity, staging
from rejoinder.transfer.queries.identity import Signed
from rejoinder.transfer.queries.rows import Row
from rejoinder.transfer.queries.staging import Arrival
from rejoinder.transfer.report import Tally
from rejoinder.transfer.run import AT_ONCE, Run
from rejoinder.transfer.store import store_batches, store_lone_votes
from rejoinder.transfer.votes import vote_row

_HIDDEN = frozenset({Status.REJECTED, Status.SPAM, Status.REMOVED, Status.DELETED})


@dataclass(slots=True)
class _Waiting:
    """Stretches that are ready and not yet stored: of small discussions many fit into one transaction."""

    batches: list[Batch] = field(default_factory=list)
    signed: dict[int, Signed] = field(default_factory=dict)
    size: int = 0


def place_comments(run: Run) -> None:
    """Place the comments of every article, from where an earlier attempt was cut off."""
    waiting = _Waiting()
    done, total = 0, run.read(staging.count_comments, run.id)
    while (article := run.read(staging.next_article, run.id, run.progress.word)) is not None:
        group = run.read(load_group, run, article)
        if group.thread and any(batch.article_id == group.thread.article_id for batch in waiting.batches):
            _store(
                run, waiting
            )  # two addresses of one article: the second shall find what came under the first
            group = run.read(load_group, run, article)
        if group.is_known:
            _place_group(run, group, waiting)
        else:
            _leave_out(run, group)
        done += len(group.outlines)
        run.progress.word, run.progress.position = article, 0
        run.tell("comments", done, total)
    _store(run, waiting)


def _leave_out(run: Run, group: Group) -> None:
    for outline in group.outlines:
        run.tally.skip(
            "unknown-article",
            f"{where(outline.place)}: the article {group.article!r:.100} of this comment is not there.",
        )


def _place_group(run: Run, group: Group, waiting: _Waiting) -> None:
    progress = run.progress
    begun = progress.position > 0
    tally = Tally() if begun else run.tally
    order = arrange(group.outlines, group.known, start=_start(run, group), tally=tally)
    if not run.source.keeps_hidden:
        order = _without_dead_ends(order, tally)
    if not order:
        return
    run.tally.threads += not begun
    thread_id = group.thread.id if group.thread and group.thread.id is not None else new_id()
    places = {node.id: node.place for node in order} | {here.id: here.place for here in group.known.values()}
    while progress.position < len(order):
        end = progress.position + AT_ONCE - waiting.size
        stretch = order[progress.position : end]
        batch = Batch(
            group.thread.article_id if group.thread else 0,
            thread_id,
            count(stretch),
            {id_: places[id_] for id_ in _answered(stretch)},
        )
        _make_ready(run, group, stretch, batch, waiting)
        progress.position += len(stretch)
        if waiting.size >= AT_ONCE:
            _store(run, waiting)


def _without_dead_ends(order: Sequence[Node], tally: Tally) -> list[Node]:
    """Leave out what nobody shall see, unless it is here already, or something hangs below it."""
    needed: set[int] = set()
    kept: list[Node] = []
    for node in reversed(order):
        if node.outline.stands not in _HIDDEN or node.known or node.id in needed:
            kept.append(node)
            if node.parent_id is not None:
                needed.add(node.parent_id)
        else:
            reason = node.outline.stands
            tally.skip(reason, f"{where(node.outline.place)}: comment {node.outline.source_id} is {reason}.")
    kept.reverse()
    return kept


def _start(run: Run, group: Group) -> datetime:
    """Where the first comment stands if its date is unknown."""
    dates = [outline.at for outline in group.outlines if outline.at]
    published = group.thread.published_at if group.thread else None
    return min(dates, default=published or run.started_at)


def _answered(stretch: Sequence[Node]) -> set[int]:
    """The comments in front of a stretch that new ones of it answer."""
    fresh = {node.id for node in stretch if not node.known}
    return {node.parent_id for node in stretch if not node.known and node.parent_id is not None} - fresh


def _make_ready(run: Run, group: Group, stretch: Sequence[Node], batch: Batch, waiting: _Waiting) -> None:
    arrived = run.read(load_stretch, run, group, stretch)
    authors = sign(run, arrived)
    ids = {id_ for author in authors for id_ in (author.own_id, author.other_id) if id_ is not None}
    waiting.signed |= run.read(identity.authors, sorted(ids - waiting.signed.keys()))
    prepare(run, batch, arrived, authors, waiting.signed)
    waiting.batches.append(batch)
    waiting.size += len(stretch)


def _store(run: Run, waiting: _Waiting) -> None:
    run.step(store_batches, run.site, waiting.batches, now=run.started_at)
    waiting.batches, waiting.signed, waiting.size = [], {}, 0


def place_lone_votes(run: Run) -> None:
    """Count the votes on comments that came with an earlier import."""
    while votes := run.read(staging.arrived_votes, run.id, run.progress.word, AT_ONCE):
        lone = run.read(_without_comment, run, votes)
        comments = run.read(votable, run, sorted({vote.belongs_to for vote in lone}))
        found: list[Row] = []
        for arrival in lone:
            there = comments.get(arrival.belongs_to)
            if there is None:
                sentence = f"{where(arrival.place)}: the comment {arrival.belongs_to!r:.100} of this vote is not there."
                run.tally.repair("vote", sentence)
            else:
                found.append(vote_row(run, VOTES.validate_json(arrival.record), there.id, there.thread_id))
        run.progress.word = votes[-1].source_id
        if lone:
            run.step(store_lone_votes, found)


def _without_comment(tx: Tx, run: Run, votes: Sequence[Arrival]) -> list[Arrival]:
    """Those whose comment is not in the file: the others were stored with it."""
    with_comment = set(staging.known_ids(tx, run.id, "comment", sorted({vote.belongs_to for vote in votes})))
    return [vote for vote in votes if vote.belongs_to not in with_comment]
