"""What the publication's pages are made from, each loaded in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup, escape

from rejoinder.articles.find import find_article, get_article, get_body, list_public
from rejoinder.articles.models import Article, ArticleState
from rejoinder.comments.discussion import Address, discussion_of
from rejoinder.comments.pages.asking import language_for, view_of
from rejoinder.comments.queries.counting import counts_of
from rejoinder.db import Tx
from rejoinder.errors import NotFound
from rejoinder.publication.cursors import read_place, write_place
from rejoinder.publication.errors import ArticleMoved, NoArticle
from rejoinder.sites.models import Site
from rejoinder.sites.queries import get_site
from rejoinder.text.addresses import write_path
from rejoinder.web.house import House
from rejoinder.web.snapshots import Sheet

ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list: the number of its comments is None where it has no discussion."""

    article: Article
    comments: int | None
    section_url: str | None


def load_front(tx: Tx, site_id: int, asked: dict[str, str]) -> Sheet:
    """The front page: the newest articles; where there are none yet, how to begin."""
    site = get_site(tx, site_id)
    listed = list_public(tx, site.id, after=read_place(asked.get("after")), limit=ON_A_PAGE + 1)
    if not listed and "after" not in asked:
        return Sheet(
            "publication/begin.html", {"site": site}, language_for(asked, site, None), _tags(site, ())
        )
    return _list(tx, site, listed, asked, section=None, at="/")


def load_section(tx: Tx, site_id: int, section: str, asked: dict[str, str]) -> Sheet:
    """The newest articles of a section. Raises `NoArticle` for one that no article is in."""
    site = get_site(tx, site_id)
    after = read_place(asked.get("after"))
    listed = list_public(tx, site.id, section=section, after=after, limit=ON_A_PAGE + 1)
    if not listed and after is None:
        raise NoArticle
    return _list(tx, site, listed, asked, section=section, at=section_url(section))


def load_article(tx: Tx, rooms: House, site_id: int, url: str, asked: dict[str, str]) -> Sheet:
    """An article with its discussion. Raises `ArticleMoved`, and `NoArticle` where readers may see nothing."""
    site = get_site(tx, site_id)
    article = _at(tx, site, url)
    language = language_for(asked, site, article.language)
    if article.state is ArticleState.GONE:
        return Sheet("publication/gone.html", {"site": site}, language, _tags(site, [article]), status=410)
    discussion = discussion_of(
        tx,
        rooms,
        site,
        article,
        view_of(asked, site),
        language=language,
        at=Address(article.url, asked.get("lang")),
    )
    thread = discussion.thread if discussion else None
    context = {
        "site": site,
        "article": article,
        "body": Markup(get_body(tx, article).html),  # noqa: S704  sanitised when it was drawn
        "discussion": discussion,
        "section_url": _section_url_of(article),
    }
    return Sheet(
        "publication/article.html",
        context,
        language,
        _tags(site, [article]) | ({f"thread:{thread.id}"} if thread else set()),
        version=discussion.version if discussion else 0,
        valid_until=discussion.closes_at if discussion else None,
        images=site.rules.images,
    )


def shown_folder(tx: Tx, site_id: int, url: str, picture: str) -> str:
    """The path of the file beside which a picture lies that a public article shows. Raises `NoArticle`.

    What an article does not show is not served, be it in the same folder: it may belong to a draft.
    """
    article = get_article(tx, site_id, url)
    if not article.is_public or article.source_path is None:
        raise NoArticle
    is_lead = article.image is not None and article.image.src == picture
    if not is_lead and f'"{escape(picture)}"' not in get_body(tx, article).html:
        raise NoArticle
    return article.source_path


def find_present(tx: Tx, site_id: int, addresses: Sequence[str]) -> str:
    """Where the public article stands now that one of these older addresses leads to. Raises `NoArticle`."""
    for address in addresses:
        try:
            article = find_article(tx, site_id, address).article
        except NotFound:
            continue
        if article.is_public and article.url.startswith("/") and article.url != addresses[0]:
            return article.url
    raise NoArticle


def section_url(section: str) -> str:
    """Where a section's page is."""
    return "/sections/" + write_path(section)


def _at(tx: Tx, site: Site, url: str) -> Article:
    found = find_article(tx, site.id, url)
    article = found.article
    if article.state is ArticleState.PRIVATE or not article.url.startswith("/"):
        raise NoArticle
    if found.moved and article.is_public:
        raise ArticleMoved(article.url)
    return article


def _list(
    tx: Tx, site: Site, listed: Sequence[Article], asked: dict[str, str], *, section: str | None, at: str
) -> Sheet:
    shown = listed[:ON_A_PAGE]
    counts = counts_of(tx, [article.id for article in shown])
    first = {"lang": asked["lang"]} if "lang" in asked else {}
    after = first | ({"after": write_place(shown[-1])} if len(listed) > len(shown) else {})
    context = {
        "site": site,
        "section": site.rules.sections.get(section, section) if section else None,
        "articles": [_listed(article, counts) for article in shown],
        "at": at,
        "next_url": _url(at, after) if after != first else None,
        "first_url": _url(at, first) if "after" in asked else None,
    }
    return Sheet("publication/list.html", context, language_for(asked, site, None), _tags(site, shown))


def _listed(article: Article, counts: Mapping[int, int]) -> Listed:
    comments = None if article.has_no_discussion else counts[article.id]
    return Listed(article, comments, _section_url_of(article))


def _url(at: str, parameters: dict[str, str]) -> str:
    return f"{at}?{urlencode(parameters)}" if parameters else at


def _section_url_of(article: Article) -> str | None:
    return section_url(article.section) if article.section else None


def _tags(site: Site, articles: Sequence[Article]) -> frozenset[str]:
    return frozenset({f"site:{site.id}", *(f"article:{article.id}" for article in articles)})
