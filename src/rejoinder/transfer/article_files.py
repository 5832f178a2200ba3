"""Imported articles leave as files of a folder, which then takes them over: each serves the page that was served before."""

import re
import shutil
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import yaml
from pydantic import ValidationError

from rejoinder.articles.find import get_body, list_articles
from rejoinder.articles.models import (
    TITLE_LENGTH,
    Article,
    ArticleSource,
    ArticleState,
    Discussion,
    own_url,
)
from rejoinder.db import Database, Tx
from rejoinder.publication.article_file import ArticleFile, Reading, read_article
from rejoinder.publication.body import draw_body
from rejoinder.publication.faults import Faults
from rejoinder.publication.folder import scan_folder
from rejoinder.publication.frontmatter import MOST_ALIASES, FrontMatter
from rejoinder.publication.pictures import Beside, NoPicture, find_picture
from rejoinder.publication.slugs import SUFFIX, check_slug, slug_of
from rejoinder.sites.models import Site
from rejoinder.transfer.article_texts import texts_of
from rejoinder.transfer.models import TextFormat
from rejoinder.transfer.queries import leaving

_KEYS = {
    "title": "title",
    "byline": "byline",
    "origin": "origin",
    "published_at": "published",
    "updated_at": "updated",
    "section": "section",
    "language": "language",
    "lead": "lead",
    "image": "image",
    "state": "draft",
    "discussion": "discussion",
    "close_at": "close_after_days",
}
"""What an article says of itself, and the key in which its file says it."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Listed:
    """An imported article before its text is read, of which one is held at a time."""

    article: Article
    is_markdown: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """An imported article with its text and its earlier addresses; `markdown` is what it was written in, if it was."""

    article: Article
    html: str
    markdown: str | None
    aliases: tuple[str, ...]


@dataclass(slots=True)
class Exported:
    """Files that were written; those that were not, and why; those that say something else than the article did."""

    written: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)


def export_articles(
    db: Database, site: Site, folder: Path, *, pictures: Path | None, force: bool, now: datetime
) -> Exported:
    """Write every imported article of a site to a folder; a file that is there stays unless `force`.

    `pictures` is the folder that the articles' pictures are served from; they come along.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = {entry.slug: entry.path for entry in scan_folder(folder).entries}
    names: set[str] = set()
    exported = Exported()
    for listed in db.read_now(_list, site):
        article = listed.article
        slug = article.slug or ""
        why = _why_left(slug, taken.get(slug), names, force=force)
        if why:
            exported.left.append(f"{article.url}: {why}.")
            continue
        leaving_article = db.read_now(_load, listed)
        if pictures is not None and pictures.resolve() != folder.resolve():
            _take_pictures(leaving_article, pictures, folder)
        unlike = _write(leaving_article, folder, site, now)
        if unlike is None:
            exported.left.append(f"{article.url}: can't be said in a file.")
            continue
        names.add(slug.casefold())
        exported.written.append(slug + SUFFIX)
        if unlike:
            exported.unlike.append(f"{slug}{SUFFIX}: can't say the same in {', '.join(unlike)}.")
    return exported


def _list(tx: Tx, site: Site) -> list[_Listed]:
    articles = [
        article
        for article in list_articles(tx, site.id)
        if article.source is ArticleSource.IMPORT and article.state is not ArticleState.GONE
    ]
    ids = [article.id for article in articles]
    aliases: dict[int, list[str]] = {}
    for alias in leaving.aliases_of(tx, site.id, ids):
        aliases.setdefault(alias.article_id, []).append(alias.url)
    names = leaving.names_of(tx, site.id, "article", ids)
    in_markdown = {name.local_id for name in names if name.seen_as == TextFormat.MARKDOWN}
    return [_Listed(a, a.id in in_markdown, tuple(aliases.get(a.id, ()))) for a in articles]


def _load(tx: Tx, listed: _Listed) -> Leaving:
    body = get_body(tx, listed.article).body
    return Leaving(listed.article, body.html, body.written() if listed.is_markdown else None, listed.aliases)


def _why_left(slug: str, there: PurePosixPath | None, names: AbstractSet[str], *, force: bool) -> str | None:
    """Why an article can't have a file of its name."""
    name = slug + SUFFIX
    try:
        check_slug(slug)
    except ValueError:
        return "its address can't be the name of a file"
    if slug_of(PurePosixPath(name)) != slug:
        return "its address can't be the name of a file"
    if there is not None and (not force or there != PurePosixPath(name)):
        return f"{there} is there already"
    if slug.casefold() in names:
        return "another article has a name that differs only in its capitals"
    return None


def _take_pictures(leaving: Leaving, source: Path, folder: Path) -> None:
    """Copy the pictures that an article shows to where they lie beside its file."""
    beside = source / PurePosixPath(leaving.article.source_path or "").parent
    for name in _pictures_of(leaving):
        target = folder / name
        try:
            picture = find_picture(source, beside, name)
        except NoPicture:
            continue
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, target)


def _pictures_of(leaving: Leaving) -> list[str]:
    home = own_url(leaving.article.slug or "") + "/"
    shown = re.findall(f'<img [^>]*?src="{re.escape(home)}([^"]+)"', leaving.html)
    lead = leaving.article.image.src if leaving.article.image else ""
    return [unquote(name) for name in (*shown, *([lead.removeprefix(home)] if lead.startswith(home) else ()))]


def _write(leaving: Leaving, folder: Path, site: Site, now: datetime) -> list[str] | None:
    """Write a file of which it was tried what it serves; the keys in which that differs, None where it can't be read."""
    slug = leaving.article.slug or ""
    part = folder / f".{slug}{SUFFIX}.part"
    head = yaml.safe_dump(
        _front_of(leaving), allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=False
    )
    unlike: list[str] | None = None
    for text in _texts(leaving, folder, site):
        part.write_text(f"---\n{head}---\n{text}\n", encoding="utf-8")
        file = read_article(PurePosixPath(part.name), slug, Reading(site, folder, now), Faults(part.name))
        unlike = _differences(file, leaving) if file else None
        if unlike == []:
            break
    if unlike is None:
        part.unlink()
    else:
        part.replace(folder / (slug + SUFFIX))
    return unlike


def _texts(leaving: Leaving, folder: Path, site: Site) -> Iterator[str]:
    slug = leaving.article.slug or ""
    language = leaving.article.language or site.rules.language
    if leaving.markdown is not None:
        yield leaving.markdown
    home = own_url(slug) + "/"

    def draw(text: str) -> str:
        html = draw_body(text, Beside(slug, folder, folder), language, Faults(""), 1)
        return html.replace(f'src="{home}', 'src="')

    yield from texts_of(leaving.html.replace(f'src="{home}', 'src="'), draw)


def _differences(file: ArticleFile, leaving: Leaving) -> list[str]:
    keys = [key for name, key in _KEYS.items() if getattr(file.draft, name) != getattr(leaving.article, name)]
    if not set(leaving.aliases) <= set(file.draft.aliases):
        keys.append("aliases")
    return [*keys, *(["the text"] if file.draft.body.html != leaving.html else [])]


def _front_of(leaving: Leaving) -> dict[str, Any]:
    """The head of the file, without what says nothing and without what a file may not say."""
    article = leaving.article
    byline = article.byline.model_dump(mode="json", exclude_none=True)
    front = {
        "title": article.title,
        "byline": byline.get("text") if not article.byline.authors else None,
        "authors": byline.get("authors"),
        "origin": article.origin.model_dump(mode="json", exclude_none=True) if article.origin else None,
        "published": _time(article.published_at),
        "updated": _time(article.updated_at),
        "section": article.section,
        "language": article.language,
        "lead": article.lead,
        "image": _image(article),
        "aliases": [alias for alias in leaving.aliases if len(alias) <= TITLE_LENGTH][:MOST_ALIASES],
        "draft": "true" if article.state is ArticleState.PRIVATE else None,
        "discussion": article.discussion.value if article.discussion is not Discussion.OPEN else None,
        "close_after_days": _days_open(article),
    }
    told = {key: value for key, value in front.items() if value not in (None, [])}
    try:
        FrontMatter.model_validate(told)
    except ValidationError as wrong:
        return {key: value for key, value in told.items() if key not in {e["loc"][0] for e in wrong.errors()}}
    return told


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _image(article: Article) -> dict[str, Any] | None:
    if article.image is None:
        return None
    src = unquote(article.image.src.removeprefix(own_url(article.slug or "") + "/"))
    alt, credit = article.image.alt, article.image.credit
    return {"src": src} | ({"alt": alt} if alt else {}) | ({"credit": credit} if credit else {})


def _days_open(article: Article) -> int | None:
    """How many whole days the discussion is open; a file can't say it otherwise."""
    if article.close_at is None or article.published_at is None:
        return None
    days, rest = divmod(article.close_at - article.published_at, _DAY)
    return days if not rest and days >= 0 else None
