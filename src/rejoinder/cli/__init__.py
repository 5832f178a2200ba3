"""The command line: one file a group of commands. Typer and Rich are imported here and nowhere else."""

import typer

from rejoinder.cli import (
    admin,
    articles,
    comments,
    database,
    demo,
    doctor,
    imports,
    mail,
    privacy,
    seeding,
    serving,
    site,
    transfer,
)

app = typer.Typer(
    name="rejoinder",
    help="The discussion under the article: serve it, look after it, move it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS = (*serving.COMMANDS, *database.COMMANDS, *demo.COMMANDS, *seeding.COMMANDS, *doctor.COMMANDS)

for command in COMMANDS:
    app.command()(command)
app.add_typer(imports.app, name="import")
for name, moving in transfer.COMMANDS.items():
    app.command(name)(moving)
app.add_typer(admin.app, name="admin")
app.add_typer(articles.app, name="articles")
app.add_typer(comments.app, name="comments")
app.add_typer(mail.app, name="mail")
app.add_typer(site.app, name="site")
app.add_typer(privacy.app, name="privacy")
