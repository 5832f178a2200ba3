"""Who may moderate."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from rejoinder.accounts.models import Role, Signature
from rejoinder.accounts.sign_in import LINK_LASTS, admit
from rejoinder.cli.opening import SiteOption, fail, only_site, opened, read_settings
from rejoinder.errors import Invalid
from rejoinder.text.names import check_name

app = typer.Typer(help="Staff: who may moderate, and their sign-in links.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="The name their comments are signed with.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OWNER,
    site: SiteOption = None,
) -> None:
    """Give somebody a role, and print the link with which they sign in the first time."""
    _print_link(name, role, site)


@app.command()
def link(
    name: Annotated[str, typer.Argument(help="The name of somebody who has a role.")],
    site: SiteOption = None,
) -> None:
    """Print a new sign-in link for somebody who has a role."""
    _print_link(name, None, site)


def _print_link(name: str, role: Role | None, base_url: str | None) -> None:
    try:
        checked = check_name(name)
    except Invalid as fault:
        fail(str(fault))
    with opened(read_settings()) as db:
        site = only_site(db, base_url)
        signature = Signature(checked.text, checked.key)
        code = db.write_now(admit, site.id, signature, role, now=datetime.now(UTC))
        typer.echo(f"{site.base_url}/sign-in?code={code}")
        hours = int(LINK_LASTS.total_seconds() // 3600)
        typer.echo(f"Good once, for {hours} hours. Give it to {checked.text} and to nobody else.", err=True)
