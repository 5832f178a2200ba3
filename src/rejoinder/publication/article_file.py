"""Reading one article file: from its bytes to the article it means; every fault is told with its line."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from rejoinder.articles.addresses import settle_address
from rejoinder.articles.models import (
    TITLE_LENGTH,
    ArticleDraft,
    ArticleSource,
    ArticleState,
    Body,
    Byline,
    Discussion,
    Image,
    Words,
    own_url,
)
from rejoinder.errors import Invalid
from rejoinder.publication.body import RENDER_VERSION, draw_body
from rejoinder.publication.faults import Faults
from rejoinder.publication.frontmatter import Moment, Parts, read_parts
from rejoinder.publication.markdown import find_headline
from rejoinder.publication.pictures import Beside, NoPicture
from rejoinder.publication.source import read_source
from rejoinder.sites.models import Site

_TITLE: TypeAdapter[str] = TypeAdapter(Words)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading needs to know beside the file: the site whose article it is, its folder, and the time it is."""

    site: Site
    root: Path
    now: datetime


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """What an article file means, and the lines its aliases stand in."""

    draft: ArticleDraft
    alias_lines: Mapping[str, int]


def read_article(path: PurePosixPath, slug: str, reading: Reading, faults: Faults) -> ArticleFile | None:
    """The article that a file means; None when it can't be served as it is, which `faults` then says why."""
    source = read_source(reading.root / path, faults)
    parts = None if source is None else read_parts(source, faults)
    if parts is None:
        return None
    titled = _titled(parts, faults)
    if titled is None:
        return None
    aliases = _aliases(titled.parts, reading.site, faults)
    draft = _draft(path, slug, titled, reading, faults)
    return None if faults.are_fatal else ArticleFile(replace(draft, aliases=tuple(aliases)), aliases)


def warn_of_taken(file: ArticleFile, taken: Container[str], faults: Faults) -> None:
    """Warn of the aliases of a file that are addresses of other articles."""
    for alias, line in file.alias_lines.items():
        if alias != file.draft.url and alias in taken:
            faults.warning(line, f"alias `{alias}` is the address of another article")


@dataclass(frozen=True, slots=True)
class _Titled:
    """An article's title and the text below it, which begins in line `begins`."""

    parts: Parts
    title: str
    text: str
    begins: int


def _titled(parts: Parts, faults: Faults) -> _Titled | None:
    """A first heading that is the title, or says the same, is not drawn a second time."""
    title, text, begins = parts.front.title, parts.text, parts.begins
    headline = find_headline(text)
    if title is None and (headline is None or not headline.words):
        faults.error(1, "has no title: give it a `title`, or begin the text with a heading")
        return None
    if headline is not None and (title is None or _same_words(title, headline.words)):
        title, text, begins = title or headline.words, headline.rest, begins + headline.lines
    try:
        title = _TITLE.validate_python(title)
    except ValidationError:
        faults.error(
            parts.begins, f"the heading is no title of at most {TITLE_LENGTH} characters: give a `title`"
        )
        return None
    bare = text.lstrip("\n")
    return _Titled(parts, title, bare.rstrip(), begins + len(text) - len(bare))


def _same_words(one: str, other: str) -> bool:
    """Whether two headings say the same, whatever their spaces, case and kind of quotation marks."""
    plain = str.maketrans("‘’“”–—…", "''\"\"--…")
    return "".join(one.casefold().translate(plain).split()) == "".join(
        other.casefold().translate(plain).split()
    )


def _draft(path: PurePosixPath, slug: str, titled: _Titled, reading: Reading, faults: Faults) -> ArticleDraft:
    front, rules = titled.parts.front, reading.site.rules
    zone = ZoneInfo(rules.time_zone)
    language = front.language or rules.language
    beside = Beside(slug, (reading.root / path).parent, reading.root)
    html = draw_body(titled.text, beside, language, faults, titled.begins)
    published_at = _moment(front.published, zone)
    is_due = published_at is None or published_at <= reading.now
    return ArticleDraft(
        url=own_url(slug),
        slug=slug,
        title=titled.title,
        body=Body.of(titled.text, html, RENDER_VERSION),
        source=ArticleSource.FOLDER,
        source_path=path.as_posix(),
        state=ArticleState.PRIVATE if front.draft or not is_due else ArticleState.PUBLIC,
        language=front.language,
        section=front.section,
        lead=front.lead,
        byline=Byline(text=front.byline, authors=front.authors or ()),
        origin=front.origin,
        image=_image(titled.parts, beside, faults),
        published_at=published_at,
        updated_at=_moment(front.updated, zone),
        discussion=front.discussion or Discussion(rules.discussion),
        close_at=_close_at(titled.parts, published_at, reading, faults),
    )


def _moment(written: Moment | None, zone: ZoneInfo) -> datetime | None:
    """A time in the site's zone, unless it names its own; a day begins at midnight. What is unknown stays unknown."""
    if written is None:
        return None
    moment = written if isinstance(written, datetime) else datetime.combine(written, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _image(parts: Parts, beside: Beside, faults: Faults) -> Image | None:
    named = parts.front.image
    if named is None:
        return None
    try:
        picture = beside.picture(named.src)
    except NoPicture as why:
        faults.warning(parts.written.line(("image", "src")), f"picture `{named.src}` {why}")
        return None
    return Image(
        src=picture.url, alt=named.alt, credit=named.credit, width=picture.width, height=picture.height
    )


def _close_at(
    parts: Parts, published_at: datetime | None, reading: Reading, faults: Faults
) -> datetime | None:
    days = parts.front.close_after_days
    if days is not None and published_at is None:
        faults.warning(
            parts.written.line(("close_after_days",)), "`close_after_days` counts from `published`: give it"
        )
    if days is None:
        days = reading.site.rules.close_after_days
    return None if days is None or published_at is None else published_at + timedelta(days=days)


def _aliases(parts: Parts, site: Site, faults: Faults) -> dict[str, int]:
    """Earlier addresses and their lines: whole addresses, paths of this site, or bare earlier slugs."""
    aliases: dict[str, int] = {}
    for number, alias in enumerate(parts.front.aliases or ()):
        line = parts.written.line(("aliases", number))
        is_slug = "/" not in alias and ":" not in alias
        try:
            aliases.setdefault(own_url(alias) if is_slug else settle_address(site, alias), line)
        except Invalid:
            faults.error(
                line,
                f"alias `{alias}` must be an address, a path such as /2019/lamp.html, or an earlier slug",
            )
    return aliases
