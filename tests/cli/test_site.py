"""`rejoinder site` reads and changes settings with the checks and the words of the page, and says what it did."""

import json
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from rejoinder.cli import app
from rejoinder.cli.values import write_value
from rejoinder.db import Database
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import list_sites
from rejoinder.sites.schema import SETTINGS
from rejoinder.sites.settle import apply_publication, settle_site
from settings import OTHER

Command = Callable[..., Result]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, database_url: str, db: Database) -> Command:
    """The command, beside an open database with one site."""
    monkeypatch.setenv("REJOINDER_DATABASE_URL", database_url)
    db.write_now(settle_site, "https://lamp.example")
    return lambda *words: CliRunner().invoke(app, ["site", *words])


def rules(db: Database, number: int = 0) -> Rules:
    return db.read_now(list_sites)[number].rules


@pytest.mark.parametrize("name", SETTINGS)
def test_what_it_prints_it_takes_and_what_it_takes_it_sets_back(
    site: Command, db: Database, name: str
) -> None:
    before = site("get", name).stdout.rstrip("\n")
    value = OTHER[name]
    written = write_value(SETTINGS[name], value)
    assert site("set", f"{name}={written}").exit_code == 0
    assert rules(db).model_dump(mode="json")[name] == value
    assert json.loads(site("get", name, "--json").stdout) == value

    assert site("set", f"{name}={before}").exit_code == 0
    assert rules(db) == Rules()
    site("set", f"{name}={written}")
    assert json.loads(site("reset", name, "--json").stdout) == {name: SETTINGS[name].default}
    assert rules(db) == Rules()


def test_several_are_changed_together_or_not_at_all(site: Command, db: Database) -> None:
    done = site("set", "votes=off", "hold=all", "accent=red", "held_links=-1")

    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "accent must be a colour such as #8c2f1b.",
        "held_links must be at least 0.",
    ]
    assert rules(db) == Rules()
    assert site("set", "votes=off", "hold=all").stderr.splitlines() == ["votes = off", "hold = all"]
    assert (rules(db).votes, rules(db).hold) == (False, "all")


def test_the_same_again_is_no_change(site: Command) -> None:
    site("set", "votes=off")
    assert "nothing was changed" in site("set", "votes=off").stderr
    assert site("set", "votes=off", "--json").stdout == "{}\n"
    assert len(json.loads(site("log", "--json").stdout)) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("get", "vote"), "There is no setting vote. Did you mean votes?"),
        (("set", "reserved_name=x"), "Did you mean reserved_names?"),
        (("set", "votes"), "write votes=VALUE"),
        (("set", "navigation=About"), 'navigation takes JSON, such as \'[{"label": "About"'),
        (("set", "sections=coast"), 'sections takes JSON, such as \'{"coast": "The coast"}\''),
        (("set", "origins=https://a.example/"), "origins: “https://a.example/” must be an origin"),
        (("set", "name="), "name must be words on one line."),
        (("reset", "nonsense"), "There is no setting nonsense. `rejoinder site show` lists all."),
        (("show", "--site", "https://none.example"), "There is no site at https://none.example."),
        (("create", "https://blog.example/"), "must be an origin such as https://blog.example"),
        (("create", "blog.example"), "must be an address that begins with https:// or http://"),
        (("create", "https://lamp.example"), "There is a site at https://lamp.example already."),
    ],
)
def test_what_can_t_be_done_is_said_with_what_to_do(
    site: Command, db: Database, words: tuple[str, ...], said: str
) -> None:
    done = site(*words)

    assert done.exit_code == 1
    assert said in done.stderr
    assert db.read_now(list_sites)[0].rules == Rules() and len(db.read_now(list_sites)) == 1


def test_what_the_file_gives_is_said_and_refused(site: Command, db: Database) -> None:
    db.write_now(apply_publication, db.read_now(list_sites)[0], {"votes": False})

    assert "votes = off   (given by publication.toml)" in site("show").stdout
    assert json.loads(site("show", "--json").stdout)["settings"]["votes"] == {
        "value": False,
        "default": True,
        "locked": True,
    }
    refused = site("set", "votes=on", "hold=all")
    assert (refused.exit_code, refused.stderr) == (1, "publication.toml gives “votes”; change it there.\n")
    assert rules(db).hold == "none"


def test_every_setting_is_shown_with_its_help(site: Command) -> None:
    shown = site("show").stdout

    for setting in SETTINGS.values():
        assert f"  {setting.name} = " in shown
        assert setting.help in shown


def test_the_log_names_who_changed_what_the_newest_first(site: Command, db: Database) -> None:
    db.write_now(apply_publication, db.read_now(list_sites)[0], {"name": "The \u202eLamp"})
    site("set", "votes=off")

    lines = site("log").stdout.splitlines()
    assert lines[0].endswith("UTC  the command line: votes from on to off")
    assert lines[1].endswith("UTC  publication.toml: name from Rejoinder to The Lamp")
    assert len(site("log", "--limit", "1").stdout.splitlines()) == 1
    first = json.loads(site("log", "--json").stdout)[0]
    assert (first["setting"], first["before"], first["after"]) == ("votes", True, False)


def test_another_site_is_made_with_settings_of_its_own(site: Command, db: Database) -> None:
    assert site("create", "https://blog.example").exit_code == 0
    assert "name one with --site" in site("set", "votes=off").stderr
    assert site("set", "votes=off", "--site", "https://blog.example").exit_code == 0

    assert (rules(db).votes, rules(db, 1).votes) == (True, False)
    assert json.loads(site("list", "--json").stdout) == [
        {"base_url": "https://lamp.example", "name": "Rejoinder"},
        {"base_url": "https://blog.example", "name": "Rejoinder"},
    ]
    assert site("log", "--site", "https://lamp.example").stderr == "None.\n"


def test_the_doctor_names_stored_settings_that_can_t_be_used(site: Command, db: Database) -> None:
    def finding() -> dict[str, object]:
        answer = CliRunner().invoke(app, ["doctor", "--json"])
        return next(each for each in json.loads(answer.stdout)["findings"] if each["name"] == "settings")

    assert finding()["well"]
    db.write_now(lambda tx: tx.run("UPDATE sites SET rules = :rules", rules='{"votes": 7, "emoji": true}'))
    assert finding()["says"] == (
        "Stored settings can't be used and stand at their defaults: https://lamp.example: emoji, votes."
    )
    site("set", "hold=all")
    assert finding()["well"]
