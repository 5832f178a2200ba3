"""What every command begins with: settings, an open database, the site it is about; and how it says no."""

import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer

from rejoinder.db import Database, WrongSchema, open_database
from rejoinder.errors import Refusal
from rejoinder.settings import Settings, SettingsWrong, load_settings
from rejoinder.sites.models import Site
from rejoinder.sites.queries import list_sites
from rejoinder.subscribers import FOLLOWERS

SiteOption = Annotated[
    str | None, typer.Option("--site", help="Address of the site, where there are several.")
]
"""Of every command that is about one site."""


def fail(*lines: str) -> NoReturn:
    """Say what is wrong on stderr and end with status 1."""
    for line in lines:
        typer.secho(line, err=True, fg=typer.colors.RED if sys.stderr.isatty() else None)
    raise typer.Exit(1)


def read_settings(given: Mapping[str, object] | None = None) -> Settings:
    """The settings, or an end that names every fault."""
    try:
        return load_settings(os.environ, given)
    except SettingsWrong as wrong:
        fail("These settings can't be used:", *(f"  {fault}" for fault in wrong.faults))


@contextmanager
def opened(settings: Settings, *, create: bool = False) -> Iterator[Database]:
    """The database of these settings, closed again at the end; `create` makes an empty one where there is none."""
    try:
        db = open_database(settings.database_url, followers=FOLLOWERS, create=create)
    except (WrongSchema, Refusal, RuntimeError) as wrong:  # RuntimeError: an unsafe library or file system
        fail(str(wrong))
    try:
        yield db
    except Refusal as refusal:
        fail(str(refusal))
    finally:
        db.close()


@contextmanager
def unhurried() -> Iterator[None]:
    """A command whose writes may take long, or that is quiet about it: slow ones are not logged."""
    log = logging.getLogger("rejoinder.db")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def only_site(db: Database, base_url: str | None = None) -> Site:
    """The site a command is about: the one named by its address, or the only one there is."""
    sites = db.read_now(list_sites)
    if base_url is not None:
        named = [site for site in sites if site.base_url == base_url]
        return named[0] if named else fail(f"There is no site at {base_url}.")
    if len(sites) == 1:
        return sites[0]
    if not sites:
        fail("There is no site yet. `rejoinder serve` makes the first one.")
    fail("There are several sites; name one with --site:", *(f"  {site.base_url}" for site in sites))


def print_json(value: object) -> None:
    """One line of JSON on stdout, for programs."""
    print(json.dumps(value, ensure_ascii=False, default=str))
