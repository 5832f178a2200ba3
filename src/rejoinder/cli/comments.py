"""Comments that wait, and what becomes of them."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from rejoinder.cli.opening import SiteOption, fail, only_site, opened, print_json, read_settings
from rejoinder.comments.models import Status
from rejoinder.comments.moderate import Actor, act
from rejoinder.comments.move import move_branch, undo_move
from rejoinder.comments.queries.deciding import list_with_status
from rejoinder.comments.states import Verb
from rejoinder.db import read_id, show_id
from rejoinder.text.plain import in_a_line

app = typer.Typer(help="Comments: list those that wait, and decide.", no_args_is_help=True)

Ids = Annotated[list[str], typer.Argument(help="Ids of comments, as `list` shows them.")]
Why = Annotated[str | None, typer.Option("--why", help="The reason, kept with the decision.")]


@app.command("list")
def list_comments(
    status: Annotated[Status, typer.Option(help="Which comments.")] = Status.HELD,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at the most.")] = 50,
    site: SiteOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Comments by status, the newest first."""
    with opened(read_settings()) as db:
        found = db.read_now(list_with_status, only_site(db, site).id, status, most=limit)
        if as_json:
            print_json(
                [{"id": show_id(c.id), "url": c.url, "name": c.author_name, "text": c.text} for c in found]
            )
            return
        for comment in found:
            typer.echo(f"{show_id(comment.id)}  {comment.author_name}: {in_a_line(comment.text, 80)}")
        if not found:
            typer.echo("None.", err=True)


@app.command()
def approve(ids: Ids, why: Why = None, site: SiteOption = None) -> None:
    """Publish comments that wait or were kept back."""
    _decide(Verb.APPROVE, ids, why, site)


@app.command()
def reject(ids: Ids, why: Why = None, site: SiteOption = None) -> None:
    """Keep comments back for good."""
    _decide(Verb.REJECT, ids, why, site)


@app.command()
def spam(ids: Ids, why: Why = None, site: SiteOption = None) -> None:
    """Call comments unwanted advertising."""
    _decide(Verb.SPAM, ids, why, site)


@app.command()
def remove(ids: Ids, why: Why = None, site: SiteOption = None) -> None:
    """Take published comments away; replies stay under a placeholder."""
    _decide(Verb.REMOVE, ids, why, site)


@app.command()
def move(
    comment: Annotated[str, typer.Argument(metavar="ID", help="Id of a comment; all below it moves along.")],
    under: Annotated[str | None, typer.Option(metavar="ID", help="The comment that it answers.")] = None,
    top: Annotated[bool, typer.Option("--top", help="It answers none: it stands at the top level.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Back to where it stood before it was moved.")] = False,
    why: Why = None,
    site: SiteOption = None,
) -> None:
    """Move a comment, with all below it, under another one of the same discussion."""
    if (under is not None) + top + undo != 1:
        fail("Say where to: --under ID, --top or --undo.")
    with opened(read_settings()) as db:
        home, by, now = only_site(db, site), Actor(None, why), datetime.now(UTC)
        if undo:
            db.write_now(undo_move, home, read_id(comment), by, now=now)
        else:
            parent = read_id(under) if under is not None else None
            db.write_now(move_branch, home, read_id(comment), under=parent, by=by, now=now)
        typer.echo(f"{home.base_url}/comments/{comment}")


def _decide(verb: Verb, ids: list[str], why: str | None, base_url: str | None) -> None:
    with opened(read_settings()) as db:
        site = only_site(db, base_url)
        for shown in ids:
            decided = db.write_now(act, site, read_id(shown), verb, Actor(None, why), now=datetime.now(UTC))
            typer.echo(f"{shown}  {decided.status}")
