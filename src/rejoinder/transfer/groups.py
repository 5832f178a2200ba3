"""What is known of the comments of one article before they are placed: what arrives, and what of it is here already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rejoinder.comments.models import Kind
from rejoinder.db import Tx, new_id
from rejoinder.transfer.arriving import COMMENTS, VOTES
from rejoinder.transfer.articles import REFUSED
from rejoinder.transfer.batch import Arrived, hash_of
from rejoinder.transfer.cleaning import own_id
from rejoinder.transfer.kept import acts_here
from rejoinder.transfer.plan import Known, Node, Outline
from rejoinder.transfer.queries import identity, staging
from rejoinder.transfer.queries.identity import Seen, Standing, ThreadOf
from rejoinder.transfer.run import AT_ONCE, Run


@dataclass(frozen=True, slots=True)
class Group:
    """The arriving comments of one article. `thread` is None where it is unknown, or new in a dry run."""

    article: str
    is_known: bool
    thread: ThreadOf | None
    outlines: Sequence[Outline]
    seen: Mapping[str, Seen]
    known: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class _Here:
    """Comments that are here, by the ids that they and their replies go by in the file."""

    seen: Mapping[str, Seen]
    standing: Mapping[str, Standing]


def load_group(tx: Tx, run: Run, article: str) -> Group:
    """Load the outlines of one article's comments and find what of them is here."""
    outlines = staging.outlines_of(tx, run.id, article)
    known = identity.seen(tx, source_ids=[article], **run.names("article")).get(article)
    thread = identity.thread_of(tx, run.site.id, known.local_id) if known else None
    if thread is None and not (run.progress.dry and _arrives(tx, run, article)):
        return Group(article, False, None, outlines, {}, {})

    here = _find_here(tx, run, {id_ for o in outlines for id_ in (o.source_id, o.parent) if id_})
    thread_id = thread.id if thread else None
    own = {id_: there for id_, there in here.standing.items() if _is_same(run, here, id_, thread_id)}
    return Group(
        article,
        True,
        thread,
        [_with_free_id(outline, here, own) for outline in outlines],
        here.seen,
        _known(outlines, own, thread_id),
    )


def load_stretch(tx: Tx, run: Run, group: Group, stretch: Sequence[Node]) -> list[Arrived]:
    """Load the records of a stretch of comments, with their votes."""
    ids = [node.outline.source_id for node in stretch]
    records = {a.source_id: a.record for a in staging.arrivals_with(tx, run.id, "comment", ids)}
    acts = acts_here(tx, {n.id: group.seen[n.outline.source_id] for n in stretch if _is_seen(group, n)})
    votes: dict[str, list[str]] = {}
    for arrival in staging.votes_on(tx, run.id, ids):
        votes.setdefault(arrival.belongs_to, []).append(arrival.record)
    return [
        Arrived(
            node,
            COMMENTS.validate_json(records[id_]),
            [VOTES.validate_json(vote) for vote in votes.get(id_, ())],
            group.seen.get(id_) if node.known else None,
            acts.get(node.id, ()),
            hash_of(records[id_], votes.get(id_, ())),
        )
        for id_, node in zip(ids, stretch, strict=True)
    ]


def _is_seen(group: Group, node: Node) -> bool:
    return node.known and node.outline.source_id in group.seen


def votable(tx: Tx, run: Run, ids: Sequence[str]) -> dict[str, Standing]:
    """The comments of this site that votes of the file are for."""
    here = _find_here(tx, run, set(ids))
    return {
        id_: there
        for id_, there in here.standing.items()
        if there.site_id == run.site.id and there.kind == Kind.COMMENT
    }


def _arrives(tx: Tx, run: Run, article: str) -> bool:
    arrivals = staging.arrivals_with(tx, run.id, "article", [article])
    return bool(arrivals) and arrivals[0].stands != REFUSED


def _find_here(tx: Tx, run: Run, ids: set[str]) -> _Here:
    """By the names of this source, and by the ids themselves where they are ours."""
    seen: dict[str, Seen] = {}
    standing: dict[str, Standing] = {}
    ordered = sorted(ids)
    for first in range(0, len(ordered), AT_ONCE):
        some = ordered[first : first + AT_ONCE]
        named = identity.seen(tx, source_ids=some, **run.names("comment"))
        seen |= named
        local = {id_: named[id_].local_id if id_ in named else own_id(id_, run.source) for id_ in some}
        found = identity.standing(tx, [number for number in local.values() if number is not None])
        standing |= {
            id_: found[number] for id_, number in local.items() if number is not None and number in found
        }
    return _Here(seen, standing)


def _is_same(run: Run, here: _Here, id_: str, thread_id: int | None) -> bool:
    """Whether the comment that is here is the one that arrives, and not another that has its id by chance."""
    there = here.standing[id_]
    return there.site_id == run.site.id and (id_ in here.seen or there.thread_id == thread_id)


def _with_free_id(outline: Outline, here: _Here, own: Mapping[str, Standing]) -> Outline:
    """An id of ours that is taken by something else can't be had again."""
    is_taken = outline.source_id in here.standing and outline.source_id not in own
    return replace(outline, local_id=new_id()) if is_taken else outline


def _known(
    outlines: Sequence[Outline], own: Mapping[str, Standing], thread_id: int | None
) -> dict[str, Known]:
    """Those that are here, and the comments of the same thread that can be answered."""
    arriving = {outline.source_id for outline in outlines}
    return {
        id_: Known(there.id, there.where)
        for id_, there in own.items()
        if id_ in arriving or (there.thread_id == thread_id and there.kind == Kind.COMMENT)
    }
