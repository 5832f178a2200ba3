"""The schema is made, brought forward and guarded by numbered steps."""

import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import psycopg
import pytest
from other_process import python

from databases import Databases
from rejoinder.db import Engine, WrongSchema, dump_schema, migrate, open_database, schema_version, sqlite_path
from rejoinder.db.migrate import for_engine, load_migrations
from rejoinder.errors import Unavailable

FIRST = "CREATE TABLE one (id INTEGER PRIMARY KEY, big BLOB, real REAL) STRICT;"
SECOND = "CREATE TABLE two (id INTEGER PRIMARY KEY, one_id INTEGER REFERENCES one (id)) STRICT;"
THIRD = "ALTER TABLE two ADD COLUMN note TEXT;"


@pytest.fixture
def url(databases: Databases, engine: Engine) -> Iterator[str]:
    """The address of an empty database."""
    with databases.empty(engine) as url:
        yield url


def steps(folder: Path, *texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts, start=1):
        (folder / f"{number:04}_step.sql").write_text(text)
    return folder


def test_steps_are_applied_once_and_in_order(url: str, tmp_path: Path) -> None:
    assert migrate(url, migrations=steps(tmp_path / "m", FIRST, SECOND)) == ["0001_step", "0002_step"]
    assert migrate(url, migrations=steps(tmp_path / "m", FIRST, SECOND, THIRD)) == ["0003_step"]
    assert migrate(url, migrations=tmp_path / "m") == []
    assert schema_version(url) == 3


def test_an_empty_database_is_made_whole_when_asked_for(url: str, tmp_path: Path) -> None:
    folder = steps(tmp_path / "m", FIRST, SECOND)
    open_database(url, create=True, migrations=folder).close()

    assert schema_version(url) == 2


def test_an_empty_database_is_refused_with_the_command_to_run(url: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSchema, match="rejoinder migrate"):
        open_database(url, migrations=steps(tmp_path / "m", FIRST))


@pytest.mark.parametrize("create", [True, False])
def test_an_older_schema_is_refused_with_the_command_to_run(url: str, tmp_path: Path, create: bool) -> None:
    migrate(url, migrations=steps(tmp_path / "old", FIRST))

    with pytest.raises(WrongSchema, match=r"has schema 1, .* needs 2.*rejoinder migrate"):
        open_database(url, create=create, migrations=steps(tmp_path / "new", FIRST, SECOND))
    assert schema_version(url) == 1


def test_a_newer_schema_is_refused_and_never_taken_back(url: str, tmp_path: Path) -> None:
    migrate(url, migrations=steps(tmp_path / "new", FIRST, SECOND))
    old = steps(tmp_path / "old", FIRST)

    with pytest.raises(WrongSchema, match="newer version"):
        open_database(url, migrations=old)
    with pytest.raises(WrongSchema, match="newer version"):
        migrate(url, migrations=old)
    assert schema_version(url) == 2


def test_a_failing_step_undoes_all_of_them(url: str, tmp_path: Path) -> None:
    migrate(url, migrations=steps(tmp_path / "m", FIRST))
    with pytest.raises(Exception, match="nonsense"):
        migrate(
            url, migrations=steps(tmp_path / "m", FIRST, SECOND, "CREATE TABLE three (id INTEGER); nonsense;")
        )

    assert schema_version(url) == 1
    assert "two" not in dump_schema(url)


def test_another_programs_database_is_left_alone(url: str, tmp_path: Path, engine: Engine) -> None:
    migrate(url, migrations=steps(tmp_path / "m", FIRST))
    _run(url, engine, "ALTER TABLE schema_versions RENAME TO theirs")

    for attempt in (lambda: migrate(url), lambda: open_database(url, create=True)):
        with pytest.raises(WrongSchema, match="another program"):
            attempt()


def _run(url: str, engine: Engine, sql: str) -> None:
    if engine == "sqlite":
        connection = apsw.Connection(str(sqlite_path(url)))
        connection.execute(sql)
        connection.close()
    else:
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(sql.encode())


def test_two_processes_that_begin_at_once_migrate_once(url: str, tmp_path: Path) -> None:
    folder = steps(tmp_path / "m", FIRST, SECOND, THIRD)
    script = (
        "import sys; from pathlib import Path; from rejoinder.db import open_database\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "open_database(sys.argv[1], create=True, migrations=Path(sys.argv[2])).close()"
    )
    processes = [python("-c", script, url, str(folder)) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert schema_version(url) == 3


def test_threads_that_migrate_at_once_apply_each_step_once(url: str, tmp_path: Path) -> None:
    folder = steps(tmp_path / "m", FIRST, SECOND, THIRD)
    applied: list[str] = []
    threads = [
        threading.Thread(target=lambda: applied.extend(migrate(url, migrations=folder))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert applied == ["0001_step", "0002_step", "0003_step"]


def test_a_step_that_leaves_rows_without_what_they_refer_to_is_undone(url: str, tmp_path: Path) -> None:
    fill = "INSERT INTO one (id) VALUES (1); INSERT INTO two (id, one_id) VALUES (1, 1);"
    migrate(url, migrations=steps(tmp_path / "m", FIRST, SECOND, fill))

    with pytest.raises(Exception, match=r"refer|foreign key"):
        migrate(url, migrations=steps(tmp_path / "m", FIRST, SECOND, fill, "DELETE FROM one;"))
    assert schema_version(url) == 3


def test_sections_are_for_one_engine_and_words_become_postgresqls_own() -> None:
    text = (
        "CREATE TABLE a (id INTEGER, b BLOB, c REAL, t TEXT DEFAULT 'INTEGER') STRICT; -- INTEGER\n"
        "CREATE TABLE b (id INTEGER PRIMARY KEY)\n  WITHOUT ROWID, STRICT;\n"
        "-- sqlite:\nSELECT 'INTEGER';\n-- postgresql:\nSELECT 1::INTEGER;\n-- both:\nSELECT CAST(1 AS INTEGER);\n"
    )
    assert for_engine(text, "postgresql") == (
        "CREATE TABLE a (id bigint, b bytea, c double precision, t TEXT DEFAULT 'INTEGER'); -- INTEGER\n"
        "CREATE TABLE b (id bigint PRIMARY KEY);\n"
        "SELECT 1::INTEGER;\nSELECT CAST(1 AS bigint);\n"
    )
    sqlite = for_engine(text, "sqlite")
    assert "STRICT" in sqlite and "SELECT 'INTEGER';" in sqlite and "::" not in sqlite


@pytest.mark.parametrize("name", ["0002_late.sql", "1_short.sql", "0001-dash.sql", "0001_Upper.sql"])
def test_a_misnamed_step_is_a_mistake(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FIRST)

    with pytest.raises(ValueError, match="0001"):
        load_migrations(tmp_path, "sqlite")


def test_an_absent_file_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(WrongSchema, match="no database at"):
        open_database(f"sqlite:///{tmp_path}/absent.db")
    assert not (tmp_path / "absent.db").exists()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_text("Shall I compare thee to a summer's day? " * 100)

    with pytest.raises(WrongSchema, match="not an SQLite database"):
        open_database(f"sqlite:///{path}", create=True)
    assert path.read_text().startswith("Shall I")


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(Unavailable, match="PostgreSQL can't be reached"):
        open_database("postgresql://nobody@127.0.0.1:9/none")


@pytest.mark.parametrize("url", ["mysql://x", "sqlite://x.db", "sqlite:///", "/srv/x.db", ""])
def test_an_address_of_neither_kind_is_a_mistake(url: str) -> None:
    with pytest.raises(ValueError, match="begins with"):
        open_database(url)
