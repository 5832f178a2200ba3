"""The style guide: every state, drawn by the templates that draw it for readers. Only the demo has this page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.comments.discussion import SORT_WORDS, Discussion, drawer
from rejoinder.comments.drawing import Drawer, DrawnRow
from rejoinder.comments.forms import FormModel
from rejoinder.comments.models import Comment
from rejoinder.comments.reading import Mention
from rejoinder.comments.tree import Row
from rejoinder.db import Tx
from rejoinder.demo.samples import OWN_SLOTS, State, held_state, more_url, only_comment, states
from rejoinder.sites.models import Site, Sort
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store
from rejoinder.web.house import House, house
from rejoinder.web.languages import language_of
from rejoinder.web.slots import Filled

router = APIRouter(include_in_schema=False)

AT = "/styleguide"
_ITEM = Markup('<li class="comment"')
_OWN_ITEM = Markup('<li class="comment" data-state="held" data-own')


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row with what the script adds to it for its author."""

    comment: Comment
    level: int
    fragment: Markup
    more: int = 0


@dataclass(frozen=True, slots=True)
class DrawnState:
    """A state with its rows drawn."""

    state: State
    rows: tuple[DrawnRow | OwnRow, ...]


@router.get(AT)
async def style_guide(request: Request) -> Response:
    """Every state of a discussion, a comment and the form, one below the other."""
    site, rooms = await site_of(request), house(request)
    language = language_of(request)
    context = await rooms.db.read(load_style_guide, rooms, site, language)
    return no_store(request, "demo/styleguide.html", context)


def load_style_guide(tx: Tx, rooms: House, site: Site, language: str) -> dict[str, Any]:
    """What the page is made from."""
    one, shown = only_comment(), states()
    comments = [row.comment for rows in (one, *(state.rows for state in shown)) for row in rows]
    draw = drawer(tx, rooms, site, comments, language)
    return {
        "site": site,
        "states": [DrawnState(state, _rows(state.rows, draw)) for state in shown],
        "own": _own(held_state(), rooms, site, language),
        "discussions": _discussions(rooms, site, language, _rows(one, draw)),
        "faulty": FormModel(
            site.rules,
            url=AT,
            name="Guest",
            text="What I wrote is still here.",
            errors={"name": rooms.rendering.translate(language, "Please write a name.")},
        ),
    }


def _rows(rows: Sequence[Row], draw: Drawer) -> tuple[DrawnRow, ...]:
    return tuple(DrawnRow(row.comment, row.level, row.more, more_url(row), draw) for row in rows)


def _own(state: State, rooms: House, site: Site, language: str) -> DrawnState:
    """Held comments as the script shows them to their author."""
    ids = [row.comment.id for row in state.rows]
    filled = [Filled(slot, dict.fromkeys(ids, True)) for slot in OWN_SLOTS]
    draw = Drawer(rooms.rendering, site, language, filled)
    return DrawnState(
        state,
        tuple(
            OwnRow(row.comment, row.level, draw(row.comment).replace(_ITEM, _OWN_ITEM, 1))
            for row in state.rows
        ),
    )


def _discussions(
    rooms: House, site: Site, language: str, one: tuple[DrawnRow, ...]
) -> list[tuple[str, Discussion]]:
    empty = Discussion(
        thread=None,
        count=0,
        sort=Sort.OLDEST,
        sorts=tuple(
            (sort, rooms.rendering.translate(language, word), AT, sort is Sort.OLDEST)
            for sort, word in SORT_WORDS.items()
        ),
        pinned=(),
        rows=(),
        next_url=None,
        previous_url=None,
        mentions=(),
        is_open=True,
        closes_at=None,
        form=FormModel(site.rules, url=AT),
    )
    mentions = (
        Mention("Lights worth a walk, a list", "https://walks.example/lights"),
        Mention("The Causeway Bulletin, number 88", "https://bulletin.example/88"),
    )
    return [
        ("Empty", empty),
        ("One comment", replace(empty, count=1, rows=one)),
        ("10,000 comments", replace(empty, count=10_000, next_url=AT)),
        ("Closed, mentioned elsewhere", replace(empty, count=16, is_open=False, mentions=mentions)),
    ]
