"""Settings are changed in one way, whoever does it: checked, in turn, and noted with who changed what."""

import json
from datetime import timedelta

import pytest

from cast import Stage, all_at_once
from rejoinder.accounts.queries.rule_changes import Change, list_changes, list_changes_since
from rejoinder.db import Database, Tx
from rejoinder.jobs.models import Every
from rejoinder.sites.change import check_settings, save_settings
from rejoinder.sites.changed import ChangedBy, Source
from rejoinder.sites.errors import SettingLocked, SettingsChanged, SettingsWrong
from rejoinder.sites.jobs import CHANGES_KEPT, forget_changes
from rejoinder.sites.models import HoldPolicy, Rules, Site
from rejoinder.sites.queries import get_site, list_sites
from rejoinder.sites.settle import apply_publication, settle_site
from rejoinder.subscribers import CHORES

HOME = "http://127.0.0.1:8080"
BY_COMMAND = ChangedBy(Source.COMMAND)


@pytest.fixture
def site(db: Database) -> Site:
    """A site as the first start makes it."""
    return db.write_now(settle_site, HOME)


def save(
    db: Database, site: Site, by: ChangedBy = BY_COMMAND, *, version: int | None = None, **values: object
) -> Site:
    wanted = check_settings(site.rules, values)
    return db.write_now(save_settings, site.id, wanted, by, version=version).site


def changes(db: Database, site: Site) -> list[Change]:
    return db.read_now(list_changes, site.id, most=1000)


def test_what_is_changed_is_noted_with_who_and_from_what_to_what(stage: Stage) -> None:
    alice = stage.alice.person
    assert alice is not None
    before = stage.read(list_changes, stage.site.id, most=10)
    saved = save(
        stage.db, stage.site, ChangedBy(Source.PAGE, alice.account_id), votes=False, reserved_names=["Editor"]
    )

    assert (saved.rules.votes, saved.rules.reserved_names) == (False, ("Editor",))
    made = stage.read(list_changes_since, stage.site.id, stage.site.version)
    assert [(c.name, c.field, c.before, c.after, c.version) for c in made] == [
        ("Alice", "votes", True, False, saved.version),
        ("Alice", "reserved_names", [], ["Editor"], saved.version),
    ]
    assert before == []


def test_the_name_of_who_left_is_not_known_any_more(db: Database, site: Site) -> None:
    save(db, site, ChangedBy(Source.PAGE, 7), votes=False)

    assert [(change.name, change.account_id) for change in changes(db, site)] == [(None, 7)]


def test_what_is_so_already_is_no_change_and_leaves_no_line(db: Database, site: Site) -> None:
    once = save(db, site, votes=False, name="The Lamp")
    again = save(db, site, votes=False, name="The Lamp", version=site.version)

    assert again == once
    assert len(changes(db, site)) == 2


def test_who_looked_at_older_settings_changes_nothing(db: Database, site: Site) -> None:
    now = save(db, site, votes=False)

    with pytest.raises(SettingsChanged):
        save(db, site, hold="all", version=site.version)
    assert db.read_now(get_site, site.id) == now
    assert save(db, site, hold="all", version=now.version).rules.hold is HoldPolicy.ALL


def test_of_owners_who_save_at_once_one_is_first_and_the_others_are_told(db: Database, site: Site) -> None:
    def save_one(number: int) -> Site | SettingsChanged:
        try:
            return save(db, site, name=f"Name {number}", version=site.version)
        except SettingsChanged as told:
            return told

    answers = all_at_once(8, save_one)

    saved = [answer for answer in answers if isinstance(answer, Site)]
    assert len(saved) == 1 and all(isinstance(answer, Site | SettingsChanged) for answer in answers)
    assert db.read_now(get_site, site.id) == saved[0]
    assert [change.after for change in changes(db, site)] == [saved[0].rules.name]


def test_commands_at_once_lose_nothing_of_each_other(db: Database, site: Site) -> None:
    values: list[dict[str, object]] = [
        {"name": "The Lamp"},
        {"votes": False},
        {"hold": "all"},
        {"indent": 2},
        {"sort": "newest"},
        {"held_links": 7},
        {"email": "off"},
        {"accent": "#8c2f1b"},
    ]
    all_at_once(len(values), lambda number: save(db, site, **values[number]))

    rules = db.read_now(get_site, site.id).rules.model_dump(mode="json")
    assert [{name: rules[name]} for value in values for name in value] == values
    assert sorted(change.version for change in changes(db, site)) == list(
        range(site.version + 1, site.version + 1 + len(values))
    )


def test_what_the_file_gives_is_changed_there_alone(db: Database, site: Site) -> None:
    site = db.write_now(apply_publication, site, {"name": "The Lamp", "votes": False})

    with pytest.raises(SettingLocked) as told:
        save(db, site, votes=True, hold="all")
    assert str(told.value) == "publication.toml gives “votes”; change it there."
    assert db.read_now(get_site, site.id) == site
    assert save(db, site, votes=False, hold="all").rules.hold is HoldPolicy.ALL

    db.write_now(apply_publication, site, {"name": "The Lamp"})
    assert [(c.source, c.field, c.after) for c in changes(db, site)] == [
        ("file", "votes", True),
        ("command", "hold", "all"),
        ("file", "name", "The Lamp"),
        ("file", "votes", False),
    ]


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_changed(db: Database, site: Site) -> None:
    wrong = {
        "accent": "red",
        "indent": 9,
        "origins": ["https://fine.example", "https://app.example/"],
        "hold": "some",
        "sections": {"coast": ""},
    }
    with pytest.raises(SettingsWrong) as told:
        check_settings(site.rules, wrong)

    said = {fault.name: (fault.entry, str(fault.said)) for fault in told.value.faults}
    assert said == {
        "accent": (None, "must be a colour such as #8c2f1b"),
        "indent": (None, "must be at most 5"),
        "origins": (
            "https://app.example/",
            "must be an origin such as https://blog.example, without a path or a slash at the end",
        ),
        "hold": (None, "must be one of: none, newcomers, all"),
        "sections": ("coast", "needs a title, as in coast = The coast"),
    }


def test_changes_are_forgotten_after_two_years_and_not_before(db: Database, site: Site) -> None:
    def forget(tx: Tx, later: timedelta) -> int:
        tx.now += later
        return forget_changes(tx)

    save(db, site, votes=False)
    assert db.write_now(forget, CHANGES_KEPT - timedelta(minutes=1)) == 0
    assert db.write_now(forget, CHANGES_KEPT + timedelta(minutes=1)) == 1
    assert any(isinstance(chore, Every) and chore.do is forget_changes for chore in CHORES)


@pytest.mark.parametrize(
    ("stored", "rules"),
    [
        ({"votes": False, "emoji_reactions": True}, Rules(votes=False)),
        ({"votes": "perhaps", "name": "The Lamp"}, Rules(name="The Lamp")),
        ({"navigation": [{"label": "", "url": "x"}], "indent": 2}, Rules(indent=2)),
        ({"time_zone": "Mars", "sort": "loudest", "origins": 7}, Rules()),
        ([], Rules()),
        ("{broken", Rules()),
        ("", Rules()),
    ],
)
def test_a_stored_record_that_is_unfit_never_breaks_the_site(
    db: Database, site: Site, stored: object, rules: Rules, caplog: pytest.LogCaptureFixture
) -> None:
    text = stored if isinstance(stored, str) else json.dumps(stored)
    db.write_now(lambda tx: tx.run("UPDATE sites SET rules = :rules", rules=text))

    assert db.read_now(get_site, site.id).rules == rules
    assert [each.rules for each in db.read_now(list_sites)] == [rules]
    assert save(db, site, hold="all").rules == rules.model_copy(update={"hold": HoldPolicy.ALL})
