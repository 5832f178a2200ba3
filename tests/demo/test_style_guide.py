"""The style guide: every state that LOOK promises, on one page, drawn by the real templates."""

import re
from collections import Counter

import pytest

STATES = {
    "empty": "No comments yet",
    "one": ">1 comment<",
    "10,000": ">10,000 comments<",
    "deep": "Reply at level 9.",
    "wide": "View 19,997 more replies",
    "held, mine": "Waiting for a moderator. Only you see this.",
    "edited": "<span>edited</span>",
    "deleted": "Deleted by its author.",
    "removed": "Removed by a moderator.",
    "unavailable": "This comment is not available.",
    "date unknown": "date unknown",
    "folded": '<div class="text long"',
    "closed branch": '<ol class="replies closed">',
    "closed": "This discussion is closed.",
    "mentioned": "Mentioned at 2 places",
    "pinned": "Pinned by the editors",
    "author": '<span class="label">author</span>',
    "staff": '<span class="label">staff</span>',
    "quoted": "<blockquote>",
    "code": "<pre><code>",
    "right to left": "كنت أمرّ بهذا الفرن",
    "Chinese, Japanese, Korean": "五号車の腰掛け",
    "error": 'aria-invalid="true" aria-describedby="fault-name-faulty"',
    "offline": "No connection. What you wrote is kept; try again.",
    "loading": "Posting…",
}


@pytest.mark.parametrize("shown", STATES.values(), ids=STATES.keys())
def test_a_state_is_drawn(pages: dict[str, str], shown: str) -> None:
    assert shown in pages["/styleguide"]


def test_no_id_is_there_twice(pages: dict[str, str]) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', pages["/styleguide"]))

    assert len(ids) > 50
    assert [name for name, times in ids.items() if times > 1] == []


def test_every_label_names_an_id_that_is_there(pages: dict[str, str]) -> None:
    html = pages["/styleguide"]

    named = re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', html)
    assert named
    assert set(named) <= set(re.findall(r'\sid="([^"]+)"', html))


def test_it_is_drawn_in_arabic_too(pages: dict[str, str]) -> None:
    assert '<html lang="ar" dir="rtl">' in pages["/styleguide?lang=ar"]
