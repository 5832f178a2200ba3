"""Every statement of the source is a constant that both engines understand."""

from pathlib import Path

import apsw
import psycopg
import pytest
from source_statements import BuiltStatement, Statement, find_statements, prepare

from rejoinder.db import Database, Tx


def test_both_engines_understand_every_statement(db: Database) -> None:
    complaints = []
    for statement in find_statements():
        try:
            db.write_now(prepare, statement)
        except (apsw.Error, psycopg.Error) as error:
            complaints.append(f"{statement.place}: {error}")

    assert complaints == []


def test_statements_are_found_where_they_stand() -> None:
    found = find_statements()

    assert len(found) > 10
    assert any(statement.place.startswith("rejoinder/comments/queries") for statement in found)


@pytest.mark.parametrize(
    "argument",
    [
        "sql",
        "'SELECT ' + name",
        "f'SELECT {name}'",
        "'SELECT {}'.format(name)",
        "'SELECT %s' % name",
        "choose()",
    ],
)
def test_a_statement_built_from_values_is_found_out(tmp_path: Path, argument: str) -> None:
    (tmp_path / "queries.py").write_text(f"def find(tx, sql, name):\n    return tx.value({argument})\n")

    with pytest.raises(BuiltStatement, match="not a constant"):
        find_statements(tmp_path)


def test_constants_choices_and_tables_of_statements_are_read(tmp_path: Path) -> None:
    (tmp_path / "queries.py").write_text(
        "def find(tx, deep):\n"
        "    tx.one(Note, 'SELECT 1')\n"
        "    tx.run('SELECT 2' if deep else 'SELECT 3')\n"
        "    tx.run_many('SELECT ' + '4', [])\n"
    )

    assert [statement.sql for statement in find_statements(tmp_path)] == [
        "SELECT 1",
        "SELECT 2",
        "SELECT 3",
        "SELECT 4",
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nonsense FROM sites",
        "SELECT id FROM sites WHERE id = :id AND",
        "SELECT id FROM nowhere WHERE id IN :ids",
    ],
)
def test_a_statement_that_an_engine_does_not_understand_is_found_out(db: Database, sql: str) -> None:
    with pytest.raises(Exception, match=r"nonsense|syntax|incomplete|nowhere"):
        db.write_now(prepare, Statement("here", sql))


def test_preparing_changes_nothing(db: Database) -> None:
    def prepare_and_count(tx: Tx) -> int:
        prepare(
            tx,
            Statement(
                "here",
                "INSERT INTO limits (site_id, subject, act, times, touched_at) VALUES (:a, :b, :c, :d, :e)",
            ),
        )
        count: int = tx.value("SELECT count(*) FROM limits")
        return count

    assert db.write_now(prepare_and_count) == 0
