"""Where an arriving article with a text of its own will stand."""

from dataclasses import replace

from rejoinder.articles.models import own_url
from rejoinder.transfer.models import ArrivingArticle
from rejoinder.transfer.queries import identity
from rejoinder.transfer.run import Run

_OWN = own_url("")


def at_free_address(run: Run, record: ArrivingArticle) -> ArrivingArticle:
    """An article of this site stands where it stood before, and takes no place of another one of its source.

    WordPress lets a post and a page have one name; exported apart, they must not become one article. Pictures move along.
    """
    if record.html is None or not record.url.startswith(_OWN):
        return record
    names = run.names("article")
    there = run.read(identity.address, url=record.url, source_id=record.id, **names)
    url = there.own or (
        f"{record.url}-{own_url(record.id).removeprefix(_OWN)}" if there.taken else record.url
    )
    if url == record.url:
        return record
    return replace(record, url=url, html=record.html.replace(f'"{record.url}/', f'"{url}/'))
