"""Articles that arrive: their words made fit, their text drawn, and where they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from pydantic import TypeAdapter, ValidationError

from rejoinder.articles import queries as article_queries
from rejoinder.articles.addresses import settle_address
from rejoinder.articles.models import (
    LEAD_LENGTH,
    TITLE_LENGTH,
    Article,
    ArticleDraft,
    ArticleSource,
    ArticleState,
    Body,
    Byline,
    Image,
    Origin,
    Words,
    own_url,
)
from rejoinder.articles.store import store_article
from rejoinder.comments.queries.writing import insert_thread
from rejoinder.db import Tx, as_json, new_id
from rejoinder.errors import Invalid
from rejoinder.publication.body import RENDER_VERSION, draw_body, draw_html
from rejoinder.publication.faults import Faults
from rejoinder.publication.frontmatter import Language
from rejoinder.publication.pictures import Beside
from rejoinder.sites.models import Site
from rejoinder.text.plain import excerpt, without_controls
from rejoinder.transfer.batch import hash_of
from rejoinder.transfer.blocks import in_lines
from rejoinder.transfer.cleaning import Tell, clean_moment, own_id
from rejoinder.transfer.files import where
from rejoinder.transfer.models import ArrivingArticle, TextFormat
from rejoinder.transfer.queries import identity, rows, staging
from rejoinder.transfer.run import Run

T = TypeVar("T")

OWN = "/articles/"
NEW = "new"
"""What an article's arrival says of it once it is stored, and waits for its comments."""

REFUSED = "refused"
"""What it says of one that can't be stored."""

_NO_PICTURES = Path("no-pictures-came-with-it")
_WORDS, _LANGUAGE = TypeAdapter(Words), TypeAdapter(Language)
_BYLINE, _ORIGIN, _IMAGE = TypeAdapter(Byline), TypeAdapter(Origin), TypeAdapter(Image)


@dataclass(frozen=True, slots=True)
class ReadyArticle:
    """An article ready to be stored; `text_format` is None where it came without a text; `hash` of what its source says."""

    arrival: staging.Arrival
    draft: ArticleDraft
    text_format: TextFormat | None
    thread_id: int | None
    closed: bool
    record: ArrivingArticle
    hash: bytes


def ready_article(run: Run, arrival: staging.Arrival, record: ArrivingArticle) -> ReadyArticle | None:
    """Make an article ready; None, and told, where its address is none."""

    def tell(kind: str, sentence: str) -> None:
        run.tally.repair(kind, f"{where(arrival.place)}: {sentence}")

    try:
        draft = _draft(run, record, tell)
    except Invalid:
        tell("article", f"article {record.id}: {record.url!r:.100} is no address, so it is left out.")
        return None
    text_format = TextFormat.MARKDOWN if record.markdown is not None else TextFormat.HTML
    has_text = record.markdown is not None or record.html is not None
    thread_id = own_id(record.thread, run.source)
    return ReadyArticle(
        arrival,
        draft,
        text_format if has_text else None,
        thread_id,
        record.closed,
        record,
        hash_of(arrival.record, ()),
    )


def _draft(run: Run, record: ArrivingArticle, tell: Tell) -> ArticleDraft:
    site = run.site
    url = settle_address(site, record.url)
    slug = unquote(url.removeprefix(OWN)) if url.startswith(OWN) else None
    language = _checked(_LANGUAGE, record.language, "language", tell)
    byline = {"text": record.byline} if isinstance(record.byline, str) else record.byline
    body = _body(record, slug or "", language or site.rules.language)
    return ArticleDraft(
        url=url,
        title=_title(record.title) or url,
        body=body,
        source=ArticleSource.IMPORT if url.startswith("/") else ArticleSource.EMBED,
        slug=slug if slug and slug.isprintable() and own_url(slug) == url else None,
        # Its pictures lie where they would beside its file.
        source_path=f"{slug}.md" if slug and f'="{url}/' in body.html else None,
        state=record.state,
        language=language,
        section=_checked(_WORDS, record.section, "section", tell),
        lead=without_controls(record.lead)[:LEAD_LENGTH] if record.lead else None,
        byline=_checked(_BYLINE, byline, "byline", tell) or Byline(),
        origin=_checked(_ORIGIN, record.origin, "origin", tell),
        image=_checked(_IMAGE, record.image, "image", tell),
        published_at=clean_moment(record.published),
        updated_at=clean_moment(record.updated),
        discussion=record.discussion,
        close_at=clean_moment(record.closes),
        aliases=_settled(site, record.aliases, tell),
    )


def _title(written: str) -> str:
    return excerpt(without_controls(written), TITLE_LENGTH)[:TITLE_LENGTH]


def _body(record: ArrivingArticle, slug: str, language: str) -> Body:
    """The text as it was written, drawn as that of a file would be; pictures of another system don't come along."""
    beside = Beside(slug, _NO_PICTURES, _NO_PICTURES)
    if record.markdown is not None:
        text = without_controls(record.markdown)
        return Body.of(text, draw_body(text, beside, language, Faults(""), 1), RENDER_VERSION)
    html = without_controls(record.html or "")
    return Body.of(html, in_lines(draw_html(html, beside, language)), RENDER_VERSION)


def _checked(adapter: "TypeAdapter[T]", value: Any, what: str, tell: Tell) -> T | None:
    if value is None:
        return None
    try:
        return adapter.validate_python(value)
    except ValidationError:
        tell("article", f"the {what} {value!r:.80} can't be used, so it is left out.")
        return None


def _settled(site: Site, addresses: Sequence[str], tell: Tell) -> tuple[str, ...]:
    settled = []
    for address in addresses:
        try:
            settled.append(settle_address(site, address))
        except Invalid:
            tell("article", f"{address!r:.100} is no address, so nothing leads from there.")
    return tuple(settled)


def store_articles(tx: Tx, run: Run, ready: Sequence[ReadyArticle]) -> None:
    """Store articles. New ones are private until their comments are there; one without text leaves what is here."""
    known = identity.seen(tx, source_ids=[item.record.id for item in ready], **run.names("article"))
    for item in ready:
        seen = known.get(item.record.id)
        here = find_here(tx, run.site, item.draft.url, seen)
        if here is None:
            article_id = _store_new(tx, run, item)
        else:
            article_id = here.id
            if item.text_format is not None and not _is_kept(here, seen):
                store_article(tx, run.site, replace(item.draft, url=here.url, slug=here.slug), run.started_at)
        if item.closed or item.thread_id is not None:
            thread_id = thread_at(tx, run.site, article_id, item.thread_id)
            if item.closed and here is None:
                rows.set_thread_closed(tx, thread_id)
        _remember(tx, run, item, article_id, is_new=seen is None, made=here is None)


def tell_kept(tx: Tx, run: Run, ready: Sequence[ReadyArticle]) -> None:
    """Name the articles whose source says something new, and which stay what the publication's folder made of them."""
    known = identity.seen(tx, source_ids=[item.record.id for item in ready], **run.names("article"))
    for item in ready:
        seen = known.get(item.record.id)
        here = find_here(tx, run.site, item.draft.url, seen)
        is_news = item.text_format is not None and (seen is None or seen.seen_hash != item.hash)
        if here is None or not is_news or not _is_kept(here, seen):
            continue
        if here.state is ArticleState.GONE:
            why = "taken away here"
        else:
            since = article_queries.get_revision(tx, here.id, here.revision).seen_at
            why = f"in {here.source_path} here since {since.date().isoformat()}"
        run.tally.repair(
            "kept", f"{where(item.arrival.place)}: article {item.record.id}: {why}, kept as it is."
        )


def _is_kept(here: Article, seen: identity.Seen | None) -> bool:
    """Whether an article is the folder's; one that was taken away comes back only with a source it never came from."""
    return here.source is ArticleSource.FOLDER and (here.state is not ArticleState.GONE or seen is not None)


def find_here(tx: Tx, site: Site, url: str, seen: identity.Seen | None) -> Article | None:
    """The article that is here already: the one its source's id stands for, or the one at its address."""
    if seen is not None:
        return article_queries.article_with_id(tx, site.id, seen.local_id)
    return article_queries.article_ever_at(tx, site.id, url)


def thread_at(tx: Tx, site: Site, article_id: int, wanted: int | None) -> int:
    """The thread of an article, made if there is none, with the wanted id where that is free."""
    there = identity.thread_of(tx, site.id, article_id)
    if there is not None and there.id is not None:
        return there.id
    thread_id = new_id() if wanted is None or identity.thread_taken(tx, wanted) else wanted
    insert_thread(tx, thread_id, site.id, article_id)
    return thread_id


def _store_new(tx: Tx, run: Run, item: ReadyArticle) -> int:
    wanted = item.arrival.local_id
    stored = store_article(
        tx,
        run.site,
        replace(item.draft, state=ArticleState.PRIVATE),
        run.started_at,
        article_id=new_id() if identity.article_taken(tx, wanted) else wanted,
    )
    staging.set_stands(tx, run.id, "article", item.record.id, NEW)
    return stored.article_id


def _remember(tx: Tx, run: Run, item: ReadyArticle, article_id: int, *, is_new: bool, made: bool) -> None:
    row = {
        **run.names("article"),
        "source_id": item.record.id,
        "local_id": article_id,
        "extras": as_json(item.record.extras) if item.record.extras else None,
        "seen_hash": item.hash,
        "seen_as": item.text_format,
        "import_id": run.id,
        "made": int(made),
    }
    if is_new:
        identity.insert_source_ids(tx, [row])
    elif item.text_format is not None:
        identity.set_seen(tx, [row])
    identity.add_names(
        tx,
        [{**row, "system": s.system, "origin": s.origin, "source_id": s.id} for s in item.record.sources],
    )


def open_articles(tx: Tx, run: Run, arrivals: Sequence[tuple[staging.Arrival, ArrivingArticle]]) -> None:
    """Let readers see the articles that waited for their comments."""
    known = identity.seen(
        tx, source_ids=[arrival.source_id for arrival, _ in arrivals], **run.names("article")
    )
    for arrival, record in arrivals:
        article_id = known[arrival.source_id].local_id
        if arrival.stands == NEW:
            rows.open_article(tx, article_id, record.state)
        tx.touch(f"article:{article_id}")
    tx.touch(f"site:{run.site.id}")
