"""Load data as records: pages, who comments on them and what, all decided by one seed. Pure.

Sizes of threads follow Zipf's law, replies go to what was said of late, and every counter is what posting and voting one by
one would have left. Ids and times are made here, too: nothing depends on the clock.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from markupsafe import Markup

from rejoinder.accounts.models import Signature
from rejoinder.comments.places import Place, place_below, top_place
from rejoinder.db import to_ms
from rejoinder.demo.vocabulary import Writer

FIRST_DAY = datetime(2025, 1, 6, 7, tzinfo=UTC)
PUBLISHED_WITHIN = timedelta(days=480)
DISCUSSED_FOR = timedelta(days=10)
COUNTER_BITS = 22  # of an id, below its milliseconds
IDS_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
STEEPNESS = 0.8  # of Zipf's law: of a million comments on 1,000 pages the largest thread holds 64,000

_PARAGRAPH = Markup("<p>%s</p>")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What load data is asked for: comments on so many pages, beside them a chain of replies and one much-answered comment."""

    comments: int
    pages: int
    deep: int = 0
    wide: int = 0
    votes: int = 0
    seed: int = 42

    @property
    def total(self) -> int:
        """All comments together."""
        return self.comments + self.deep + (self.wide + 1 if self.wide else 0)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a browser."""

    visitor_id: int
    author_id: int
    token_hash: bytes
    signature: Signature


@dataclass(frozen=True, slots=True)
class Shape:
    """A page before anything is written: its slug, its day, and for each comment the index of its parent."""

    slug: str
    published_at: datetime
    parents: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote, counted at once."""

    comment_id: int
    voter: Person
    value: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SeedComment:
    """A published comment with every counter."""

    id: int
    parent_id: int | None
    place: Place
    author: Person
    text: str
    html: str
    replies: int
    branch: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Page:
    """An article and its discussion."""

    id: int
    thread_id: int
    slug: str
    title: str
    text: str
    html: str
    published_at: datetime
    comments: Sequence[SeedComment]
    votes: Sequence[Vote]

    @property
    def top_count(self) -> int:
        """How many of the comments are top-level ones."""
        return sum(comment.parent_id is None for comment in self.comments)


class Load:
    """All of the load data that is wanted: the people first, then page by page."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._random = Random(wanted.seed)  # noqa: S311 - nobody's secret
        self._writer = Writer(self._random)
        self._serial = 0
        per_comment = wanted.votes // max(1, wanted.total)
        self.people = [self._person(n) for n in range(max(20, wanted.total // 5, 4 * per_comment + 20))]

    def pages(self) -> Iterator[Page]:
        """The pages, the largest discussion first; to be asked for once."""
        shapes = list(self._shapes())
        votes = shares(self.wanted.votes, [len(shape.parents) for shape in shapes])
        for shape, count in zip(shapes, votes, strict=True):
            yield self._page(shape, count)

    def _shapes(self) -> Iterator[Shape]:
        wanted = self.wanted
        sizes = shares(wanted.comments, [(rank + 1) ** -STEEPNESS for rank in range(wanted.pages)])
        slugs = [f"seed-{number + 1}" for number in range(wanted.pages)]
        every = PUBLISHED_WITHIN / max(1, wanted.pages + 2)
        for number, (slug, size) in enumerate(zip(slugs, sizes, strict=True)):
            yield Shape(slug, FIRST_DAY + number * every, self._parents(size))
        if wanted.deep:
            chain = [None, *range(wanted.deep - 1)]
            yield Shape("seed-deep", FIRST_DAY + wanted.pages * every, chain)
        if wanted.wide:
            star = [None, *[0] * wanted.wide]
            yield Shape("seed-wide", FIRST_DAY + (wanted.pages + 1) * every, star)

    def _parents(self, size: int) -> list[int | None]:
        """Two in five begin a conversation; the others answer one of the last that were said."""
        random = self._random
        parents: list[int | None] = []
        for index in range(size):
            back = 1 + int(random.expovariate(0.15))
            parents.append(None if random.random() < 0.4 or back > index else index - back)
        return parents

    def _page(self, shape: Shape, votes: int) -> Page:
        page_id, thread_id = self._id(shape.published_at), self._id(shape.published_at)
        title, paragraphs = self._writer.title(), self._writer.paragraphs(30)
        places = self._places(shape)
        authors = [self._somebody() for _ in places]
        cast = self._votes(places, authors, votes)
        up = Counter(vote.comment_id for vote in cast if vote.value > 0)
        down = Counter(vote.comment_id for vote in cast if vote.value < 0)
        replies = Counter(parent for parent in shape.parents if parent is not None)
        branches = Counter(place.root_id for _, place in places)
        comments = []
        for index, ((comment_id, place), author) in enumerate(zip(places, authors, strict=True)):
            parent = shape.parents[index]
            written = self._writer.paragraphs(1 + int(self._random.expovariate(0.35)) % 24)
            comments.append(
                SeedComment(
                    id=comment_id,
                    parent_id=None if parent is None else places[parent][0],
                    place=place,
                    author=author,
                    text="\n\n".join(written),
                    html=drawn(written),
                    replies=replies[index],
                    branch=branches[comment_id] - 1 if parent is None else 0,
                    up=up[comment_id],
                    down=down[comment_id],
                )
            )
        text, html = "\n\n".join(paragraphs), drawn(paragraphs)
        return Page(page_id, thread_id, shape.slug, title, text, html, shape.published_at, comments, cast)

    def _places(self, shape: Shape) -> list[tuple[int, Place]]:
        """Ids and places in the order of time, most of them soon after the article."""
        pause = DISCUSSED_FOR / timedelta(milliseconds=1) / max(1, len(shape.parents)) / 2
        at, places = shape.published_at, list[tuple[int, Place]]()
        for parent in shape.parents:
            at += timedelta(milliseconds=1 + int(self._random.expovariate(1 / pause)))
            comment_id = self._id(at)
            above = None if parent is None else places[parent][1]
            places.append(
                (comment_id, place_below(above, comment_id, at) if above else top_place(comment_id, at))
            )
        return places

    def _votes(
        self, places: Sequence[tuple[int, Place]], authors: Sequence[Person], count: int
    ) -> list[Vote]:
        """A few comments have many votes, most have few; nobody votes twice, or on their own."""
        random, most = self._random, len(self.people) - 1
        counts = (
            Counter(int(len(places) * random.random() ** 3) for _ in range(count)) if places else Counter()
        )
        cast: list[Vote] = []
        spare = 0
        for index, (comment_id, place) in enumerate(places):
            asked = counts[index] + spare
            spare = max(0, asked - most)
            liked = 0.55 + 0.45 * random.random()
            first = int(random.random() * len(self.people))
            for number in range(min(asked, most)):
                voter = self.people[(first + number) % len(self.people)]
                if voter is authors[index]:
                    voter = self.people[(first + min(asked, most)) % len(self.people)]
                value = 1 if random.random() < liked else -1
                cast.append(Vote(comment_id, voter, value, place.placed_at + timedelta(seconds=30 * number)))
        return cast

    def _person(self, number: int) -> Person:
        token_hash = hashlib.sha256(f"{self.wanted.seed}/{number}".encode()).digest()
        return Person(self._id(IDS_BEGIN), self._id(IDS_BEGIN), token_hash, self._writer.signature())

    def _somebody(self) -> Person:
        return self.people[int(len(self.people) * self._random.random() ** 2)]

    def _id(self, at: datetime) -> int:
        """An id as one drawn at that time, and twice the same for nobody."""
        self._serial += 1
        milliseconds = to_ms(at) - to_ms(IDS_BEGIN) + (self._serial >> COUNTER_BITS)
        return milliseconds << COUNTER_BITS | self._serial & ((1 << COUNTER_BITS) - 1)


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Part a number by weights, exactly: what is left over after rounding down goes to the first."""
    whole = sum(weights)
    if not whole:
        return [0 for _ in weights]
    parts = [int(total * weight / whole) for weight in weights]
    for index in range(total - sum(parts)):
        parts[index % len(parts)] += 1
    return parts


def drawn(paragraphs: Sequence[str]) -> str:
    """What the renderer of comments makes of plain paragraphs; a test holds the two together."""
    return "\n".join(_PARAGRAPH % paragraph for paragraph in paragraphs)
