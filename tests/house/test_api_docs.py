"""The pages of docs/api are true: every exchange is played against a real server, every program is run."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from api_world import prepare
from exchanges import Bindings, play, read_exchanges

from databases import Databases
from rejoinder.screening.limits import LIMITS
from serving import Serving, fill, serving

DOCS = Path(__file__).parents[2] / "docs/api"
README = (DOCS / "README.md").read_text(encoding="utf-8")
PAGES = sorted(page.name for page in DOCS.glob("*.md"))


@pytest.fixture(scope="module")
def lamp(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server for these pages alone."""
    folder = tmp_path_factory.mktemp("api-docs") / "publication"
    fill(folder, articles=1)
    with databases.migrated("sqlite") as url, serving(url, folder) as server:
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


def test_every_limit_stands_in_the_table_and_no_other() -> None:
    told = re.findall(r"^\| (?:comment|edit|vote) \|.*$", README, re.MULTILINE)
    assert told == [
        f"| {limit.act} | {limit.per} | {limit.most} | {in_words(limit.window)} |" for limit in LIMITS
    ]


def in_words(window: timedelta) -> str:
    """A length of time as the table has it."""
    minutes, seconds = divmod(int(window.total_seconds()), 60)
    return f"{seconds} seconds" if seconds else f"{minutes} minute{'s' if minutes > 1 else ''}"


def test_every_problem_that_is_described_stands_in_the_table(lamp: Serving) -> None:
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
    assert refusals and not refusals - told
