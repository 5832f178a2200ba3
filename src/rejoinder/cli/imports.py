"""Imports: bring one in, list them, take one back."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from rejoinder.cli.opening import SiteOption, only_site, opened, print_json, read_settings, unhurried
from rejoinder.cli.transfer import bar, import_
from rejoinder.db import read_id
from rejoinder.transfer.runs import list_runs
from rejoinder.transfer.undo import undo_import

BRING_IN = "FORMAT FILE…"

AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON, for programs.")]


class _Imports(TyperGroup):
    """The first word is a verb of ours, or else the format of the files that follow."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "", self.commands[BRING_IN], args


app = typer.Typer(
    cls=_Imports,
    subcommand_metavar="FORMAT FILE… | list | undo RUN",
    help="Bring in what another system exported, see what was brought in, take it back.",
    no_args_is_help=True,
)
app.command(BRING_IN)(import_)


@app.command("list")
def list_imports(site: SiteOption = None, as_json: AsJson = False) -> None:
    """Every import, the newest first: its id, when, from which files, what it brought."""
    with opened(read_settings()) as db:
        runs = db.read_now(list_runs, only_site(db, site))
    if as_json:
        print_json(runs)
        return
    for run in runs:
        files = ", ".join(run["files"])
        typer.echo(f"{run['id']}  {run['started'][:10]}  {run['state']}  {run['format']}: {files}")
        typer.echo(
            f"    {run['new']} comments new, {run['updated']} updated, {run['unchanged']} unchanged; "
            f"{run['articles']} articles"
        )
    if not runs:
        typer.echo("None.", err=True)


@app.command()
def undo(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Id of an import, as `list` shows it.")],
    site: SiteOption = None,
    as_json: AsJson = False,
) -> None:
    """Take back what an import brought: its comments, votes, articles, authors.

    What readers wrote below it stays, under places without a name or a text; an article with such comments stays too
    and is named. What the import only updated stays as it is now. May run beside a server; cut off, run it again.
    """
    with opened(read_settings()) as db, bar() as tell, unhurried():
        report = undo_import(
            db, only_site(db, site), read_id(run), tell=lambda comments: tell("undo", comments, None)
        )
    if as_json:
        print_json(report)
        return
    _print_undone(report)


def _print_undone(report: dict[str, Any]) -> None:
    typer.echo(
        f"Taken back: {report['comments']} comments, {report['votes']} votes on them, {report['articles']} articles, "
        f"{report['authors']} authors."
    )
    if report["pings"]:
        typer.echo(f"Besides: {report['pings']} mentions elsewhere.")
    if report["placeholders"]:
        typer.echo(f"{report['placeholders']} places stay, without name or text: others wrote below them.")
    if report["decisions"]:
        typer.echo(f"{report['decisions']} decisions of moderators on these comments went with them.")
    if report["updated"]:
        typer.echo(f"{report['updated']} comments that this import only updated stay as they are now.")
    for kept in report["kept"]:
        typer.echo(kept)
