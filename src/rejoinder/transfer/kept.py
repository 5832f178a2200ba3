"""What was done here to an imported comment: a later export leaves that as it is, whatever its source says now."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from rejoinder.comments.models import Status
from rejoinder.comments.states import STAFF_VERBS, Mark, Verb
from rejoinder.db import Tx
from rejoinder.transfer.queries.identity import Seen
from rejoinder.transfer.queries.kept import Act, acts_on


class Part(StrEnum):
    """What of a comment can be kept."""

    STATUS = "status"
    TEXT = "text"
    PIN = "pin"
    CLOSING = "closing"
    PLACE = "place"


_PARTS: Mapping[str, Sequence[Part]] = MappingProxyType(
    {
        # Who decided whether it is shown had read this text, and a pin that went with it was taken off.
        **dict.fromkeys((*STAFF_VERBS, Verb.DELETE), (Part.STATUS, Part.TEXT, Part.PIN)),
        **dict.fromkeys(("edit", "approve-edit", "reject-edit"), (Part.TEXT,)),
        **dict.fromkeys((Mark.PIN, Mark.UNPIN), (Part.PIN,)),
        **dict.fromkeys((Mark.CLOSE, Mark.REOPEN), (Part.CLOSING,)),
        **dict.fromkeys(("move", "undo-move"), (Part.PLACE,)),
    }
)
_WORDS = MappingProxyType({"edit": "edited", "delete": "deleted", "move": "moved", "undo-move": "moved"})


def acts_here(tx: Tx, seen: Mapping[int, Seen]) -> dict[int, list[Act]]:
    """What was done here to comments, by their ids; what their source had deleted was not done here."""
    acts: dict[int, list[Act]] = {id_: [] for id_ in seen}
    for act in acts_on(tx, sorted(seen)) if seen else ():
        if act.verb != Verb.DELETE or seen[act.comment_id].seen_as != Status.DELETED:
            acts[act.comment_id].append(act)
    return acts


def kept_parts(acts: Sequence[Act]) -> frozenset[Part]:
    """What of a comment its source changes no more: everything, after a verb that is not known here."""
    return frozenset(part for act in acts for part in _PARTS.get(act.verb, tuple(Part)))


def why_kept(acts: Sequence[Act]) -> str:
    """The last thing that was done here, as a sentence without its beginning."""
    last = acts[-1]
    return f"{_WORDS.get(last.verb, 'decided')} here on {last.at.date().isoformat()}, kept as it is."
