"""The first site is made once, whoever serves it first."""

from concurrent.futures import ThreadPoolExecutor

from rejoinder.db import Database
from rejoinder.sites.queries import list_sites
from rejoinder.sites.settle import settle_site


def test_processes_that_begin_at_once_make_one_site(db: Database) -> None:
    with ThreadPoolExecutor(8) as processes:
        sites = list(processes.map(lambda _: db.write_now(settle_site, "https://example.org"), range(8)))
    assert [site.id for site in sites] == [site.id for site in db.read_now(list_sites)] * 8


def test_the_address_follows_the_one_it_is_served_at(db: Database) -> None:
    made = db.write_now(settle_site, "http://127.0.0.1:8080")
    moved = db.write_now(settle_site, "https://example.org")
    assert (moved.id, moved.base_url) == (made.id, "https://example.org")
