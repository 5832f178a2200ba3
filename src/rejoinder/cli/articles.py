"""The folder of articles."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rejoinder.articles.find import list_public
from rejoinder.cli.opening import SiteOption, fail, only_site, opened, print_json, read_settings
from rejoinder.publication.check import check_folder
from rejoinder.publication.sync import sync_folder

app = typer.Typer(
    help="Articles: what is published, and what is wrong with the folder.", no_args_is_help=True
)


FolderArgument = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Folder of Markdown articles.", exists=True, file_okay=False)
]


@app.command()
def export(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="Folder to write to, such as that which `serve` serves.", file_okay=False
        ),
    ],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    site: SiteOption = None,
) -> None:
    """Write the imported articles as Markdown files, which serve the same pages once the folder is served.

    Discussions stay where they are. What a file can't say is named, and ends the command with status 1.
    """
    # What reads HTML takes 5 MiB, which a server need not hold.
    from rejoinder.transfer.article_files import export_articles  # noqa: PLC0415

    settings = read_settings()
    with opened(settings) as db:
        exported = export_articles(
            db,
            only_site(db, site),
            folder,
            pictures=settings.publication,
            force=force,
            now=datetime.now(UTC),
        )
    typer.echo(f"{len(exported.written)} articles written to {folder}.")
    if exported.left or exported.unlike:
        fail(*exported.left, *exported.unlike)


@app.command("list")
def list_articles(
    site: SiteOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """The public articles, newest first."""
    with opened(read_settings()) as db:
        articles = db.read_now(list_public, only_site(db, site).id, limit=10_000)
        if as_json:
            print_json([{"url": article.url, "title": article.title} for article in articles])
            return
        for article in articles:
            date = article.published_at.date().isoformat() if article.published_at else "no date   "
            typer.echo(f"{date}  {article.url}  {article.title}")


@app.command()
def check(folder: FolderArgument) -> None:
    """Read a folder as `serve` would and say what is wrong, with file and line. Nothing is stored."""
    checked = check_folder(folder, read_settings().base_url, now=datetime.now(UTC))
    for fault in checked.faults:
        typer.echo(str(fault))
    if not checked.is_sound:
        fail("Articles with errors are not served as they are now; their last good text is.")
    typer.echo(f"{len(checked.articles)} articles can be served.")


@app.command()
def sync(folder: FolderArgument, site: SiteOption = None) -> None:
    """Bring a folder's articles into the database now, and say what is wrong with it."""
    with opened(read_settings()) as db:
        report = asyncio.run(sync_folder(db, only_site(db, site).id, folder, now=datetime.now(UTC)))
        for fault in report.faults:
            typer.echo(str(fault), err=True)
        typer.echo(f"{report.new} new, {report.changed} changed, {report.same} as they were.")
        if report.errors:
            fail(f"{len(report.errors)} files could not be read; their last good text stays.")
