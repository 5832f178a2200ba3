"""The waiting room: every record of the files is read into it, checked for its id, before anything is placed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from rejoinder.comments.models import Kind
from rejoinder.db import Tx, new_id
from rejoinder.sites.change import change_rules
from rejoinder.sites.changed import ChangedBy, Source
from rejoinder.sites.models import Rules, Site
from rejoinder.sites.queries import hold_site
from rejoinder.transfer.cleaning import clean_time, own_id
from rejoinder.transfer.files import where
from rejoinder.transfer.models import (
    ArrivingArticle,
    ArrivingComment,
    ArrivingSite,
    ArrivingVote,
    Fault,
    Item,
    Mended,
)
from rejoinder.transfer.plan import PING
from rejoinder.transfer.queries import staging
from rejoinder.transfer.queries.staging import Arrival
from rejoinder.transfer.run import AT_ONCE, TEXT_AT_ONCE, Run

ARTICLES = TypeAdapter(ArrivingArticle)
COMMENTS = TypeAdapter(ArrivingComment)
VOTES = TypeAdapter(ArrivingVote)

_PRIVATE = frozenset("email mail ip ip_address ipaddress remote_addr user_agent ua".split())
"""What sources call addresses of people; it is kept only where the operator says so."""


def read_in(run: Run, items: Iterable[Item]) -> None:
    """Read all records into the waiting room, from where an earlier attempt was cut off."""
    ahead = (item for item in items if item.place > run.progress.place)
    for step in _steps(ahead):
        arrivals = [arrival for item in step for arrival in _arrival(run, item)]
        for item in step:
            _tell_fault(run, item)
        for duplicate in run.read(_came_before, run.id, arrivals):
            _skip_duplicate(run, duplicate)
        run.progress.place = step[-1].place
        run.note(staging.insert_arrivals, run.id, arrivals)
        _take_rules(run, step)


def _steps(items: Iterator[Item]) -> Iterator[list[Item]]:
    """So many records, or so much text, at a time: an article may be longer than a book."""
    step: list[Item] = []
    size = 0
    for item in items:
        step.append(item)
        size += _size(item)
        if len(step) == AT_ONCE or size >= TEXT_AT_ONCE:
            yield step
            step, size = [], 0
    if step:
        yield step


def _size(item: Item) -> int:
    what = item.what
    if isinstance(what, ArrivingArticle):
        return len(what.html or what.markdown or "")
    return len(what.text) if isinstance(what, ArrivingComment) else 0


def _arrival(run: Run, item: Item) -> list[Arrival]:
    what = item.what
    if isinstance(what, ArrivingArticle):
        record = ARTICLES.dump_json(replace(what, extras=_kept(run, what.extras)), exclude_defaults=True)
        return [
            Arrival(
                "article", what.id, "", item.place, _local_id(run, what.id), None, None, "", record.decode()
            )
        ]
    if isinstance(what, ArrivingComment):
        return [_comment(run, item.place, what)]
    if isinstance(what, ArrivingVote):
        key, record = f"{what.comment}\n{what.voter}", VOTES.dump_json(what, exclude_defaults=True)
        return [Arrival("vote", key, what.comment, item.place, 0, None, None, "", record.decode())]
    return []


def _comment(run: Run, place: int, comment: ArrivingComment) -> Arrival:
    if not run.keep_addresses:
        comment = replace(
            comment, author=replace(comment.author, email=None), extras=_kept(run, comment.extras)
        )
    at = clean_time(comment.placed or comment.posted, run.started_at)
    if comment.posted is not None and at is None:
        run.tally.repair("date", f"{where(place)}: {comment.posted} can't be right, so the date is unknown.")
    return Arrival(
        "comment",
        comment.id,
        comment.article,
        place,
        _local_id(run, comment.id),
        comment.parent,
        at,
        comment.status if comment.kind is Kind.COMMENT else PING,
        COMMENTS.dump_json(comment, exclude_defaults=True).decode(),
    )


def _kept(run: Run, extras: Mapping[str, Any]) -> Mapping[str, Any]:
    if run.keep_addresses:
        return extras
    return {name: value for name, value in extras.items() if name.lower() not in _PRIVATE}


def _local_id(run: Run, source_id: str) -> int:
    return own_id(source_id, run.source) or new_id()


def _tell_fault(run: Run, item: Item) -> None:
    """A record that can't be read is left out; one that would be a comment, or might be, is counted."""
    fault = item.what
    if isinstance(fault, Mended):
        run.tally.repair(fault.kind, f"{where(fault.place)}: {fault.message}.")
    if not isinstance(fault, Fault):
        return
    sentence = f"{where(item.place)}: {fault.message}."
    if fault.kind in ("", "comment"):
        run.tally.skip(fault.reason, sentence)
    else:
        run.tally.repair(fault.reason, f"{sentence} It is left out.")


def _came_before(tx: Tx, run_id: int, arrivals: list[Arrival]) -> list[Arrival]:
    """Those whose id is taken by an earlier record of this run, in this step or in one before."""
    taken: set[tuple[str, str]] = set()
    for kind in ("article", "comment", "vote"):
        ids = [arrival.source_id for arrival in arrivals if arrival.kind == kind]
        taken |= {(kind, id_) for id_ in staging.known_ids(tx, run_id, kind, ids)} if ids else set()
    again = []
    for arrival in arrivals:
        if (arrival.kind, arrival.source_id) in taken:
            again.append(arrival)
        taken.add((arrival.kind, arrival.source_id))
    return again


def _skip_duplicate(run: Run, arrival: Arrival) -> None:
    sentence = f"{where(arrival.place)}: {arrival.kind} {arrival.source_id!r:.100} came before; the first one is taken."
    if arrival.kind == "comment":
        run.tally.skip("duplicate", sentence)
    else:
        run.tally.repair("duplicate", sentence)


def _take_rules(run: Run, step: list[Item]) -> None:
    """A site that has no rules of its own takes those of the archive."""
    for item in step:
        if isinstance(item.what, ArrivingSite) and item.what.rules and run.site.rules == Rules():
            try:
                rules = Rules.model_validate(dict(item.what.rules))
            except ValueError:
                run.tally.repair("rules", f"{where(item.place)}: these rules can't be used; ours stay.")
                continue
            run.step(_set_rules, run.site, rules)


def _set_rules(tx: Tx, site: Site, rules: Rules) -> None:
    change_rules(tx, hold_site(tx, site.id), rules, ChangedBy(Source.ARCHIVE))
