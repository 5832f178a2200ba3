"""Letting a discussion happen: its comments, edits, votes and decisions, each by the verb that a reader's would go through."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from rejoinder.articles.models import own_url
from rejoinder.comments.delete import delete_comment
from rejoinder.comments.draft import CommentDraft
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.models import ThreadState
from rejoinder.comments.moderate import Actor, act, set_thread_state
from rejoinder.comments.post import post_comment
from rejoinder.comments.states import Verb
from rejoinder.db import Tx, new_id
from rejoinder.demo import queries
from rejoinder.demo.cast import Cast
from rejoinder.demo.lines import Line
from rejoinder.demo.script import Script
from rejoinder.sites.models import Site
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value

SOON = timedelta(minutes=1)
VOTES_EVERY = timedelta(minutes=11)


@dataclass(slots=True)
class _Stage:
    """Where it happens, and the ids that comments and thread were given on the way."""

    tx: Tx
    site: Site
    cast: Cast
    url: str
    thread_id: int = 0
    ids: dict[int, int] = field(default_factory=dict)

    @property
    def decider(self) -> Actor:
        staff = self.cast.moderator().staff
        return Actor(staff.account_id if staff else None)


_Act = tuple[datetime, Callable[[_Stage, datetime], None]]


def play(tx: Tx, site: Site, script: Script, lines: Sequence[Line], cast: Cast, *, start: datetime) -> None:
    """Let a discussion happen in the order of time, up to `start`. Raises what the verbs raise."""
    stage = _Stage(tx, site, cast, own_url(script.article))
    acts = [done for line in lines for done in _acts(line, start)]
    if script.closed:
        acts.append((start - script.closed, _close_thread))
    for moment, do in sorted(acts, key=lambda one: one[0]):
        do(stage, moment)
    for mention in script.mentions:
        queries.insert_ping(
            tx,
            new_id(),
            new_id(),
            site_id=site.id,
            thread_id=stage.thread_id,
            title=mention.title,
            url=mention.url,
            at=start - mention.ago,
        )


def _acts(line: Line, start: datetime) -> Iterator[_Act]:
    said, at = line.said, line.at
    yield at, partial(_post, line)
    if said.edited:
        yield at + said.edited.after, partial(_edit, line)
    if said.pinned:
        yield at + SOON, partial(_mark, line, "pin", None)
    if said.closed:
        yield start - said.closed, partial(_mark, line, "close", None)
    if said.removed:
        yield at + said.removed.after, partial(_mark, line, Verb.REMOVE, said.removed.why)
    if said.deleted:
        yield at + said.deleted, partial(_delete, line)
    yield from _votes(line, start)


def _votes(line: Line, start: datetime) -> Iterator[_Act]:
    up, down = line.said.votes
    every = min(VOTES_EVERY, (start - line.at) / (up + down + 1))
    for number in range(up + down):
        value = Value.UP if number < up else Value.DOWN
        yield line.at + (number + 1) * every, partial(_vote, line, number, value)


def _post(line: Line, stage: _Stage, now: datetime) -> None:
    reply_to = None if line.parent is None else stage.ids[line.parent]
    draft = CommentDraft(None, stage.url, reply_to, line.written, line.signature)
    posted = post_comment(stage.tx, stage.site, draft, stage.cast.speakers[line.said.by], now=now)
    stage.ids[line.n], stage.thread_id = posted.comment_id, posted.thread_id
    if line.said.undated:
        queries.forget_date(stage.tx, posted.comment_id)


def _edit(line: Line, stage: _Stage, now: datetime) -> None:
    if line.changed:
        caller = stage.cast.speakers[line.said.by]
        edit_comment(stage.tx, stage.site, stage.ids[line.n], line.changed, caller, revision=1, now=now)


def _mark(line: Line, verb: str, why: str | None, stage: _Stage, now: datetime) -> None:
    by = Actor(stage.decider.account_id, why)
    act(stage.tx, stage.site, stage.ids[line.n], verb, by, now=now)


def _delete(line: Line, stage: _Stage, now: datetime) -> None:
    delete_comment(stage.tx, stage.site, stage.ids[line.n], stage.cast.speakers[line.said.by], now=now)


def _vote(line: Line, number: int, value: Value, stage: _Stage, now: datetime) -> None:
    voters = stage.cast.voters
    voter = voters[(line.n + number) % len(voters)]
    cast_vote(stage.tx, stage.site, stage.ids[line.n], value, voter, now=now)


def _close_thread(stage: _Stage, now: datetime) -> None:
    set_thread_state(stage.tx, stage.site, stage.thread_id, ThreadState.CLOSED, stage.decider, now=now)
