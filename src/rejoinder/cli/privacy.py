"""What is known of people: of everybody, table by table; of one who asks, to hand out or to erase."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer

from rejoinder.accounts.models import Account
from rejoinder.accounts.queries.left import forget_addresses
from rejoinder.accounts.queries.staff import find_account, find_account_at
from rejoinder.cli.opening import SiteOption, fail, only_site, opened, print_json, read_settings, unhurried
from rejoinder.db import Database, Tx
from rejoinder.privacy.erase import erase_signed, go_on
from rejoinder.privacy.export import export_account, export_signed
from rejoinder.privacy.leave import leave
from rejoinder.privacy.models import Wish
from rejoinder.privacy.queries import erasing
from rejoinder.privacy.queries.leaving import delete_mail_to
from rejoinder.privacy.queries.links import delete_links_to
from rejoinder.privacy.tables import list_tables
from rejoinder.sites.models import Site
from rejoinder.text.addresses import email_key
from rejoinder.text.names import name_key

app = typer.Typer()

Address = Annotated[str | None, typer.Argument(metavar="[ADDRESS]", help="The e-mail address they gave.")]
Name = Annotated[
    str | None, typer.Option("--account", metavar="NAME", help="Instead: the name of their account.")
]


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a command is about: what they signed as guests, and their account; `others` signed with their address."""

    address: str | None
    authors: list[int]
    others: list[int]
    account: Account | None
    comments: int


@app.callback(invoke_without_command=True)
def tables(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Print what each table is for, what in it is personal, until when, and how it is erased."""
    if context.invoked_subcommand is not None:
        return
    if as_json:
        print_json([asdict(table) for table in list_tables()])
        return
    for table in list_tables():
        typer.secho(table.name, bold=True, nl=False)
        typer.echo(f": {table.purpose}")
        if table.personal is None:
            typer.echo("  personal: nothing")
            continue
        typer.echo(f"  personal: {table.personal} ({', '.join(table.columns)})")
        typer.echo(f"  until:    {table.until}")
        typer.echo(f"  erased:   {table.erased}")


@app.command()
def export(address: Address = None, account: Name = None, site: SiteOption = None) -> None:
    """Print all that is stored about a person, as JSON: of their account, and of comments that guests left with the address."""
    with opened(read_settings()) as db:
        home = only_site(db, site)
        person = _person(db, home, address, account)
        for piece in _documents(db, home, person):
            typer.echo(piece, nl=False)


@app.command()
def erase(
    address: Address = None,
    account: Name = None,
    comments: Annotated[
        Wish, typer.Option(help="What becomes of their comments: removed, or kept without their name.")
    ] = Wish.REMOVE,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without this only say what would be done.")
    ] = False,
    site: SiteOption = None,
) -> None:
    """Take a person out: their account ends, their comments are removed or lose their name, for good."""
    with opened(read_settings()) as db, unhurried():
        home = only_site(db, site)
        person = _person(db, home, address, account)
        if not yes:
            what = "removed" if comments is Wish.REMOVE else "kept, without a name"
            typer.echo(f"Comments that would be {what}: {person.comments}")
            if person.account:
                typer.echo(
                    f"The account of {person.account.name} would end, with its roles, sessions and address."
                )
            if person.others:
                typer.echo(f"Signatures of other members that would lose the address: {len(person.others)}")
            typer.echo("Nothing was done yet. To do it, add --yes; it can't be undone.", err=True)
            return
        now = datetime.now(UTC)
        for erasure_id in db.write_now(_begin, home, person, comments, now):
            while db.write_now(go_on, erasure_id):
                pass
        db.scrub()
        typer.echo(
            "Done. What backups, archives and PostgreSQL still hold: docs/operating/privacy.md", err=True
        )


def _person(db: Database, site: Site, address: str | None, name: str | None) -> Person:
    if (address is None) == (name is None):
        fail("Say who: their address, or --account and the name of their account.")
    person = db.read_now(_find, site, address, name)
    if person.account is None and not person.authors and not person.others:
        fail(
            "Nobody of that name has an account here." if name else "Nothing was left here with this address."
        )
    return person


def _find(tx: Tx, site: Site, address: str | None, name: str | None) -> Person:
    guests: list[int] = []
    others: list[int] = []
    if address is not None:
        account = find_account_at(tx, site.id, email_key(address))
        guests = erasing.authors_at(tx, site.id, email_key(address))
        others = erasing.authors_of_others_at(tx, site.id, email_key(address))
    else:
        account = find_account(tx, site.id, name_key(name or ""))
    own = erasing.authors_of_account(tx, site.id, account.id) if account else []
    return Person(address, guests, others, account, erasing.count_comments(tx, [*guests, *own]))


def _documents(db: Database, site: Site, person: Person) -> Iterator[str]:
    """One document for the account and one for what guests wrote; who the guests were, the operator has to judge."""
    now = datetime.now(UTC)
    if person.account:
        yield from export_account(db, site, person.account.id, now=now)
    if person.authors:
        yield from export_signed(db, site, person.authors, now=now)


def _begin(tx: Tx, site: Site, person: Person, wish: Wish, now: datetime) -> list[int]:
    begun = [leave(tx, site, person.account, wish, now=now)] if person.account else []
    if person.authors:
        begun.append(erase_signed(tx, site, person.authors, wish, now=now))
    forget_addresses(tx, person.others)
    if person.address:
        delete_mail_to(tx, site.id, email_key(person.address))
        delete_links_to(tx, site.id, email_key(person.address))
    return begun
