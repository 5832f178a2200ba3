"""Service tokens: what programs are let in with."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from rejoinder.accounts.models import Scope, Service
from rejoinder.accounts.queries.service_tokens import list_services
from rejoinder.accounts.service_tokens import issue, revoke
from rejoinder.cli.opening import SiteOption, fail, only_site, opened, print_json, read_settings
from rejoinder.db import read_id, show_id
from rejoinder.errors import Invalid
from rejoinder.text.names import check_name

app = typer.Typer(
    help="Service tokens: what programs read, post and moderate with, through the API of one site.",
    no_args_is_help=True,
)

JsonOption = Annotated[bool, typer.Option("--json", help="One line of JSON.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the program is called in lists and decisions.")],
    scope: Annotated[
        list[Scope],
        typer.Option(
            help="What it may do, once for each: read what waits; post as a guest; moderate, which reads too."
        ),
    ],
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="For how long it is good; without it, until revoked.")
    ] = None,
    site: SiteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a service token and print it, this once: only its hash is kept."""
    try:
        checked = check_name(name)
    except Invalid as fault:
        fail(str(fault))
    lasts = timedelta(days=days) if days else None
    with opened(read_settings()) as db:
        here = only_site(db, site)
        issued = db.write_now(issue, here.id, checked.text, scope, lasts=lasts, now=datetime.now(UTC))
    if as_json:
        print_json({**_shown(issued.service, datetime.now(UTC)), "token": issued.secret})
    else:
        typer.echo(issued.secret)
    may = ", ".join(sorted(issued.service.scopes))
    typer.echo(f"{checked.text} may {may} at {here.base_url}. The token is not shown again.", err=True)


@app.command("list")
def list_tokens(site: SiteOption = None, as_json: JsonOption = False) -> None:
    """Every token of a site: what it may do, when it was used, and whether it is still good."""
    now = datetime.now(UTC)
    with opened(read_settings()) as db:
        found = db.read_now(list_services, only_site(db, site).id)
    if as_json:
        print_json([_shown(service, now) for service in found])
        return
    for service in found:
        shown = _shown(service, now)
        used = f"used {service.used_at:%Y-%m-%d %H:%M} UTC" if service.used_at else "never used"
        typer.echo(
            f"{shown['id']}  {shown['state']:<8} {' '.join(shown['scopes']):<20} {service.name}  ({used})"
        )
    if not found:
        typer.echo("None.", err=True)


@app.command("revoke")
def revoke_token(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="The id of a token, as `list` shows it.")],
    site: SiteOption = None,
) -> None:
    """End a token at once, in every process."""
    with opened(read_settings()) as db:
        service = db.write_now(revoke, only_site(db, site).id, read_id(token_id), now=datetime.now(UTC))
    typer.echo(f"The token of {service.name} opens nothing any more.", err=True)


def _shown(service: Service, now: datetime) -> dict[str, Any]:
    ended = "good" if service.is_good(now) else "revoked" if service.revoked_at else "expired"
    return {
        "id": show_id(service.id),
        "name": service.name,
        "scopes": sorted(service.scopes),
        "state": ended,
        "created_at": service.created_at.isoformat(),
        "expires_at": service.expires_at.isoformat() if service.expires_at else None,
        "used_at": service.used_at.isoformat() if service.used_at else None,
        "revoked_at": service.revoked_at.isoformat() if service.revoked_at else None,
    }
