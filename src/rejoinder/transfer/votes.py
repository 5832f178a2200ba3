"""Votes that arrive: those that have a row here, and what of the sums has none."""

from collections.abc import Sequence
from dataclasses import dataclass

from rejoinder.transfer.cleaning import Tell, clean_time, voter_of
from rejoinder.transfer.models import ArrivingComment, ArrivingVote
from rejoinder.transfer.queries.rows import Row
from rejoinder.transfer.run import Run


@dataclass(frozen=True, slots=True)
class VoteTally:
    """Votes that have a row here, and those that are only known as sums."""

    up: int
    down: int
    imported_up: int
    imported_down: int
    imported_score: int | None

    @property
    def all_up(self) -> int:
        """Everything for it, as readers see it."""
        return self.up + self.imported_up + max(self.imported_score or 0, 0)

    @property
    def all_down(self) -> int:
        """Everything against it, as readers see it."""
        return self.down + self.imported_down + max(-(self.imported_score or 0), 0)


def tally_votes(comment: ArrivingComment, cast: Sequence[ArrivingVote], tell: Tell) -> VoteTally:
    """The votes with a voter, and what of the sums they do not account for."""
    counted = [vote.value for vote in cast if not vote.waits]
    up, down = counted.count(1), counted.count(-1)
    if (comment.up or comment.down) and (up > comment.up or down > comment.down):
        tell("votes", "there are more votes than its sums say; the votes are counted.")
    return VoteTally(up, down, max(comment.up - up, 0), max(comment.down - down, 0), comment.score)


def vote_row(run: Run, vote: ArrivingVote, comment_id: int, thread_id: int) -> Row:
    """A vote as it is stored: it counts since it was cast, unless it waits."""
    at = clean_time(vote.at, run.started_at) or run.started_at
    return {
        "comment_id": comment_id,
        "voter": voter_of(run.source, vote.voter),
        "site_id": run.site.id,
        "thread_id": thread_id,
        "value": vote.value,
        "at": at,
        "counts_from": None if vote.waits else at,
    }
