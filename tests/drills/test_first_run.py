"""The first moments: nothing there yet, and everything at once (D14)."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from drills.kept import assert_sound
from drills.process import Process, served
from rejoinder.accounts.models import Role
from rejoinder.accounts.queries.staff import list_roles
from rejoinder.db import open_database
from rejoinder.sites.queries import list_sites

AT_ONCE = 20


def test_two_servers_that_begin_on_an_empty_database_at_once_are_one_site(
    empty_url: str, tmp_path: Path
) -> None:
    with served(empty_url, tmp_path, processes=2) as servers:
        assert_sound(servers[0])
        db = open_database(empty_url)
        assert [site.base_url for site in db.read_now(list_sites)] == [servers[0].base_url]
        db.close()
        assert "Traceback" not in "".join(server.log.read_text() for server in servers)


def test_twenty_who_make_the_first_owner_at_once_make_one(empty_url: str, tmp_path: Path) -> None:
    with served(empty_url, tmp_path) as (server,):

        def create(number: int) -> tuple[int, str, str]:
            name = ("Alice", "alice", "ＡＬＩＣＥ")[number % 3]
            done = server.command("admin", "create", name, "--email", "alice@mail.example")
            return done.returncode, done.stdout, done.stderr

        with ThreadPoolExecutor(AT_ONCE) as threads:
            results = list(threads.map(create, range(AT_ONCE)))
        assert [status for status, _, _ in results] == [0] * AT_ONCE, results
        assert len({link for _, link, _ in results}) == AT_ONCE

        db = open_database(empty_url)
        (owner,) = db.read_now(lambda tx: list_roles(tx, list_sites(tx)[0].id))
        db.close()
        assert owner.role is Role.OWNER
        assert_sound(server)


def test_ten_who_make_the_database_at_once_make_one(empty_url: str, tmp_path: Path) -> None:
    unborn = Process(empty_url, tmp_path)
    with ThreadPoolExecutor(10) as threads:
        results = list(threads.map(lambda _: unborn.command("migrate"), range(10)))
    assert [done.returncode for done in results] == [0] * 10, [done.stderr for done in results]
    with served(empty_url, tmp_path) as (server,):
        assert_sound(server)
