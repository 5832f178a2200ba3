"""What features add to a thing that is drawn: place, loader, fragment. It lists; it decides nothing."""

from rejoinder.votes import slots as votes
from rejoinder.web.slots import Mine, Slot, Slots

SLOTS: Slots = (Slot("comment.actions", votes.for_comments, votes.FRAGMENT),)

MINE: tuple[Mine, ...] = (votes.of_caller,)
