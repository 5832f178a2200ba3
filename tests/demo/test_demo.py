"""The demo: five pieces, people talking below them, every state a reader or moderator can meet."""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest

from demo.conftest import EVENING, PIECES, Built, opened, serving
from rejoinder.articles.find import list_public
from rejoinder.db import Database, Tx
from rejoinder.demo.build import furnish, last_evening, lay_out_folder
from rejoinder.demo.lines import lay_out
from rejoinder.demo.script import read_people, read_scripts
from rejoinder.publication.sync import sync_folder
from rejoinder.settings import load_settings
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import list_sites
from rejoinder.votes.queries import tallies

HARBOUR, LIBRARY, TREES, TRAIN, BREAD = (f"/articles/{slug}" for slug in PIECES)


async def page(browser: httpx.AsyncClient, url: str) -> str:
    answer = await browser.get(url)
    assert answer.status_code == 200, url
    return answer.text


def test_the_front_page_lists_five_pieces_and_their_comments(pages: dict[str, str]) -> None:
    html = pages["/"]

    assert html.count("<li><article>") == 5
    assert html.count(" comments</a>") == 5
    for slug in (HARBOUR, LIBRARY, TREES, TRAIN, BREAD):
        assert f'href="{slug}"' in html
        assert pages[slug].count('class="prose"') == 1


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (HARBOUR, "Pinned by the editors"),
        (HARBOUR, '<span class="label">staff</span>'),
        (HARBOUR, '<span class="label">author</span>'),
        (HARBOUR, "<blockquote>\n<p>Four and a half.</p>\n</blockquote>"),
        (HARBOUR, "<pre><code>Fl W 10s 11m 9M"),
        (HARBOUR, "Removed by a moderator."),
        (HARBOUR, "<span>edited</span>"),
        (HARBOUR, "in reply to \u2068Ada Fenwick\u2069"),
        (HARBOUR, "Mentioned at 2 places"),
        (HARBOUR, '<bdi itemprop="name">🦉</bdi>'),
        (HARBOUR, '<bdi itemprop="name">Sunniva Dahl (the younger)</bdi>'),
        (HARBOUR, '<span class="score">86</span>'),
        (HARBOUR, '<span class="score">−12</span>'),
        (HARBOUR, '<span class="score">0</span>'),
        (HARBOUR, 'href="https://archive.example/skarra/1886-mole"'),
        (HARBOUR, 'src="/articles/harbour-light/harbour-light.svg"'),
        (LIBRARY, 'Originally appeared at <a href="https://ferry-notes.example/library-hours">'),
        (LIBRARY, '<blockquote class="post">'),
        (LIBRARY, "Deleted by its author."),
        (LIBRARY, '<ol class="replies closed">'),
        (LIBRARY, '<div class="text long"'),
        (LIBRARY, "<ol>\n<li>What do the two colleagues think"),
        (TREES, "This discussion is closed."),
        (TREES, "date unknown"),
        (TREES, "Kofi [west side]"),
        (TRAIN, "急いで着いたところで"),
        (TRAIN, "四十年勤めました"),
        (BREAD, '<html lang="ar" dir="rtl">'),
        (BREAD, "رغيف القطة"),
    ],
)
def test_a_promised_state_is_on_its_page(pages: dict[str, str], url: str, shown: str) -> None:
    assert shown in pages[url]


def test_replies_go_deeper_than_levels_are_drawn(pages: dict[str, str]) -> None:
    html = pages[HARBOUR]
    depth = deepest = 0
    for tag in re.findall(r'<ol class="replies|<ol class="comments|</ol>', html):
        depth += -1 if tag == "</ol>" else 1
        deepest = max(deepest, depth)

    assert deepest == 6
    assert (
        html.index("Here we go.") < html.index("why it has to be ten?") < html.index("That is how it begins.")
    )


@pytest.mark.anyio
async def test_a_held_comment_waits_for_the_moderator_and_is_seen_by_nobody_else(
    built: Built, browser: httpx.AsyncClient
) -> None:
    assert "Light List Collector" not in await page(browser, HARBOUR)
    assert (await browser.get("/moderation")).status_code in (303, 401, 403)

    code = parse_qs(urlsplit(built.sign_in).query)["code"][0]
    assert (await browser.post("/sign-in", data={"code": code})).status_code == 303

    queue = await page(browser, "/moderation")
    assert "Light List Collector" in queue
    assert "1 comment is waiting" in queue


@pytest.mark.anyio
async def test_a_picture_and_the_logo_are_served(browser: httpx.AsyncClient) -> None:
    for url in ("/articles/harbour-light/harbour-light.svg", "/publication/slack-water.svg"):
        answer = await browser.get(url)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/svg+xml"


def test_what_was_removed_or_deleted_is_in_no_page(pages: dict[str, str]) -> None:
    assert "what she did to the boat" not in pages[HARBOUR]
    assert "Very funny." not in pages[LIBRARY]


def test_every_score_is_the_sum_of_its_votes(built: Built) -> None:
    with opened(built.database_url) as db:
        assert db.read_now(wrong_sums) == []


@pytest.mark.anyio
async def test_a_second_start_finds_what_the_first_one_built(built: Built) -> None:
    with opened(built.database_url) as db:
        before = db.read_now(count_comments)
        link = await furnish(db, built.settings, now=datetime.now(UTC))

        assert db.read_now(count_comments) == before
    assert link != built.sign_in


@pytest.mark.anyio
async def test_an_ordinary_server_has_no_style_guide(built: Built) -> None:
    with opened(built.database_url) as db:
        async with serving(db, built.settings, as_demo=False) as browser:
            assert (await browser.get("/styleguide")).status_code == 404


@dataclass(frozen=True, slots=True)
class Figures:
    """What a comment says of its votes."""

    id: int
    up: int
    down: int


def wrong_sums(tx: Tx) -> list[int]:
    """The comments whose figures differ from the votes that are stored."""
    figures = tx.all(Figures, "SELECT id, up, down FROM comments")
    counted = {tally.comment_id: (tally.up, tally.down) for tally in tallies(tx, [one.id for one in figures])}
    return [one.id for one in figures if counted.get(one.id, (0, 0)) != (one.up, one.down)]


def count_comments(tx: Tx) -> int:
    count: int = tx.value("SELECT count(*) FROM comments")
    return count


def test_the_publication_has_no_fault(db: Database, folder: Path) -> None:
    publication = lay_out_folder(folder, today=EVENING.date())
    asyncio.run(furnish(db, load_settings({}, {"publication": publication}), now=EVENING))
    (site,) = db.read_now(list_sites)

    report = asyncio.run(sync_folder(db, site.id, publication, now=EVENING))

    assert report.faults == []
    assert site.rules.name == "Slack Water"
    listed = db.read_now(list_public, site.id, limit=10)
    assert [article.published_at is None for article in listed] == [False] * 4 + [True]


@pytest.mark.parametrize("hour", [0, 18, 19, 23])
def test_nobody_comments_before_the_piece_is_out(folder: Path, hour: int) -> None:
    now = EVENING.replace(hour=hour)
    publication = lay_out_folder(folder, today=now.date())
    dated = 0

    for script in read_scripts():
        said = lay_out(script, read_people(), Rules(), start=last_evening(now))
        text = (publication / f"{script.article}.md").read_text()
        for written in re.findall(r"^published: (.+)$", text, re.MULTILINE):
            out = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo("Europe/Oslo"))
            assert out < min(line.at for line in said), script.article
            dated += 1
    assert dated == 4


def test_the_newest_piece_is_three_days_old_whenever_the_demo_starts(folder: Path) -> None:
    publication = lay_out_folder(folder, today=date(2031, 3, 2))

    days = [
        re.findall(r"^published: (\S+)", path.read_text(), re.MULTILINE) for path in publication.glob("*.md")
    ]
    assert max(day for found in days for day in found) == "2031-02-27"


def test_a_kept_publication_stays_as_its_reader_changed_it(folder: Path) -> None:
    publication = lay_out_folder(folder, today=EVENING.date())
    (publication / "town-trees.md").write_text("# Mine now\n")

    assert lay_out_folder(folder, today=date(2031, 3, 2)) == publication
    assert (publication / "town-trees.md").read_text() == "# Mine now\n"


def test_everybody_speaks_before_the_start_and_by_day_at_the_top() -> None:
    morning = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    start = last_evening(morning)
    lines = [
        line for script in read_scripts() for line in lay_out(script, read_people(), Rules(), start=start)
    ]

    assert start == datetime(2026, 11, 21, 19, tzinfo=UTC)
    assert 60 <= len(lines) <= 120
    assert all(line.at < start for line in lines)
    assert all(7 <= line.at.hour <= 22 for line in lines if line.parent is None)
