"""The texts of an arriving comment as revisions: earlier ones, the one that stands, one that waits."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.comments.models import Status
from rejoinder.db import Bind
from rejoinder.sites.models import Site
from rejoinder.text.markdown import RENDER_VERSION
from rejoinder.transfer.cleaning import Author, Tell, clean_text, clean_time
from rejoinder.transfer.models import ArrivingComment, ArrivingText

_NEVER_STOOD = (Status.HELD, Status.REJECTED, Status.SPAM)


@dataclass(frozen=True, slots=True)
class Texts:
    """Rows of revisions, and which of them stands and which waits."""

    rows: list[dict[str, Bind]]
    published: int | None
    pending: int | None

    @property
    def current(self) -> dict[str, Bind]:
        """The row that stands, or else the one that waits."""
        n = self.published or self.pending
        return next(row for row in self.rows if row["n"] == n)


def texts_of(
    comment: ArrivingComment,
    author: Author,
    *,
    comment_id: int,
    placed_at: datetime,
    site: Site,
    now: datetime,
    tell: Tell,
) -> Texts:
    """Every text of a comment. What its author deleted has none any more."""
    numbered, published, pending = _numbered(comment)
    is_erased = comment.status is Status.DELETED
    rows: list[dict[str, Bind]] = []
    for n, text in numbered:
        drawn = clean_text(text.text, text.format, images=site.rules.images, tell=tell)
        rows.append(
            {
                "comment_id": comment_id,
                "n": n,
                "text": drawn.source,
                "format": text.format,
                "html": drawn.html,
                "render_version": RENDER_VERSION,
                "author_name": "" if is_erased else author.name.text,
                "website": None if is_erased else author.website,
                "at": clean_time(text.at, now) or clean_time(comment.posted, now) or placed_at,
                "reason": text.reason,
            }
        )
    return Texts(rows, published, pending)


def _numbered(comment: ArrivingComment) -> tuple[list[tuple[int, ArrivingText]], int | None, int | None]:
    """The texts with their numbers, the number that stands and the number that waits.

    A comment that was edited, its earlier text unknown, has only a second text.
    """
    if comment.status is Status.DELETED:
        return [(1, ArrivingText(text="", format=comment.format))], 1, None
    numbered = list(enumerate(comment.revisions, start=1))
    n = len(numbered) + 1 if numbered or comment.edited is None else 2
    current = ArrivingText(
        text=comment.text,
        format=comment.format,
        at=comment.edited if n > 1 else comment.posted,
        reason=comment.reason,
    )
    numbered.append((n, current))
    if comment.status in _NEVER_STOOD:
        return numbered, None, n
    if comment.pending is None or comment.status is not Status.PUBLISHED:
        return numbered, n, None
    return [*numbered, (n + 1, comment.pending)], n, n + 1
