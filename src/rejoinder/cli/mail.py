"""Mail: whether it goes out."""

from smtplib import SMTPException
from typing import Annotated

import typer

from rejoinder.cli.opening import fail, read_settings
from rejoinder.db import new_id, show_id
from rejoinder.mail.errors import Undeliverable
from rejoinder.mail.letters import Letter
from rejoinder.mail.sending import send
from rejoinder.text.languages import DEFAULT_LANGUAGE

app = typer.Typer(help="Mail: whether it goes out.", no_args_is_help=True)


@app.callback()
def mail() -> None:
    """Mail: whether it goes out."""


@app.command()
def test(address: Annotated[str, typer.Argument(help="Your own address.")]) -> None:
    """Send one mail to an address, now, and say what became of it."""
    settings = read_settings()
    letter = Letter(
        key=f"test-{show_id(new_id())}",
        to=address,
        subject=f"Mail from {settings.base_url}",
        text=f"This is the mail that `rejoinder mail test` sent from {settings.base_url}. All is well.\n",
        language=DEFAULT_LANGUAGE,
    )
    try:
        send(settings, letter)
    except (Undeliverable, OSError, SMTPException, ValueError) as why:
        fail(f"It was not sent: {why}")
    typer.echo(f"It was handed over for {address}. Whether it arrived, only the mailbox says.", err=True)
