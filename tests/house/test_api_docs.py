"""The pages of docs/api are true: every exchange is played against a real server, every program is run."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from api_world import SITE, prepare
from exchanges import Bindings, play, read_exchanges

from databases import Databases
from rejoinder.screening.limits import LIMITS, Act
from requirements import absent
from serving import Serving, fill, serving

DOCS = Path(__file__).parents[2] / "docs/api"
README = (DOCS / "README.md").read_text(encoding="utf-8")
PAGES = sorted(page.name for page in DOCS.glob("*.md"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lamp(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """A server for these pages alone."""
    folder = tmp_path_factory.mktemp("api-docs") / "publication"
    fill(folder, articles=1)
    with databases.migrated(request.param) as url, serving(url, folder) as server:
        yield server


@pytest.fixture(scope="module")
def known(lamp: Serving) -> dict[str, str]:
    """What stands in the pages for what is only known here."""
    return prepare(lamp)


@pytest.mark.parametrize("name", PAGES)
def test_every_exchange_of_a_page_is_as_it_says(lamp: Serving, known: dict[str, str], name: str) -> None:
    bindings = Bindings(known)
    with lamp.program({"x-forwarded-for": lamp.network()}) as client:
        for exchange in read_exchanges((DOCS / name).read_text(encoding="utf-8")):
            faults = play(client, exchange, bindings)
            assert not faults, f"docs/api/{name}, line {exchange.line}:\n" + "\n".join(faults)


def test_a_page_that_says_something_else_is_told_where(lamp: Serving, known: dict[str, str]) -> None:
    page = (DOCS / "votes.md").read_text(encoding="utf-8")
    first = next(
        read_exchanges(page.replace('"depth": 0', '"depth": 3').replace("/articles/tide", "/articles/lamp"))
    )
    with lamp.client() as client:
        assert play(client, first, Bindings(known)) == [".depth: the page says 3, the server 0"]


@pytest.mark.parametrize(
    ("language", "needs", "words"),
    [
        ("sh", ("curl", "openssl"), ["sh"]),
        ("js", ("node",), ["node"]),
        ("python", (), [sys.executable, "-I"]),
    ],
)
def test_the_same_five_minutes_in_every_language(
    lamp: Serving, tmp_path: Path, language: str, needs: tuple[str, ...], words: list[str]
) -> None:
    for program in needs:
        if shutil.which(program) is None:
            absent(program, f"needs {program}")
    page = (DOCS / "five-minutes.md").read_text(encoding="utf-8")
    article = lamp.publish(f"pier-{language}")
    text = block(page, language).replace(SITE, lamp.base_url).replace("/articles/pier", article.path)
    file = tmp_path / ("five.mjs" if language == "js" else "five")
    file.write_text(text, encoding="utf-8")
    done = subprocess.run([*words, str(file)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == (block(page, "text"), "")


def block(page: str, language: str) -> str:
    """The one fenced block in this language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return str(found)


def test_every_limit_stands_in_the_table_and_no_other() -> None:
    told = re.findall(r"^\| (?:comment|edit|vote) \|.*$", README, re.MULTILINE)
    assert told == [
        f"| {limit.act} | {limit.per} | {limit.most} | {in_words(limit.window)} |"
        for limit in LIMITS
        if limit.act in (Act.COMMENT, Act.EDIT, Act.VOTE)  # no program does the others
    ]


def in_words(window: timedelta) -> str:
    """A length of time as the table has it."""
    minutes, seconds = divmod(int(window.total_seconds()), 60)
    return f"{seconds} seconds" if seconds else f"{minutes} minute{'s' if minutes > 1 else ''}"


def test_the_problems_in_the_table_are_those_that_are_described(lamp: Serving) -> None:
    told = set(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", README, re.MULTILINE))
    with lamp.client() as client:
        described = client.get("/api/openapi.json").json()
    refusals = {
        (code, status)
        for operations in described["paths"].values()
        for operation in operations.values()
        for status, response in operation["responses"].items()
        for code in re.findall(r"`([a-z-]+)`", response["description"])
    }
    assert (sorted(refusals - told), sorted(told - refusals)) == ([], [])
