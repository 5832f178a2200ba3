"""A site: its first row, its address, the rules a file gives, and which site a host means."""

import asyncio

import pytest
from pydantic import ValidationError

from cast import all_at_once
from rejoinder.db import Database, Tx, new_id
from rejoinder.sites.lookup import Sites, WrongHost
from rejoinder.sites.models import HoldPolicy, Rules, Site
from rejoinder.sites.queries import get_site, insert_site, list_sites, set_rules
from rejoinder.sites.settle import apply_publication, settle_site

HOME = "http://127.0.0.1:8080"


def give(db: Database, site: Site, **values: object) -> Site:
    return db.write_now(apply_publication, site, values)


def test_an_empty_database_gets_its_first_site_with_rules_one_can_live_with(db: Database) -> None:
    site = db.write_now(settle_site, None)
    assert (site.base_url, site.rules, site.locked) == (HOME, Rules(), ())
    assert db.write_now(settle_site, None) == site


def test_twenty_first_starts_settle_one_site(db: Database) -> None:
    answers = all_at_once(20, lambda n: db.write_now(settle_site, HOME))

    assert [answer for answer in answers if not isinstance(answer, Site)] == []
    assert len(db.read_now(list_sites)) == 1


def test_a_site_follows_the_address_it_is_served_at_and_stays_itself(db: Database) -> None:
    site = db.write_now(settle_site, HOME)
    moved = db.write_now(settle_site, "https://lamp.example")

    assert (moved.id, moved.base_url) == (site.id, "https://lamp.example")
    assert moved.version > site.version
    assert db.write_now(settle_site, "https://lamp.example").version == moved.version
    assert db.write_now(settle_site, None) == moved


def test_a_second_site_keeps_its_address(db: Database) -> None:
    first = db.write_now(settle_site, HOME)
    db.write_now(insert_site, second := new_id(), "https://second.example", Rules())

    assert db.write_now(settle_site, "https://first.example").id == first.id
    assert db.read_now(get_site, second).base_url == "https://second.example"


def test_rules_of_a_file_are_locked_until_the_file_lets_them_go(db: Database) -> None:
    site = give(db, db.write_now(settle_site, HOME), name="The Lamp", hold="all")
    assert (site.rules.name, site.rules.hold, site.locked) == ("The Lamp", HoldPolicy.ALL, ("hold", "name"))

    site = give(db, site, name="The Lamp")
    assert (site.rules.hold, site.locked) == (HoldPolicy.NONE, ("name",))
    site = give(db, site)
    assert (site.rules, site.locked) == (Rules(), ())


def test_rules_that_no_file_gives_stay_as_the_owner_set_them(db: Database) -> None:
    def choose(tx: Tx) -> Site:
        site = settle_site(tx, HOME)
        set_rules(tx, site.id, Rules(votes=False), ())
        return get_site(tx, site.id)

    site = give(db, db.write_now(choose), name="The Lamp")
    assert (site.rules.votes, site.rules.name) == (False, "The Lamp")


def test_a_file_that_says_the_same_changes_nothing(db: Database) -> None:
    site = give(db, db.write_now(settle_site, HOME), name="The Lamp")
    assert give(db, site, name="The Lamp").version == site.version
    assert give(db, site, name="The Torch").version == site.version + 1


@pytest.mark.parametrize(
    "values", [{"colour": "red"}, {"hold": "some"}, {"edit_minutes": -1}, {"time_zone": "Mars"}]
)
def test_a_rule_that_is_none_is_refused_and_nothing_is_lost(db: Database, values: dict[str, object]) -> None:
    site = give(db, db.write_now(settle_site, HOME), name="The Lamp")
    with pytest.raises(ValidationError):
        give(db, site, **values)
    assert db.read_now(get_site, site.id) == site


def test_a_host_means_the_site_whose_address_has_it(db: Database) -> None:
    async def ask(host: str) -> Site:
        sites = Sites(db)
        await sites.load()
        return await sites.at(host)

    site = db.write_now(settle_site, "https://lamp.example")
    assert asyncio.run(ask("lamp.example")) == site
    assert asyncio.run(ask("LAMP.example")) == site
    for host in (
        "",
        "example",
        "lamp.example:443",
        "lamp.example.",
        "www.lamp.example",
        "127.0.0.1",
        "lamp.example@evil",
    ):
        with pytest.raises(WrongHost):
            asyncio.run(ask(host))


@pytest.mark.parametrize(
    ("base_url", "other", "is_meant"),
    [
        ("http://127.0.0.1:8080", "localhost:8080", True),
        ("http://127.0.0.1:8080", "[::1]:8080", True),
        ("http://127.0.0.1:8080", "LOCALHOST:8080", True),
        ("http://127.0.0.1", "localhost", True),
        ("http://localhost", "[::1]", True),
        ("http://127.0.0.1:8080", "localhost:8081", False),
        ("http://127.0.0.1:8080", "localhost", False),
        ("http://127.0.0.1:8080", "evil.example:8080", False),
        ("http://127.0.0.1:8080", "localhost:8080:8080", False),
        ("https://lamp.example", "localhost", False),
    ],
)
def test_another_name_of_this_machine_means_the_site_at_the_same_port(
    db: Database, base_url: str, other: str, is_meant: bool
) -> None:
    async def ask() -> Site | None:
        sites = Sites(db)
        await sites.load()
        return sites.meant_by(other)

    site = db.write_now(settle_site, base_url)
    assert asyncio.run(ask()) == (site if is_meant else None)


def test_a_site_that_moves_is_found_at_its_new_host_at_once(db: Database) -> None:
    async def ask() -> tuple[Site, str | None]:
        sites = Sites(db)
        db.on_touch.append(sites.touched)
        await sites.load()
        await db.write(settle_site, "https://lamp.example")
        site = await sites.at("lamp.example")
        with pytest.raises(WrongHost):
            await sites.at("127.0.0.1:8080")
        return site, sites.base_url_at("lamp.example")

    db.write_now(settle_site, HOME)
    site, base_url = asyncio.run(ask())
    assert site.base_url == base_url == "https://lamp.example"
