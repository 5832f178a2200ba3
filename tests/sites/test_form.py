"""One schema gives form, help, commands and docs: every setting is in all of them, and survives each."""

import os
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from rejoinder.cli.values import read_value, write_value
from rejoinder.sites.change import check_settings
from rejoinder.sites.form import fields, form_of, groups, read_entered, values_of
from rejoinder.sites.models import Rules, Site
from rejoinder.sites.schema import SETTINGS, Kind, Setting
from rejoinder.text.languages import CATALOGUES, DOMAIN
from settings import OTHER

PAGE = Path(__file__).parents[2] / "docs/operating/settings.md"
SITE = Site(1, "https://lamp.example", Rules(), (), 1)


def test_there_is_another_value_of_every_setting_to_test_with() -> None:
    rules = Rules.model_validate(OTHER)

    assert set(OTHER) == set(SETTINGS)
    assert [name for name in SETTINGS if getattr(rules, name) == getattr(Rules(), name)] == []


def test_every_setting_is_in_the_form_once() -> None:
    names = [control.setting.name for _, controls in groups(SITE) for control in controls]

    assert sorted(names) == sorted(SETTINGS)


@pytest.mark.parametrize("rules", [Rules(), Rules.model_validate(OTHER)], ids=["default", "other"])
def test_the_form_gives_back_what_it_was_filled_with(rules: Rules) -> None:
    sent = {"asked": " ".join(name for name, each in SETTINGS.items() if each.kind is Kind.SWITCH)}
    for name, entered in form_of(rules).items():
        if isinstance(entered, tuple):
            for number, (label, url) in enumerate(entered, 1):
                sent |= {f"{name}.{number}.label": label, f"{name}.{number}.url": url}
            sent.setdefault(f"{name}.1.label", "")
        elif isinstance(entered, str):
            sent[name] = entered.replace("\n", "\r\n")
        elif entered:
            sent[name] = "on"

    assert sent.keys() <= fields().keys()
    checked = check_settings(Rules(), values_of(read_entered(sent, SITE)))
    assert Rules().model_copy(update=checked) == rules


def test_a_form_that_asked_for_less_changes_no_more() -> None:
    assert read_entered({"name": "The Torch"}, SITE) == {"name": "The Torch"}
    assert read_entered({"asked": "votes", "name": "The Torch"}, SITE) == {
        "name": "The Torch",
        "votes": False,
    }


def test_what_a_file_gives_is_not_read_from_a_form() -> None:
    locked = Site(1, SITE.base_url, Rules(), ("name", "votes", "navigation"), 1)
    sent = {"asked": "votes websites", "name": "x", "navigation.1.label": "x", "websites": "on"}

    assert read_entered(sent, locked) == {"websites": True}


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_what_a_command_prints_it_takes_back(setting: Setting) -> None:
    for value in (OTHER[setting.name], setting.default):
        read = read_value(setting, write_value(setting, value))
        assert Rules.model_validate({setting.name: read}) == Rules.model_validate({setting.name: value})


def test_all_that_is_told_of_a_setting_is_in_the_catalogues() -> None:
    """`make check` holds that every language has all of them."""
    with (CATALOGUES / f"{DOMAIN}.pot").open("rb") as template:
        gathered = {message.id for message in read_po(template)}
    told = {text for each in SETTINGS.values() for text in (each.group, each.label, each.help)}
    told |= {text for each in SETTINGS.values() for text in each.choices.values()}

    # A language is called what its speakers call it.
    assert told - gathered == {"English", "Deutsch", "العربية"}


def test_the_page_for_operators_has_the_table_of_the_schema() -> None:
    written = PAGE.read_text(encoding="utf-8")
    before, begin, rest = written.partition("<!-- settings -->\n")
    _, end, after = rest.partition("<!-- end -->\n")
    wanted = before + begin + table() + end + after
    if os.environ.get("REJOINDER_REWRITE_SETTINGS"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted, "rewrite it: REJOINDER_REWRITE_SETTINGS=1 pytest …"


def table() -> str:
    """Every setting, group by group."""
    lines = []
    for group, controls in groups(SITE):
        lines += [
            f"### {group}",
            "",
            "| setting | takes | default | what it does |",
            "| --- | --- | --- | --- |",
        ]
        for setting in (control.setting for control in controls):
            default = write_value(setting, setting.default)
            shown = "nothing" if default in ("", "[]", "{}") else f"`{default}`"
            lines.append(f"| `{setting.name}` | {setting.takes} | {shown} | {setting.help} |")
        lines.append("")
    return "\n".join(["", *lines])
