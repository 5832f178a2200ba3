"""Storing load data: many rows at once, with every counter as if each comment and vote had come by itself."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from rejoinder.articles.models import ArticleDraft, ArticleSource, Body, own_url
from rejoinder.articles.queries import article_at, insert_article, insert_revision
from rejoinder.comments.ranking import best_score, net_score
from rejoinder.db import Bind, Database, Tx
from rejoinder.demo import queries
from rejoinder.demo.load import FIRST_DAY, Load, Page, Person, SeedComment, Vote
from rejoinder.errors import Conflict
from rejoinder.publication.body import RENDER_VERSION as ARTICLE_RENDER_VERSION
from rejoinder.sites.models import Site
from rejoinder.text.markdown import RENDER_VERSION

TOGETHER = 4_000
"""Rows to a commit; a page with its whole discussion is never parted."""

Row = dict[str, Bind]


def seed(db: Database, site: Site, load: Load, *, tell: Callable[[int], None] = lambda stored: None) -> None:
    """Store load data; `tell` hears how many comments are there after each commit.

    Raises Conflict when the site has some already. Whoever stops it finds whole pages, and no half ones.
    """
    db.read_now(_refuse_twice, site)
    people = iter(load.people)
    while group := list(islice(people, TOGETHER)):
        db.write_now(_store_people, site.id, group)
    stored = 0
    for pages in _grouped(load.pages()):
        db.write_now(_store_pages, site.id, [(page, _draft(page)) for page in pages])
        stored += sum(len(page.comments) for page in pages)
        tell(stored)


def _refuse_twice(tx: Tx, site: Site) -> None:
    names = ("seed-1", "seed-deep", "seed-wide")
    if any(article_at(tx, site.id, own_url(name)) for name in names):
        raise Conflict("seeded-already", "This database holds load data already. Give the seed an empty one.")


def _grouped(pages: Iterator[Page]) -> Iterator[list[Page]]:
    group: list[Page] = []
    for page in pages:
        group.append(page)
        if sum(len(page.comments) + len(page.votes) + 10 for page in group) >= TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _draft(page: Page) -> ArticleDraft:
    """Packed before the transaction begins."""
    return ArticleDraft(
        url=own_url(page.slug),
        slug=page.slug,
        title=page.title,
        body=Body.of(page.text, page.html, ARTICLE_RENDER_VERSION),
        source=ArticleSource.IMPORT,
        published_at=page.published_at,
    )


def _store_people(tx: Tx, site_id: int, people: Sequence[Person]) -> None:
    queries.insert_visitors(tx, (_visitor_row(site_id, person) for person in people))
    queries.insert_authors(tx, (_author_row(site_id, person) for person in people))


def _store_pages(tx: Tx, site_id: int, pages: Sequence[tuple[Page, ArticleDraft]]) -> None:
    for page, draft in pages:
        insert_article(tx, site_id, page.id, draft)
        insert_revision(tx, page.id, 1, draft.body, page.published_at)
        tx.touch(f"article:{page.id}")
        if page.comments:
            queries.insert_thread(
                tx, page.thread_id, site_id, page.id, comments=len(page.comments), tops=page.top_count
            )
        queries.insert_comments(tx, (_comment_row(site_id, page, comment) for comment in page.comments))
        queries.insert_texts(tx, (_text_row(comment) for comment in page.comments))
        queries.insert_votes(tx, (_vote_row(site_id, page, vote) for vote in page.votes))
    tx.touch(f"site:{site_id}")


def _visitor_row(site_id: int, person: Person) -> Row:
    return {
        "id": person.visitor_id,
        "site_id": site_id,
        "token_hash": person.token_hash,
        "seen": FIRST_DAY,
    }


def _author_row(site_id: int, person: Person) -> Row:
    return {
        "id": person.author_id,
        "site_id": site_id,
        "name": person.signature.name,
        "name_key": person.signature.name_key,
        "visitor_id": person.visitor_id,
    }


def _comment_row(site_id: int, page: Page, comment: SeedComment) -> Row:
    place = comment.place
    return {
        "id": comment.id,
        "site_id": site_id,
        "thread_id": page.thread_id,
        "parent_id": comment.parent_id,
        "root_id": place.root_id,
        "depth": place.depth,
        "path": place.path,
        "author_id": comment.author.author_id,
        "at": place.placed_at,
        "up": comment.up,
        "down": comment.down,
        "score": net_score(comment.up, comment.down),
        "best": best_score(comment.up, comment.down),
        "replies": comment.replies,
        "branch": comment.branch,
    }


def _text_row(comment: SeedComment) -> Row:
    return {
        "comment_id": comment.id,
        "text": comment.text,
        "html": comment.html,
        "render_version": RENDER_VERSION,
        "author_name": comment.author.signature.name,
        "at": comment.place.placed_at,
    }


def _vote_row(site_id: int, page: Page, vote: Vote) -> Row:
    return {
        "comment_id": vote.comment_id,
        "voter": vote.voter.visitor_id,
        "site_id": site_id,
        "thread_id": page.thread_id,
        "value": vote.value,
        "at": vote.at,
    }
