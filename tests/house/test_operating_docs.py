"""The operator's pages say what the program says: every setting, every command, and none that is not there."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import apsw
import click
import pytest
import typer

from drills.process import command, environment
from rejoinder.cli import app
from rejoinder.cli.imports import BRING_IN
from rejoinder.db import open_database, schema_version
from rejoinder.settings import PREFIX, Settings

DOCS = Path(__file__).parents[2] / "docs"
OPERATING = DOCS / "operating"
PAGES = sorted([*OPERATING.glob("*.md"), DOCS / "publishing.md"])
COMPUTED = {"base_url": "host and port"}


def setting_rows() -> Iterator[str]:
    """The table of settings, row by row, as the settings describe themselves."""
    for name, field in Settings.model_fields.items():
        default = COMPUTED.get(name) or (f"`{field.default}`" if field.default not in (None, ()) else "none")
        yield f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |"


def command_rows() -> Iterator[str]:
    """The table of commands, row by row, with the first sentence of each one's help."""
    for words, entry in commands(typer.main.get_command(app), "rejoinder"):
        sentence = " ".join((entry.help or "").split("\n\n")[0].split())
        yield f"| `{words}` | {sentence} |"


def commands(entry: object, words: str) -> Iterator[tuple[str, "click.Command"]]:
    """Every command with the words that call it."""
    below = getattr(entry, "commands", None)
    if below is None:
        yield words.removesuffix(f" {BRING_IN}"), entry  # type: ignore[misc]
        return
    if getattr(entry, "invoke_without_command", False):
        yield words, entry  # type: ignore[misc]
    for name, command_ in below.items():
        yield from commands(command_, f"{words} {name}")


@pytest.mark.parametrize("row", [*setting_rows(), *command_rows()])
def test_the_page_has_this_row(row: str) -> None:
    assert row in (OPERATING / "running.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_what_is_not_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    settings = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    settings |= {f"{name}_FILE" for name in settings} | {f"{PREFIX}CONFIG"}
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", text)) <= settings

    known = {words for words, _ in commands(typer.main.get_command(app), "rejoinder")}
    for line in re.findall(r"(?:`|/bin/)(rejoinder [a-z]+(?: [a-z-]+){0,2})", text):
        words = line.split()
        assert {" ".join(words[:length]) for length in (2, 3, 4)} & known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_another_page_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"`[^`]*`", "", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#:]+)\)", prose):
        if target.endswith(".md"):
            assert (page.parent / target).exists(), target


def test_the_copy_that_the_page_tells_of_is_whole_and_of_this_moment(tmp_path: Path) -> None:
    """The very line of backup.md, while a connection writes."""
    line = next(
        line for line in (OPERATING / "backup.md").read_text().splitlines() if "python -m apsw" in line
    )
    words = re.search(r'python (-m apsw) (\S+) "(VACUUM INTO \'(\S+)\')"', line)
    assert words is not None
    url, copy = f"sqlite:///{tmp_path}/rejoinder.db", tmp_path / "copy.db"
    db = open_database(url, create=True)
    db.write_now(
        lambda tx: tx.run(
            "INSERT INTO keys (purpose, made_at, ends_at, value) VALUES ('a', 1, 2, :v)", v=b"x"
        )
    )
    python = command()[0]
    statement = words[3].replace(words[4], str(copy))
    subprocess.run(
        [python, *words[1].split(), str(tmp_path / "rejoinder.db"), statement], env=environment(), check=True
    )
    db.close()

    assert schema_version(f"sqlite:///{copy}") == schema_version(url)
    kept = apsw.Connection(str(copy))
    assert kept.execute("SELECT purpose FROM keys").get == "a"
    assert kept.execute("PRAGMA integrity_check").get == "ok"
    kept.close()
