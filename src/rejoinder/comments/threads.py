"""The thread of an address: the one that is there, or one made for its first comment."""

from rejoinder.articles import find
from rejoinder.articles.addresses import settle_address
from rejoinder.comments.models import Thread
from rejoinder.comments.queries import reading, writing
from rejoinder.db import Tx, new_id
from rejoinder.errors import N_, Invalid, NotFound
from rejoinder.sites.models import Site


def ensure_thread(tx: Tx, site: Site, *, thread_id: int | None, url: str | None) -> Thread:
    """The thread with this id, or the discussion of the article at this address, made now if it has none.

    Raises NotFound when no public article of this site is there.
    """
    if thread_id is not None:
        return reading.get_thread(tx, site.id, thread_id)
    if not url:
        raise Invalid("thread-missing", N_("It isn't said which discussion this belongs to."), field="thread")

    article = find.find_article(tx, site.id, settle_address(site, url)).article
    if not article.is_public:
        raise NotFound("thread-not-found", N_("There is no discussion here."))
    thread = reading.find_thread_of(tx, site.id, article.id)
    if thread is None:
        writing.insert_thread(tx, new_id(), site.id, article.id)
        # Its first comment may wait for a moderator: its author finds it only from a page that names the thread.
        tx.touch(f"article:{article.id}")
        thread = reading.find_thread_of(tx, site.id, article.id)
    if thread is None:
        raise NotFound("thread-not-found", N_("There is no discussion here."))
    return thread
