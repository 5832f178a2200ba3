"""What features add to a thing that is drawn: place, loader, fragment. It lists; it decides nothing."""

from rejoinder.votes import slots as votes
from rejoinder.web.slots import Slot, Slots

SLOTS: Slots = (Slot("comment.actions", votes.for_comments, votes.FRAGMENT),)
