"""Flat rows become nested lists: well-formed whatever page of a discussion they are."""

from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from rejoinder.comments.models import DRAWN_LEVELS, Comment, Status
from rejoinder.comments.tree import arrange
from rejoinder.web.rendering import Rendering
from rejoinder.web.static import Static

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Drawn:
    """A row as a page hands it to the template."""

    comment: Comment
    level: int
    more: int
    more_url: str | None

    @property
    def fragment(self) -> Markup:
        return Markup("<li id='{}'>").format(self.comment.id)


def comment(number: int, depth: int) -> Comment:
    return Comment(
        id=number, thread_id=1, parent_id=None, root_id=1, depth=depth, path=b"", status=Status.PUBLISHED,
        label=None, language=None, posted_at=NOON, placed_at=NOON, edited_at=None, changed=0, up=0, down=0,
        reply_count=0, branch_count=0, pinned_until=None, closed_at=None, author_name="Nell", author_website=None,
        parent_name=None, html="<p>Well said.</p>",
    )  # fmt: skip


def branch(*depths: int, indent: int = DRAWN_LEVELS, first: int = 1, elided: int = 0) -> list[Drawn]:
    comments = [comment(number, depth) for number, depth in enumerate(depths, first)]
    rows = arrange(comments, indent=indent, elided=elided)
    return [Drawn(row.comment, row.level, row.more, "/more" if row.more else None) for row in rows]


class Lists(HTMLParser):
    """How deep each item stands; a list or an item closed out of turn is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.levels: dict[str, int] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "li":
            self.levels[dict(attrs).get("id") or "note"] = self.open.count("ol") - 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def rendering(tmp_path_factory: pytest.TempPathFactory) -> Rendering:
    folder: Path = tmp_path_factory.mktemp("static")
    (folder / "manifest.json").write_text("{}")
    return Rendering(Static(folder))


def test_a_reply_stands_in_the_item_of_what_it_answers(rendering: Rendering) -> None:
    draw = rendering.macro("comments/_thread.html", "thread", "en")

    lists = Lists(draw([*branch(0, 1, 2, 1), *branch(0, first=5)]))

    assert lists.levels == {"1": 0, "2": 1, "3": 2, "4": 1, "5": 0}
    assert lists.open == []


def test_a_site_may_indent_less(rendering: Rendering) -> None:
    draw = rendering.macro("comments/_thread.html", "thread", "en")

    lists = Lists(draw(branch(0, 1, 2, 3, indent=1)))

    assert lists.levels == {"1": 0, "2": 1, "3": 1, "4": 1}


def test_what_has_no_room_is_led_to_at_the_end_of_its_branch(rendering: Rendering) -> None:
    draw = rendering.macro("comments/_thread.html", "thread", "en")

    html = draw([*branch(0, 1, elided=1), *branch(0, first=3)])

    assert '</li></ol><a class="branch" href="/more">View 1 more reply</a></li>' in html
    assert Lists(html).levels == {"1": 0, "2": 1, "3": 0}


@given(depths=st.lists(st.integers(0, 40), max_size=30), indent=st.integers(1, DRAWN_LEVELS))
def test_any_stretch_of_a_branch_is_well_formed(rendering: Rendering, depths: list[int], indent: int) -> None:
    draw = rendering.macro("comments/_thread.html", "thread", "en")

    lists = Lists(draw(branch(*depths, indent=indent), here=2))

    assert lists.open == []
    assert all(level <= indent for level in lists.levels.values())
    assert len([name for name in lists.levels if name != "note"]) == len(depths)
