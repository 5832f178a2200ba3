"""The thread of an address: the one that is there, or one made for its first comment."""

from rejoinder.articles import find
from rejoinder.articles.addresses import settle_address
from rejoinder.articles.models import Article, Discussion
from rejoinder.comments.models import Thread, ThreadState
from rejoinder.comments.queries import reading, writing
from rejoinder.db import Tx, new_id
from rejoinder.errors import N_, Invalid, NotFound
from rejoinder.sites.models import Site


def thread_to_be(article: Article) -> Thread:
    """The empty discussion of an article, as its first comment will find it; its id is 0."""
    return Thread(
        id=0,
        site_id=article.site_id,
        article_id=article.id,
        url=article.url,
        title=article.title,
        language=article.language,
        state=ThreadState.OPEN,
        discussion=article.discussion,
        close_at=article.close_at,
        version=0,
        comment_count=0,
        top_count=0,
    )


def find_discussion(tx: Tx, site: Site, url: str) -> Thread:
    """The discussion of the public article at this address, or that it ever had; with id 0 before the first comment.

    Raises NotFound where no public article is there, or one without a discussion, and Invalid for what is no address.
    """
    article = _public_article(tx, site, url)
    if article.discussion is Discussion.NONE:
        raise _no_discussion()
    return reading.find_thread_of(tx, site.id, article.id) or thread_to_be(article)


def ensure_thread(tx: Tx, site: Site, *, thread_id: int | None, url: str | None) -> Thread:
    """The thread with this id, or the discussion of the article at this address, made now if it has none.

    Raises NotFound when no public article of this site is there, and Invalid where both are given and disagree.
    """
    if thread_id is not None:
        named = reading.get_thread(tx, site.id, thread_id)
        if url and not _is_at(tx, named, site, url):
            raise Invalid(
                "thread-mismatch",
                N_("The id and the address lead to two different discussions."),
                field="thread",
            )
        return named
    if not url:
        raise Invalid("thread-missing", N_("It isn't said which discussion this belongs to."), field="thread")

    article = _public_article(tx, site, url)
    thread = reading.find_thread_of(tx, site.id, article.id)
    if thread is None:
        writing.insert_thread(tx, new_id(), site.id, article.id)
        # Its first comment may wait for a moderator: its author finds it only from a page that names the thread.
        tx.touch(f"article:{article.id}")
        thread = reading.find_thread_of(tx, site.id, article.id)
    if thread is None:
        raise _no_discussion()
    return thread


def _is_at(tx: Tx, thread: Thread, site: Site, url: str) -> bool:
    try:
        return _public_article(tx, site, url).id == thread.article_id
    except NotFound:
        return False


def _public_article(tx: Tx, site: Site, url: str) -> Article:
    try:
        article = find.find_article(tx, site.id, settle_address(site, url)).article
    except NotFound:
        raise _no_discussion() from None
    if not article.is_public:
        raise _no_discussion()
    return article


def _no_discussion() -> NotFound:
    return NotFound("thread-not-found", N_("There is no discussion here."))
