"""Whatever readers, authors and staff do in whatever order: every counter is right, nobody reads what is not published,
and the thread's version moves when something that readers see has changed, and only then.

`REJOINDER_MACHINE=250x40` plays 250 discussions of 40 acts, others each time.
"""

import dataclasses
import os
from collections.abc import Sequence
from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cast import DAY, MINUTE, NOON, Stage, add_thread, draft_of, listed, post, stranger, work_off
from comments.model import UNDO_WINDOW, Discussion, Node
from comments.recount import assert_counters_are_right
from rejoinder.comments import moderate
from rejoinder.comments.delete import delete_comment, undo_delete
from rejoinder.comments.draft import write_text
from rejoinder.comments.edit import edit_comment
from rejoinder.comments.models import Comment, ThreadState
from rejoinder.comments.moderate import Actor
from rejoinder.comments.own import held_of_thread, own_of_thread
from rejoinder.comments.queries.reading import drawn, get_thread
from rejoinder.comments.reading import View, in_context, list_comments
from rejoinder.comments.tree import Row
from rejoinder.db import Tx
from rejoinder.errors import Refusal
from rejoinder.sites.models import HoldPolicy, Sort
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value

EXAMPLES, STEPS = (int(part) for part in os.environ.get("REJOINDER_MACHINE", "12x40").split("x"))
STEP = timedelta(seconds=13)  # slow enough for every limit
STAFF = Actor(None, "a test")

which = st.integers(min_value=0, max_value=1000)
fate = st.sampled_from(["published", "published", "published", "held", "spam"])
verbs = st.sampled_from(["approve", "reject", "spam", "remove", "pin", "unpin", "close", "reopen"])


class Talk(RuleBasedStateMachine):
    """A thread of its own in the database, beside a model of it."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.model = Discussion()
        self.now = NOON
        self.seen: object = None
        self.version = 0
        self.words = 0
        self.voters = [stranger() for _ in range(4)]

    @initialize()
    def begin(self) -> None:
        slug = f"talk-{id(self)}-{os.urandom(4).hex()}"
        thread = self.stage.write(add_thread, self.stage.site, slug)
        self.thread_id = thread.id
        self.strict = dataclasses.replace(
            self.stage.site, rules=self.stage.site.rules.model_copy(update={"hold": HoldPolicy.ALL})
        )

    @rule(fate=fate)
    def post(self, fate: str) -> None:
        self._post(None, fate)

    @precondition(lambda self: self.model.nodes)
    @rule(which=which, fate=fate)
    def reply(self, which: int, fate: str) -> None:
        self._post(self._pick(which), fate)

    @precondition(lambda self: self.model.nodes)
    @rule(fate=fate)
    def reply_to_the_last(self, fate: str) -> None:
        self._post(self.model.nodes[-1], fate)

    @precondition(lambda self: self.model.nodes)
    @rule(which=which, appears=st.booleans())
    def edit(self, which: int, appears: bool) -> None:
        node, text = self._pick(which), self._text()
        site = self.stage.site if appears else self.strict
        edited = self._attempt(
            self.model.may_edit(node, self.now),
            edit_comment,
            site,
            node.id,
            write_text(text, site.rules),
            node.author,
            revision=node.latest,
        )
        if edited:
            self.model.edit(node, text, appears=appears)

    @precondition(lambda self: self.model.nodes)
    @rule(which=which, verb=verbs)
    def decide(self, which: int, verb: str) -> None:
        node = self._pick(which)
        if self._attempt(self.model.may(verb, node), moderate.act, self.stage.site, node.id, verb, STAFF):
            self.model.do(verb, node, self.now)

    @precondition(lambda self: self.model.nodes)
    @rule(which=which)
    def delete(self, which: int) -> None:
        node = self._pick(which)
        may = node.is_its_author_s
        if self._attempt(may, delete_comment, self.stage.site, node.id, node.author):
            node.move("deleted", self.now)

    @precondition(lambda self: any(node.status == "deleted" for node in self.model.nodes))
    @rule(which=which)
    def undo(self, which: int) -> None:
        deleted = [node for node in self.model.nodes if node.status == "deleted"]
        node = deleted[which % len(deleted)]
        may = node.gone_at is not None and self.now < node.gone_at + UNDO_WINDOW
        if self._attempt(may, undo_delete, self.stage.site, node.id, node.author):
            node.move("published" if node.text is not None else "held", self.now)

    @precondition(lambda self: self.model.nodes)
    @rule(which=which, voter=st.integers(0, 3), value=st.sampled_from(Value), toggle=st.booleans())
    def vote(self, which: int, voter: int, value: Value, toggle: bool) -> None:
        node, may = self._pick(which), self._pick(which).status == "published"
        self._attempt(may, cast_vote, self.stage.site, node.id, value, self.voters[voter], toggle=toggle)

    @rule(state=st.sampled_from(ThreadState))
    def close_or_open(self, state: ThreadState) -> None:
        self._attempt(True, moderate.set_thread_state, self.stage.site, self.thread_id, state, STAFF)
        self.model.is_open = state is ThreadState.OPEN

    @rule(time=st.sampled_from([MINUTE, 16 * MINUTE]))
    def wait(self, time: timedelta) -> None:
        self.now += time

    @rule()
    def do_what_is_due(self) -> None:
        work_off(self.stage, self.now)
        self.version = self.stage.read(get_thread, self.stage.site.id, self.thread_id).version

    @invariant()
    def everything_holds(self) -> None:
        self.now += STEP
        self.stage.read(self._check)

    def teardown(self) -> None:
        for sort in Sort:
            page = listed(self.stage, self.thread_id, View(sort), now=self.now)
            self._assert_rows([*page.pinned, *page.rows], in_any_order=True)

    def _post(self, parent: Node | None, fate: str) -> None:
        site = self.strict if fate == "held" else self.stage.site
        text, author = self._text(), stranger()
        draft = draft_of(
            site,
            text,
            thread=self.thread_id,
            reply_to=parent.id if parent else None,
            trap_filled=fate == "spam",
        )
        posted = self._attempt(self.model.may_post(parent), post, site, draft, author)
        if posted:
            is_out = fate == "published"
            words = (text, None) if is_out else (None, text)
            self.model.add(Node(posted.comment_id, parent, author, self.now, fate, *words))

    def _attempt(self, allowed: bool, verb, *args, **kwargs):  # type: ignore[no-untyped-def]
        """Do it; it is refused exactly when the model says so."""
        try:
            done = self.stage.write(verb, *args, **kwargs, now=self.now)
        except Refusal:
            assert not allowed
            return None
        assert allowed
        return done

    def _pick(self, which: int) -> Node:
        return self.model.nodes[which % len(self.model.nodes)]

    def _text(self) -> str:
        self.words += 1
        return f"Thought {self.words}."

    def _check(self, tx: Tx) -> None:
        site, nodes = self.stage.site, self.model.nodes
        thread = get_thread(tx, site.id, self.thread_id)
        assert_counters_are_right(tx, thread.id)
        self._assert_version(thread.version, (thread.state, _visible(tx, site.id, nodes)))

        page = list_comments(tx, site, thread, View(Sort.OLDEST), now=self.now)
        self._assert_rows(page.pinned, pinned=True)
        self._assert_rows(page.rows, pinned=False)
        assert thread.comment_count == sum(node.status == "published" for node in nodes)
        if nodes:
            self._assert_alone(tx, nodes[self.words % len(nodes)])

    def _assert_version(self, version: int, seen: object) -> None:
        assert (version != self.version) == (seen != self.seen)
        assert version >= self.version
        self.version, self.seen = version, seen

    def _assert_rows(
        self, rows: Sequence[Row], *, pinned: bool | None = None, in_any_order: bool = False
    ) -> None:
        """The rows are those of the model, with published words and no others."""
        expected = [
            (node.id, _words(node), left_out)
            for is_pinned in ((True, False) if pinned is None else (pinned,))
            for node, left_out in self.model.listed(pinned=is_pinned)
        ]
        found = [(row.comment.id, row.comment.html, row.more) for row in rows]
        assert (sorted(found) if in_any_order else found) == (sorted(expected) if in_any_order else expected)

    def _assert_alone(self, tx: Tx, node: Node) -> None:
        """One comment by its address, for everybody, for its author, for staff."""
        site, thread = self.stage.site, get_thread(tx, self.stage.site.id, self.thread_id)
        found = drawn(tx, site.id, [node.id])
        assert bool(found) == node.shown
        if found:
            branch = [other for other in node.root.in_order() if other.shown]
            rows = {row.comment.id: row.comment.html for row in in_context(tx, site, found[0])}
            assert rows.items() <= {other.id: _words(other) for other in branch}.items()

        mine = own_of_thread(tx, site, thread, node.author, now=self.now)
        newest = node.waiting if node.waiting is not None else node.text
        is_recent = self.now - node.posted_at < DAY
        assert [managed.comment.id for managed in mine] == ([node.id] if is_recent else [])
        assert all(managed.revision.text in (newest, "") for managed in mine)
        assert own_of_thread(tx, site, thread, stranger(), now=self.now) == []
        held = held_of_thread(tx, site, thread, self.stage.bob, now=self.now)
        assert [managed.revision.text for managed in held] == [
            other.waiting for other in self.model.nodes if other.status == "held"
        ]


def _words(node: Node) -> str | None:
    return f"<p>{node.text}</p>" if node.status == "published" else None


def _visible(tx: Tx, site_id: int, nodes: Sequence[Node]) -> list[Comment]:
    """What readers see of each comment, its votes aside: those are shown a little later."""
    comments = drawn(tx, site_id, [node.id for node in nodes])
    return sorted(
        (dataclasses.replace(comment, up=0, down=0, changed=0) for comment in comments),
        key=lambda one: one.id,
    )


def test_a_discussion_agrees_with_its_model_whatever_is_done_to_it(stage: Stage) -> None:
    class OnStage(Talk):
        pass

    OnStage.stage = stage
    run_state_machine_as_test(
        OnStage,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize="REJOINDER_MACHINE" not in os.environ,
        ),
    )
