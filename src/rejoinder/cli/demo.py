"""A publication to try, served until it is told to stop."""

import asyncio
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rejoinder.cli.opening import fail, opened, unhurried
from rejoinder.settings import Settings, SettingsWrong, load_settings

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Data = Annotated[
    Path | None,
    typer.Option(
        help="Folder to keep the demo in, its articles and its comments.",
        show_default="a folder that goes when the demo stops",
        file_okay=False,
    ),
]


def demo(port: Port = 8080, host: Host = "127.0.0.1", data: Data = None) -> None:
    """Serve a small publication full of people talking, to look at and to try things on (Ctrl-C ends it)."""
    # Imported here: every other command would pay for the web framework.
    from rejoinder.app import build_app  # noqa: PLC0415
    from rejoinder.demo.build import furnish, lay_out_folder  # noqa: PLC0415 - as above
    from rejoinder.demo.pages import router  # noqa: PLC0415 - as above
    from rejoinder.web.server import CannotListen, listen, run  # noqa: PLC0415 - as above

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a temporary folder goes then, too
    with _folder(data) as folder, suppress(KeyboardInterrupt), unhurried():
        now = datetime.now(UTC)
        try:
            listen(host, port).close()  # before anything is built for nothing
            settings = _settings(folder, lay_out_folder(folder, today=now.date()), host, port)
            with opened(settings, create=True) as db:
                link = asyncio.run(furnish(db, settings, now=now))
                _say(settings, link, folder, is_kept=data is not None)
                run(build_app(settings, db, also=(router,)), settings)
        except CannotListen as why:
            fail(str(why))


def _settings(folder: Path, publication: Path, host: str, port: int) -> Settings:
    """The environment is left out of it: a demo never writes into the database of a real site."""
    given = {
        "database_url": f"sqlite:///{folder / 'demo.db'}",
        "publication": publication,
        "host": host,
        "port": port,
        "mail_url": "console:",
        "mail_from": "demo@mail.example",
        "log_level": "warning",
    }
    try:
        return load_settings({}, given)
    except SettingsWrong as wrong:
        fail("The demo can't be started so:", *(f"  {fault}" for fault in wrong.faults))


def _say(settings: Settings, link: str, folder: Path, *, is_kept: bool) -> None:
    keeping = "" if is_kept else ", and goes with it; --data FOLDER keeps it"
    typer.echo(f"The demo is at        {settings.base_url}")
    typer.echo(f"Moderate it           {link}")
    typer.echo(f"See every state       {settings.base_url}/styleguide")
    typer.echo(f"It lives in           {folder}{keeping}")
    typer.echo("Stop it with          Ctrl-C")


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """The folder that was asked for, or one that is gone afterwards."""
    if data is not None:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield data.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="rejoinder-demo-", ignore_cleanup_errors=True) as made:
        yield Path(made)


COMMANDS = (demo,)
