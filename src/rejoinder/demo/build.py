"""Building the demo: a folder with a publication and a database, full of people talking."""

import re
import shutil
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from rejoinder.db import Database, Tx
from rejoinder.demo import queries
from rejoinder.demo.cast import admit_staff, gather, moderator_code
from rejoinder.demo.lines import Line, lay_out
from rejoinder.demo.play import play
from rejoinder.demo.script import People, Script, read_people, read_scripts
from rejoinder.publication.sync import sync_folder
from rejoinder.settings import Settings
from rejoinder.sites.models import Site
from rejoinder.sites.queries import get_site
from rejoinder.sites.settle import settle_site

SHIPPED = Path(__file__).parent / "publication"
NEWEST = timedelta(days=3)
"""How old the newest article is when the demo starts."""

_DAY = re.compile(r"^((?:published|updated): )(\d{4}-\d{2}-\d{2})", re.MULTILINE)


def lay_out_folder(folder: Path, *, today: date) -> Path:
    """A copy of the publication that may be written in, dated as if it came out this week; one that is there stays."""
    publication = folder / "publication"
    if publication.exists():
        return publication
    files = {path: path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.md"))}
    newest = max(date.fromisoformat(day[2]) for text in files.values() for day in _DAY.finditer(text))
    later = today - NEWEST - newest
    shutil.copytree(SHIPPED, publication)
    for path, text in files.items():
        (publication / path.name).write_text(_moved(text, later), encoding="utf-8")
    return publication


def _moved(text: str, later: timedelta) -> str:
    return _DAY.sub(lambda day: f"{day[1]}{date.fromisoformat(day[2]) + later}", text)


def last_evening(now: datetime) -> datetime:
    """Seven in the evening, the last time it was: so that people speak by day, whenever the demo is started."""
    evening = now.replace(hour=19, minute=0, second=0, microsecond=0)
    return evening if evening <= now else evening - timedelta(days=1)


async def furnish(db: Database, settings: Settings, *, now: datetime) -> str:
    """Fill an empty database with the demo, keep one that is full; the moderator's sign-in link."""
    people = read_people()
    site = await db.write(settle_site, settings.base_url)
    if settings.publication and not await db.read(queries.has_threads, site.id):
        await sync_folder(db, site.id, settings.publication, now=now)
        site = await db.read(get_site, site.id)
        evening = last_evening(now)
        parts = [(script, lay_out(script, people, site.rules, start=evening)) for script in read_scripts()]
        await db.write(_play_all, site, parts, people, evening)
    code = await db.write(moderator_code, site, people, now=now)
    return f"{site.base_url}/sign-in?code={code}"


def _play_all(
    tx: Tx, site: Site, parts: Sequence[tuple[Script, Sequence[Line]]], people: People, now: datetime
) -> None:
    """All of it or nothing: who stops the demo while it is being built finds no half of it at the next start."""
    admit_staff(tx, site, people, now=now)
    names = {line.said.by for _, lines in parts for line in lines}
    cast = gather(tx, site, people, sorted(names), now=now)
    for script, lines in parts:
        play(tx, site, script, lines, cast, start=now)
