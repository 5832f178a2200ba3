"""Drawing comments: each is drawn once by `_comment.html` and kept until something about it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from rejoinder.comments.models import Comment
from rejoinder.errors import N_
from rejoinder.sites.models import Site
from rejoinder.web.rendering import Rendering
from rejoinder.web.slots import Filled

PLACES = ("comment.head", "comment.actions", "comment.foot")

_WORDS = {
    "author": N_("author"),
    "staff": N_("staff"),
    "unsigned": N_("No name"),
    "date_unknown": N_("date unknown"),
    "edited": N_("edited"),
    "in_reply_to": N_("in reply to %(name)s"),
    "reply": N_("Reply"),
    "quote": N_("Quote"),
    "share": N_("Share"),
    "unfold": N_("Read more"),
    "fold": N_("Read less"),
    "removed": N_("Removed by a moderator."),
    "deleted": N_("Deleted by its author."),
    "unavailable": N_("This comment is not available."),
    "vote_up": N_("Vote for this comment"),
    "vote_down": N_("Vote against this comment"),
}


class Drawer:
    """Draws the comments of one page, in its language, with what other features add to them."""

    def __init__(
        self, rendering: Rendering, site: Site, language: str, filled: Sequence[Filled] = ()
    ) -> None:
        self._rendering = rendering
        self._site = site
        self._language = language
        self._filled = filled
        self._words = words_in(rendering, language)

    def __call__(self, comment: Comment) -> Markup:
        """The comment as everybody sees it: an open list item."""
        added = tuple(filled.records.get(comment.id) for filled in self._filled)
        # Everything the markup depends on: a changed comment, site, language or addition is another key.
        key = (self._site.id, self._site.version, self._language, comment, added)
        return self._rendering.fragments.get(key, lambda: self._draw(comment))

    def _draw(self, comment: Comment) -> Markup:
        context = {"comment": comment, "words": self._words, "site": self._site}
        slots: dict[str, list[Markup]] = {place: [] for place in PLACES}
        for filled in self._filled:
            record = filled.records.get(comment.id)
            if record is not None:
                html = self._rendering.render(
                    filled.slot.fragment, self._language, context | {"record": record}
                )
                slots[filled.slot.place].append(Markup(html))  # noqa: S704  a template's own output
        html = self._rendering.render("comments/_comment.html", self._language, context | {"slots": slots})
        return Markup(html)  # noqa: S704  a template's own output


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row for a template: it is drawn when the template asks, so that pages are read and drawn apart."""

    comment: Comment
    level: int
    more: int
    more_url: str | None
    draw: Drawer

    @property
    def fragment(self) -> Markup:
        """The comment as everybody sees it: an open list item."""
        return self.draw(self.comment)


@lru_cache(maxsize=16)
def words_in(rendering: Rendering, language: str) -> Mapping[str, str]:
    """The phrases that stand in every comment, looked up once a language instead of once a comment."""
    return {key: rendering.translate(language, message) for key, message in _WORDS.items()}
