"""Serving, and showing how it would be served."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from rejoinder.cli.opening import fail, opened, print_json, read_settings
from rejoinder.settings import printable
from rejoinder.sites.settle import settle_site

Folder = Annotated[
    Path | None, typer.Argument(help="Folder of Markdown articles that is the site.", show_default=False)
]
Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.", show_default="8080")]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON, for programs.")]


def serve(folder: Folder = None, host: Host = None, port: Port = None) -> None:
    """Serve the publication until it is told to stop (Ctrl-C)."""
    # Imported here: every other command would pay for the web framework.
    from rejoinder.app import build_app  # noqa: PLC0415
    from rejoinder.web.server import CannotListen, listen, run  # noqa: PLC0415
    from rejoinder.web.static import BundleMissing  # noqa: PLC0415

    settings = read_settings({"publication": folder, "host": host, "port": port})
    with opened(settings, create=True) as db:
        try:
            app, listener = build_app(settings, db), listen(settings.host, settings.port)
        except (BundleMissing, CannotListen) as why:
            fail(str(why))
        # Only now: a server that can't listen must not give the site its address.
        db.write_now(settle_site, settings.base_url)
        typer.echo(f"Rejoinder serves {settings.base_url}", err=True)
        run(app, settings, listener)


def worker() -> None:
    """Work off what the outbox holds, until told to stop. `serve` does it too; this is for a process of its own."""
    from rejoinder.jobs.worker import Worker  # noqa: PLC0415 - as above
    from rejoinder.subscribers import duties  # noqa: PLC0415 - as above

    settings = read_settings()
    with opened(settings) as db:
        typer.echo("Rejoinder works off the outbox", err=True)
        with suppress(KeyboardInterrupt):
            asyncio.run(Worker(db, duties(settings)).run())


def config(as_json: AsJson = False) -> None:
    """Print the settings as they are understood, without secrets."""
    values = printable(read_settings())
    if as_json:
        print_json(values)
        return
    for name, value in values.items():
        typer.echo(f"{name} = {value}")


COMMANDS = (serve, worker, config)
