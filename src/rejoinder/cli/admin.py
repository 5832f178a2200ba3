"""Who may moderate."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from rejoinder.accounts.models import Role, Signature
from rejoinder.accounts.roles import grant_role, list_staff, revoke_role, sign_out_everywhere
from rejoinder.accounts.sign_in import LINK_LASTS, admit
from rejoinder.cli import tokens
from rejoinder.cli.opening import SiteOption, fail, only_site, opened, print_json, read_settings
from rejoinder.errors import Invalid
from rejoinder.text.addresses import check_email
from rejoinder.text.names import check_name, name_key

app = typer.Typer(help="Staff and programs: who may moderate, and with what.", no_args_is_help=True)
app.add_typer(tokens.app, name="token")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="The name their comments are signed with.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OWNER,
    email: Annotated[
        str | None, typer.Option(help="Their address, so that they can also sign in by a code.")
    ] = None,
    site: SiteOption = None,
) -> None:
    """Give somebody a role, and print the link with which they sign in the first time."""
    _print_link(name, role, site, email)


@app.command()
def link(
    name: Annotated[str, typer.Argument(help="The name of somebody who has a role.")],
    site: SiteOption = None,
) -> None:
    """Print a new sign-in link for somebody who has a role."""
    _print_link(name, None, site)


@app.command("list")
def list_admins(
    site: SiteOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Everybody who has a role: which, since when, and in how many browsers they are signed in."""
    with opened(read_settings()) as db:
        people = db.read_now(list_staff, only_site(db, site).id, now=datetime.now(UTC))
    if as_json:
        print_json([asdict(person) for person in people])
        return
    for person in people:
        browsers = f"signed in in {person.sessions}" if person.sessions else "not signed in"
        typer.echo(f"{person.name}: {', '.join(person.roles)} since {person.since:%Y-%m-%d}, {browsers}")
    if not people:
        typer.echo("Nobody. `rejoinder admin create NAME` makes an owner.", err=True)


@app.command()
def grant(
    name: Annotated[str, typer.Argument(help="The name of somebody who has a role already.")],
    role: Annotated[Role, typer.Option(help="What they may do besides.")],
    site: SiteOption = None,
) -> None:
    """Give somebody another role; they stay signed in."""
    with opened(read_settings()) as db:
        db.write_now(grant_role, only_site(db, site).id, name_key(name), role, now=datetime.now(UTC))
    typer.echo(f"{name} is {role} now.", err=True)


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The name of somebody who has a role.")],
    role: Annotated[Role | None, typer.Option(help="Only this one; without it, all they have.")] = None,
    site: SiteOption = None,
) -> None:
    """Take a role away, or all; who has none left is signed out everywhere at once. What they wrote stays."""
    with opened(read_settings()) as db:
        left = db.write_now(revoke_role, only_site(db, site).id, name_key(name), role)
    typer.echo(f"{name} has {', '.join(left) or 'no role'} now.", err=True)


@app.command("sign-out")
def end_sessions(
    name: Annotated[str, typer.Argument(help="The name of somebody who has a role.")],
    site: SiteOption = None,
) -> None:
    """End all sessions and unused sign-in links of somebody, at once, in every process."""
    with opened(read_settings()) as db:
        ended = db.write_now(sign_out_everywhere, only_site(db, site).id, name_key(name))
    typer.echo(f"{name} was signed in in {ended} browsers, and is in none now.", err=True)


def _print_link(name: str, role: Role | None, base_url: str | None, email: str | None = None) -> None:
    try:
        checked = check_name(name, may_say_label=True)
        address = check_email(email) if email else None
    except Invalid as fault:
        fail(str(fault))
    with opened(read_settings()) as db:
        site = only_site(db, base_url)
        signature = Signature(checked.text, checked.key, address)
        code = db.write_now(admit, site.id, signature, role, now=datetime.now(UTC))
        typer.echo(f"{site.base_url}/sign-in?code={code}")
        hours = int(LINK_LASTS.total_seconds() // 3600)
        typer.echo(f"Good once, for {hours} hours. Give it to {checked.text} and to nobody else.", err=True)
