"""Sample comments for the style guide: every state of a comment, as records the real templates draw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

from rejoinder.comments.draft import write_text
from rejoinder.comments.models import FOREVER, Comment, Label, Status
from rejoinder.comments.places import Place, place_below, top_place
from rejoinder.comments.tree import Row, arrange
from rejoinder.db import show_id
from rejoinder.sites.models import Rules
from rejoinder.web.slots import Slot

NINE = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
SAMPLE_RULES = Rules()

OWN_SLOTS = (
    Slot("comment.head", lambda tx, ids: {}, "demo/_standing.html"),
    Slot("comment.actions", lambda tx, ids: {}, "demo/_own_words.html"),
)
"""What the script adds to one's own comment, at the places where it adds it."""

_ids = count(1)


@dataclass(frozen=True, slots=True)
class State:
    """One state: what it is called, what is to be seen, and the rows that show it."""

    name: str
    note: str
    rows: tuple[Row, ...]
    kind: str = ""


def sample(name: str, text: str, below: Comment | None = None) -> Comment:
    """A published comment, at the top level or below another."""
    number = next(_ids)
    at = NINE + timedelta(minutes=number)
    place = _place(below, number, at)
    return Comment(
        id=number,
        thread_id=1,
        parent_id=below.id if below else None,
        root_id=place.root_id,
        depth=place.depth,
        path=place.path,
        status=Status.PUBLISHED,
        label=None,
        language=None,
        posted_at=at,
        placed_at=place.placed_at,
        edited_at=None,
        changed=1,
        up=0,
        down=0,
        reply_count=0,
        branch_count=0,
        pinned_until=None,
        closed_at=None,
        author_name=name,
        author_website=None,
        parent_name=below.author_name if below else None,
        html=write_text(text, SAMPLE_RULES).html,
    )


def rows(*branch: Comment) -> tuple[Row, ...]:
    """A branch laid out."""
    return tuple(arrange(branch, indent=SAMPLE_RULES.indent))


@cache
def states() -> tuple[State, ...]:
    """Every state that one comment or one branch can be in."""
    return (*_standings(), *_texts(), *_labels(), *_shapes())


@cache
def only_comment() -> tuple[Row, ...]:
    """The branch of a discussion with one comment."""
    return rows(sample("Ada Fenwick", "Swifts. Then, from August, the lack of swifts."))


@cache
def held_state() -> State:
    """A comment that waits, as its author sees it."""
    note = "Its author and staff see it. The script adds the sentence, and the words before the votes."
    return State("Held, mine", note, rows(sample("Ada Fenwick", "I keep pages on all the lights here.")))


def _place(below: Comment | None, number: int, at: datetime) -> Place:
    if below is None:
        return top_place(number, at)
    return place_below(Place(below.root_id, below.depth, below.path, below.placed_at), number, at)


def _standings() -> Sequence[State]:
    """What became of a comment."""
    plain = sample("Ada Fenwick", "Swifts. Then, from August, the lack of swifts.")
    edited = sample("Peregrine", "Somebody had left a thermos on the last bollard. It was very good tea.")
    return (
        State("Published", "Name, time, text, one quiet row.", rows(replace(plain, up=12))),
        State("Edited", "", rows(replace(edited, edited_at=NINE))),
        State("Deleted", "A placeholder stays where replies stand below it.", _gone(Status.DELETED)),
        State("Removed", "", _gone(Status.REMOVED)),
        State("Unavailable", "What became of it is nobody’s business.", _gone(Status.SPAM)),
        State("Date unknown", "An import may not know it.", rows(replace(_again(plain), posted_at=None))),
    )


def _texts() -> Sequence[State]:
    """What a comment may say."""
    quoted = sample("Marit Sol", "Four and a half.")
    quoting = sample("Ada Fenwick", "> Four and a half.\n\nHere we go.", quoted)
    lists = (
        "Three questions:\n\n1. Who draws lots?\n2. Who has the good chair?\n\n- it reclines\n- it squeaks"
    )
    code = "In the light list it reads\n\n```\nFl W 10s 11m 9M\n```\n\nand `9M` are nine miles."
    long = "\n\n".join([_LONG] * 9)
    arabic = "كنت أمرّ بهذا الفرن وأنا ذاهبة إلى المدرسة.\n\n> هذا لا يُباع.\n\nما زلت أظنّ أنه أطيب ما أكلت."
    japanese = "三年間、この列車で通っていました。五号車の腰掛けは、たしかに居間の色をしています。"
    return (
        State("Quoted", "Lines of another comment, and who is answered.", rows(quoted, quoting)),
        State("Lists", "", rows(sample("Priya Raman", lists))),
        State("Code", "", rows(sample("Tomasz W.", code))),
        State(
            "Links", "", rows(sample("Hollis Reed", "See [the mole, 1886](https://archive.example/mole)."))
        ),
        State("Long", "It folds to the eye; a word opens it.", rows(sample("Anselm Brandt", long))),
        State("Right to left", "", rows(sample("ليلى", arabic))),
        State("Chinese, Japanese, Korean", "", rows(sample("佐々木 遥", japanese))),
        State("A long name", "", rows(sample(_NAME, "Short."))),
        State("An emoji as a name", "", rows(sample("🦉", "Mice."))),
    )


def _labels() -> Sequence[State]:
    """Who somebody is, and what staff did with a comment."""
    author = replace(sample("Elin Marsh", "We looked it up."), label=Label.AUTHOR)
    staff = replace(sample("Nora Whitfield", "The branch is closed."), label=Label.STAFF)
    pinned = replace(sample("Nora Whitfield", "What do you look up for?"), label=Label.STAFF)
    closed = replace(sample("Priya Raman", "This branch takes no more replies."), closed_at=NINE)
    linked = replace(sample("Obi", "The name leads to a website."), author_website="https://obi.example/")
    against = sample("Bernard", "White, of course. This is 2026.")
    return (
        State("Author", "", rows(author)),
        State("Staff", "", rows(staff)),
        State("Pinned", "", rows(replace(pinned, pinned_until=FOREVER)), kind="pinned"),
        State("Closed branch", "", rows(closed, sample("Femke", "It reclines.", closed))),
        State("A name with a website", "", rows(linked)),
        State("Voted down", "", rows(replace(against, up=3, down=19))),
        State("Voted up, a lot", "", rows(replace(_again(against), up=12_847, down=3))),
    )


def _shapes() -> Sequence[State]:
    """How a branch may grow."""
    deep = [sample("Gunnar Vik", "It is ten seconds.")]
    for number in range(1, 10):
        name = ("Marit Sol", "Gunnar Vik", "Ada Fenwick")[number % 3]
        deep.append(sample(name, f"Reply at level {number}.", deep[-1]))
    wide = replace(sample("Nora Whitfield", "What do you look up for?"), branch_count=20_000)
    replies = [sample(f"Reader {number}", "The crane.", wide) for number in range(1, 4)]
    laid = rows(wide, *replies)
    return (
        State("Deep", "Five levels are drawn; what is deeper says whom it answers.", rows(*deep)),
        State("Wide", "", (*laid[:-1], replace(laid[-1], more=19_997))),
    )


def _gone(status: Status) -> tuple[Row, ...]:
    gone = replace(sample("", "Gone."), status=status, author_name=None, html=None)
    return rows(gone, sample("Kees Bakker", "Not here. Come to the railing.", gone))


def _again(comment: Comment) -> Comment:
    number = next(_ids)
    return replace(comment, id=number, root_id=number)


def more_url(row: Row) -> str | None:
    """Where a page would lead for the replies it has no room for."""
    return f"/comments/{show_id(row.comment.root_id)}/replies" if row.more else None


_NAME = "Sunniva Dahl (the younger, of the boatyard by the second slip, not the one in town)"
_LONG = (
    "I worked nights in a library for twenty-two years, and the first thing you learn is that a building at "
    "night is not the same building. It has other sounds. The lift goes up by itself at two and comes down at "
    "ten past two, and in my third year I found out why: a timer moved the oil about. I could have had it "
    "stopped. I did not. It was company."
)
