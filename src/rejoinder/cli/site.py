"""Sites: which there are, their settings, and who changed them."""

import json
from difflib import get_close_matches
from typing import Annotated, Any

import typer
from pydantic_core import to_jsonable_python

from rejoinder.accounts.queries.rule_changes import Change, list_changes
from rejoinder.cli.opening import SiteOption, fail, only_site, opened, print_json, read_settings
from rejoinder.cli.values import read_value, write_value
from rejoinder.sites.change import check_settings, save_settings
from rejoinder.sites.changed import ChangedBy, Source
from rejoinder.sites.checks import origin
from rejoinder.sites.errors import SettingsWrong
from rejoinder.sites.models import Site
from rejoinder.sites.queries import list_sites
from rejoinder.sites.schema import SETTINGS, Setting
from rejoinder.sites.settle import add_site
from rejoinder.text.plain import in_a_line

app = typer.Typer(
    help="Sites: which there are, and the settings of each: read, change, set back, see who changed them.",
    no_args_is_help=True,
)

JsonOption = Annotated[bool, typer.Option("--json", help="One line of JSON.")]
NameArgument = Annotated[str, typer.Argument(help="The name of a setting, as `site show` lists them.")]
BY_COMMAND = ChangedBy(Source.COMMAND)
LONGEST_VALUE = 60


@app.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """Every site of this server: its address and its name."""
    with opened(read_settings()) as db:
        sites = db.read_now(list_sites)
    if as_json:
        print_json([{"base_url": site.base_url, "name": site.rules.name} for site in sites])
        return
    for site in sites:
        typer.echo(f"{site.base_url}  {in_a_line(site.rules.name, LONGEST_VALUE)}")
    if not sites:
        typer.echo("None. `rejoinder serve` makes the first one.", err=True)


@app.command()
def create(
    base_url: Annotated[
        str, typer.Argument(metavar="URL", help="Its address, such as https://blog.example.")
    ],
) -> None:
    """Make another site on this server, with settings as they are by default; requests for its host find it at once."""
    try:
        origin(base_url)
    except ValueError as wrong:
        fail(f"{base_url} {wrong}.")
    with opened(read_settings()) as db:
        site = db.write_now(add_site, base_url)
    typer.echo(f"There is a site at {site.base_url} now.", err=True)
    typer.echo(f"Make its owner: rejoinder admin create NAME --site {site.base_url}", err=True)


@app.command()
def show(site: SiteOption = None, as_json: JsonOption = False) -> None:
    """Every setting with its value, what it is for, and whether it is at its default or given by publication.toml."""
    with opened(read_settings()) as db:
        here = only_site(db, site)
    values = here.rules.model_dump(mode="json")
    if as_json:
        settings = {
            setting.name: {
                "value": values[setting.name],
                "default": setting.default,
                "locked": setting.name in here.locked,
            }
            for setting in SETTINGS.values()
        }
        print_json({"base_url": here.base_url, "settings": settings})
        return
    group = None
    for setting in SETTINGS.values():
        if setting.group is not group:
            group = setting.group
            typer.secho(f"\n{group}", bold=True)
        typer.echo(
            f"  {setting.name} = {_short(setting, values[setting.name])}{_note(here, setting, values)}"
        )
        typer.echo(f"      {setting.help} Takes: {setting.takes}.")


@app.command()
def get(name: NameArgument, site: SiteOption = None, as_json: JsonOption = False) -> None:
    """Print the value of one setting, in the form that `site set` takes."""
    setting = _setting(name)
    with opened(read_settings()) as db:
        value = only_site(db, site).rules.model_dump(mode="json")[name]
    if as_json:
        print_json(value)
    else:
        typer.echo(write_value(setting, value))


@app.command("set")
def set_values(
    pairs: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=VALUE...",
            help="A switch is on or off; a list of words has commas; links and titles are JSON; nothing behind = "
            "is no value.",
        ),
    ],
    site: SiteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change settings, all or none of those given; readers see it within a second, without a restart."""
    values: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            fail(f"{name} is given without a value: write {name}=VALUE.")
        values[name] = read_value(_setting(name), text)
    _save(values, site, as_json=as_json)


@app.command()
def reset(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="The names of settings.")],
    site: SiteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set settings back to what they are by default."""
    _save({name: _setting(name).default for name in names}, site, as_json=as_json)


@app.command()
def log(
    site: SiteOption = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many changes at most.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """Who changed which setting when, from what to what, the newest first."""
    with opened(read_settings()) as db:
        changes = db.read_now(list_changes, only_site(db, site).id, most=limit)
    if as_json:
        print_json([_as_fields(change) for change in changes])
        return
    for change in changes:
        before, after = (_shown(change.field, value) for value in (change.before, change.after))
        typer.echo(f"{change.at:%Y-%m-%d %H:%M} UTC  {_who(change)}: {change.field} from {before} to {after}")
    if not changes:
        typer.echo("None.", err=True)


def _save(values: dict[str, object], base_url: str | None, *, as_json: bool) -> None:
    with opened(read_settings()) as db:
        site = only_site(db, base_url)
        try:
            wanted = check_settings(site.rules, values)
        except SettingsWrong as wrong:
            fail(*(_sentence(fault.name, fault.entry, str(fault.said)) for fault in wrong.faults))
        saved = db.write_now(save_settings, site.id, wanted, BY_COMMAND)
    after = saved.site.rules.model_dump(mode="json")
    if as_json:
        print_json({name: after[name] for name in saved.changed})
        return
    for name in saved.changed:
        typer.echo(f"{name} = {_short(SETTINGS[name], after[name])}", err=True)
    if not saved.changed:
        typer.echo("Nothing was different, so nothing was changed.", err=True)


def _setting(name: str) -> Setting:
    setting = SETTINGS.get(name)
    if setting is None:
        near = get_close_matches(name, SETTINGS, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        fail(f"There is no setting {name}.{meant} `rejoinder site show` lists all.")
    return setting


def _short(setting: Setting, value: Any) -> str:
    return in_a_line(write_value(setting, value), LONGEST_VALUE) or "(nothing)"


def _shown(name: str, value: Any) -> str:
    """A value of the log; its setting may be one of an earlier version of this program."""
    setting = SETTINGS.get(name)
    return _short(setting, value) if setting else in_a_line(json.dumps(value), LONGEST_VALUE)


def _note(site: Site, setting: Setting, values: dict[str, Any]) -> str:
    if setting.name in site.locked:
        return "   (given by publication.toml)"
    if values[setting.name] == setting.default:
        return "   (default)"
    return f"   (default: {_short(setting, setting.default)})"


def _sentence(name: str, entry: str | None, said: str) -> str:
    return f"{name}: “{in_a_line(entry, LONGEST_VALUE)}” {said}." if entry else f"{name} {said}."


def _who(change: Change) -> str:
    match change.source:
        case Source.PAGE:
            return change.name or "somebody who left"
        case Source.COMMAND:
            return "the command line"
        case Source.FILE:
            return "publication.toml"
        case Source.ARCHIVE:
            return "an imported archive"


def _as_fields(change: Change) -> dict[str, object]:
    fields: dict[str, object] = to_jsonable_python(
        {
            "at": change.at,
            "source": change.source,
            "name": change.name,
            "setting": change.field,
            "before": change.before,
            "after": change.after,
        }
    )
    return fields
