"""What can't work is refused before a port is bound, in a sentence, and nothing is changed."""

import hashlib
import socket
import subprocess
from pathlib import Path

import apsw
import psycopg
import pytest

from databases import Databases
from drills.process import command, environment, free_port
from rejoinder.db import Engine, open_database, sqlite_path
from rejoinder.sites.queries import list_sites


def serve(**settings: str) -> "subprocess.CompletedProcess[str]":
    """Try to serve on a free port."""
    environ = environment(REJOINDER_PORT=str(free_port())) | settings
    return subprocess.run(
        command("serve"), env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def assert_refused(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    """It ended by itself, and said why."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert "Rejoinder serves" not in done.stderr


def test_bad_settings_are_all_named_before_anything_is_opened(tmp_path: Path) -> None:
    with socket.socket() as taken:  # had it tried to listen, it would complain of this
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = serve(
            REJOINDER_DATABASE_URL=f"sqlite:///{tmp_path}/data/rejoinder.db",
            REJOINDER_PORT=str(taken.getsockname()[1]),
            REJOINDER_BASE_URL="example",
            REJOINDER_LOG_LEVEL="loud",
            REJOINDER_TRUSTED_PROXIES="everybody",
        )
    assert_refused(done, "base_url", "log_level", "trusted_proxies")
    assert "Another program" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = serve(REJOINDER_DATABASE_URL=f"sqlite:///{tmp_path}/rejoinder.db", REJOINDER_PORT=port)
    assert_refused(done, "Another program listens on", "--port")
    db = open_database(f"sqlite:///{tmp_path}/rejoinder.db")
    assert db.read_now(list_sites) == []  # a server that can't listen gives no site its address
    db.close()


def test_another_programs_database_is_left_as_it_is(databases: Databases, engine: Engine) -> None:
    with databases.empty(engine) as url:
        before = make_foreign(url, engine)
        done = serve(REJOINDER_DATABASE_URL=url)
        assert_refused(done, "another program's database")
        assert before == fingerprint(url, engine)


def test_a_newer_database_is_left_as_it_is(databases: Databases, engine: Engine) -> None:
    with databases.empty(engine) as url:
        newer = "INSERT INTO schema_versions (version, name, applied_at) VALUES (99, 'later', 1)"
        db = open_database(url, create=True)
        db.write_now(lambda tx: tx.run(newer))
        db.close()
        assert_refused(serve(REJOINDER_DATABASE_URL=url), "schema 99", "Nothing was changed")


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "holiday.db"
    path.write_bytes(b"Dear diary, " * 1000)
    assert_refused(serve(REJOINDER_DATABASE_URL=f"sqlite:///{path}"), "is not an SQLite database")
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rejoinder.db"
    open_database(f"sqlite:///{path}", create=True).close()
    with path.open("r+b") as file:
        file.seek(100)  # behind the file's header stands the first page: the schema
        file.write(b"\xff" * 3000)
    assert_refused(
        serve(REJOINDER_DATABASE_URL=f"sqlite:///{path}"), "is damaged", "restore the latest backup"
    )


@pytest.mark.parametrize("place", ["folder", "file/rejoinder.db"])
def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert_refused(serve(REJOINDER_DATABASE_URL=f"sqlite:///{tmp_path}/{place}"), "can't be opened")


def test_a_postgresql_that_is_not_there_is_told(tmp_path: Path) -> None:
    url = f"postgresql://nobody@/none?host={tmp_path}"
    assert_refused(serve(REJOINDER_DATABASE_URL=url), "PostgreSQL can't be reached")


def make_foreign(url: str, engine: Engine) -> str:
    """A database with somebody else's table; what it is like."""
    if engine == "sqlite":
        other = apsw.Connection(str(sqlite_path(url)))
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.close()
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE recipes (name text)")
    return fingerprint(url, engine)


def fingerprint(url: str, engine: Engine) -> str:
    """The bytes of a file, the names of tables."""
    if engine == "sqlite":
        return hashlib.sha256(sqlite_path(url).read_bytes()).hexdigest()
    with psycopg.connect(url) as connection:
        return str(
            connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        )
