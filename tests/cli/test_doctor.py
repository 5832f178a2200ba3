"""`rejoinder doctor` says what is wrong in words, and what to do; its exit status tells a program the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest
from typer.testing import CliRunner, Result

from mail_server import SENDER, mail_server
from rejoinder.cli import app
from rejoinder.db import Database, Engine, new_id, open_database, sqlite_path
from rejoinder.db.findings import MEGABYTE, space
from rejoinder.sites.settle import settle_site
from serving import free_port
from signed_tokens import jwk_of
from web_server import Answer, web_server

Doctor = Callable[..., Result]


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Doctor:
    """The command, on a database of either engine."""
    monkeypatch.setenv("REJOINDER_DATABASE_URL", database_url)
    if database_url.startswith("sqlite"):
        sqlite_path(database_url).chmod(0o600)
    return lambda *words: CliRunner().invoke(app, ["doctor", *words])


def unwell(doctor: Doctor, *words: str) -> dict[str, Any]:
    """What is not well, by name; durability is left out: the tests' own PostgreSQL runs without fsync."""
    answer = json.loads(doctor("--json", *words).stdout)
    return {f["name"]: f for f in answer["findings"] if not f["well"] and f["name"] != "durability"}


def spoil(db: Database) -> None:
    """A thread that says it has seven comments, and has none."""
    site = db.write_now(settle_site, None)
    db.write_now(
        lambda tx: tx.run(
            """
            INSERT INTO articles (id, site_id, url, state, source, title, byline, discussion, revision, version)
            VALUES (1, :site, '/articles/lamp', 'public', 'embed', 'Lamp', '{}', 'open', 1, 1)
            """,
            site=site.id,
        )
    )
    db.write_now(
        lambda tx: tx.run(
            """
            INSERT INTO threads (id, site_id, article_id, state, version, comment_count, top_count)
            VALUES (1, :site, 1, 'open', 1, 7, 0)
            """,
            site=site.id,
        )
    )


def test_a_sound_database_is_well(doctor: Doctor, engine: Engine) -> None:
    result = doctor()
    assert "✓ The schema is number" in result.stdout
    assert "✓ The database is whole." in result.stdout
    assert "✓ Every counter is what its rows say." in result.stdout
    if engine == "sqlite":
        assert (result.exit_code, "✗" in result.stdout) == (0, False)


def test_a_server_that_does_not_sync_is_named(doctor: Doctor, engine: Engine) -> None:
    result = doctor()
    assert ("fsync is off" in result.stdout) is (engine == "postgresql")
    assert result.exit_code == (1 if engine == "postgresql" else 0)


def test_a_wrong_counter_is_told_and_set_right(doctor: Doctor, db: Database) -> None:
    spoil(db)
    result = doctor()
    assert result.exit_code == 1
    assert "comment_count was 7, the rows say 0" in result.stdout
    assert "Run: rejoinder doctor --repair" in result.stdout

    assert "1 counters were set right" in doctor("--repair").stdout
    assert unwell(doctor) == {}


def test_the_answer_for_programs_is_one_line(doctor: Doctor, db: Database) -> None:
    spoil(db)
    result = doctor("--json")
    answer = json.loads(result.stdout)
    assert (result.stdout.count("\n"), answer["well"]) == (1, False)
    assert [(d["comment"], d["counter"], d["stored"], d["actual"]) for d in answer["drift"]] == [
        (None, "comment_count", 7, 0)
    ]


def test_a_job_that_nobody_does_is_named_with_its_error(doctor: Doctor, db: Database) -> None:
    db.write_now(
        lambda tx: tx.run(
            """
            INSERT INTO outbox (id, kind, dedupe_key, payload, run_at, attempts, last_error)
            VALUES (:id, 'purge-pages', 'a', '{}', 1, 7, 'PurgeFailed')
            """,
            id=new_id(),
        )
    )
    assert "1 purge-pages (PurgeFailed)" in unwell(doctor)["outbox"]["says"]


def test_plain_http_beyond_this_machine_is_not_well(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REJOINDER_BASE_URL", "http://blog.example.org")
    assert "https" in unwell(doctor)["address"]["advice"]


@pytest.mark.parametrize(
    ("base_url", "says"),
    [
        ("https://blog.example.org", "Passkeys are kept for blog.example.org"),
        ("http://localhost:8080", "Passkeys are kept for localhost"),
        ("http://127.0.0.1:8080", "Nobody can use a passkey at http://127.0.0.1:8080"),
        ("https://[2001:db8::1]", "Nobody can use a passkey"),
        ("http://blog.example.org", "Nobody can use a passkey"),
    ],
)
def test_whether_passkeys_can_be_used_is_said(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, base_url: str, says: str
) -> None:
    monkeypatch.setenv("REJOINDER_BASE_URL", base_url)
    assert says in " ".join(doctor().stdout.split())


def test_a_newer_schema_is_refused_and_nothing_changed(doctor: Doctor, db: Database) -> None:
    db.write_now(
        lambda tx: tx.run("INSERT INTO schema_versions (version, name, applied_at) VALUES (99, 'later', 1)")
    )
    found = unwell(doctor)
    assert "has schema 99" in found["schema"]["says"]
    db.write_now(lambda tx: tx.run("DELETE FROM schema_versions WHERE version = 99"))


def test_a_database_that_can_not_be_reached_is_a_sentence(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REJOINDER_DATABASE_URL", f"postgresql://nobody@/none?host={tmp_path}")
    result = doctor()
    assert (result.exit_code, "✗ PostgreSQL can't be reached" in result.stdout) == (1, True)


@pytest.mark.parametrize("engine", ["sqlite"])
class TestTheFile:
    """What can be wrong with a SQLite file."""

    def test_others_who_may_read_it_are_told_of(self, doctor: Doctor, database_url: str) -> None:
        sqlite_path(database_url).chmod(0o644)
        assert "chmod 600" in unwell(doctor)["permissions"]["advice"]

    def test_a_folder_for_everybody_is_told_of(
        self, doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = f"sqlite:///{tmp_path}/open/rejoinder.db"
        open_database(url, create=True).close()
        monkeypatch.setenv("REJOINDER_DATABASE_URL", url)
        (tmp_path / "open").chmod(0o777)
        assert "chmod o-w" in unwell(doctor)["permissions"]["advice"]

    def test_an_absent_one_is_not_made(
        self, doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REJOINDER_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
        assert "There is no database" in unwell(doctor)["database"]["says"]
        assert not (tmp_path / "none.db").exists()

    def test_one_with_damaged_pages_is_not_whole(self, doctor: Doctor, database_url: str) -> None:
        damage(sqlite_path(database_url), "articles_by_url")
        found = unwell(doctor)
        assert "damaged" in found["integrity"]["says"]
        assert "restore the latest backup" in found["integrity"]["advice"]


def damage(path: Path, name: str) -> None:
    """Overwrite the root page of a table or an index."""
    with_file = apsw.Connection(str(path))
    page, size = with_file.execute(
        "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = ?", (name,)
    ).fetchall()[0]
    with_file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    with_file.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


@pytest.mark.parametrize(
    ("free", "size", "is_well"), [(600, 10, True), (400, 10, False), (900, 1000, False), (1100, 1000, True)]
)
def test_a_disk_needs_room_for_a_copy(free: int, size: int, is_well: bool) -> None:
    assert space(free * MEGABYTE, size * MEGABYTE).is_well is is_well


@pytest.mark.parametrize("way", ["smtp", "closed", "folder", "none"])
def test_whether_mail_works_is_said(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    with mail_server() as sink:
        urls = {"smtp": sink.url, "closed": f"smtp://127.0.0.1:{free_port()}", "folder": f"file://{tmp_path}"}
        if way != "none":
            monkeypatch.setenv("REJOINDER_MAIL_URL", urls[way])
            monkeypatch.setenv("REJOINDER_MAIL_FROM", SENDER)
        findings = {f["name"]: f for f in json.loads(doctor("--json").stdout)["findings"]}
    said = {
        "smtp": "takes mail",
        "closed": "can't be sent",
        "folder": "is written into",
        "none": "No mail is",
    }
    assert said[way] in findings["mail"]["says"]
    assert findings["mail"]["well"] is (way != "closed")
    assert sink.arrived == []


def test_ways_to_sign_in_elsewhere_are_looked_at(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    with web_server() as provider:
        way = {"key": "id", "name": "Lighthouse ID", "issuer": provider.url, "client_id": "lamp"}
        publisher = {
            "name": "The Harbour",
            "login_url": "https://www.example.org/login",
            "issuer": "https://www.example.org",
            "algorithm": "ES256",
            "keys_url": f"{provider.url}/keys",
        }
        monkeypatch.setenv("REJOINDER_OIDC", json.dumps([way]))
        monkeypatch.setenv("REJOINDER_SSO", json.dumps(publisher))
        found = unwell(doctor)
        assert "status 404" in found["oidc id"]["says"] and "status 404" in found["sso"]["says"]

        addresses = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        said = {"issuer": provider.url, **dict.fromkeys(addresses, f"{provider.url}/keys")}
        provider.answers["/.well-known/openid-configuration"] = Answer.json(said)
        provider.answers["/keys"] = Answer.json({"keys": []})
        assert "no public key" in unwell(doctor)["oidc id"]["says"]
        provider.answers["/keys"] = Answer.json({"keys": [jwk_of("ES256"), jwk_of("RS256")]})
        assert not unwell(doctor).keys() & {"oidc id", "sso"}
        assert "Lighthouse ID can be reached and has 2 keys" in doctor().stdout
