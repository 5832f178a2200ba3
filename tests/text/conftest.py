"""Corpora that nobody here wrote, from the shared folder; without it a test says so and is skipped."""

import json
import re
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def corpora(shared: Path) -> Path:
    """The folder of foreign corpora."""
    return shared / "corpora"


@pytest.fixture(scope="session")
def naughty(corpora: Path) -> list[str]:
    """Strings that break text handling."""
    return json.loads((corpora / "naughty-strings.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def vectors(corpora: Path) -> list[str]:
    """Attacks on browsers, each as it stands and without what is wrapped around it."""
    text = (corpora / "html5-security-vectors.txt").read_text(encoding="utf-8")
    wrapped = re.split(r'(?=<div id="\d+">)', text)
    return wrapped + [
        re.sub(r'^<div id="\d+">|//\["\'`-->\]\]>\]</div>\s*$', "", vector) for vector in wrapped
    ]


@pytest.fixture(scope="session")
def spec_examples(corpora: Path) -> list[tuple[str, str, str]]:
    """Every example of the CommonMark specification: section, Markdown, HTML."""
    text = (corpora / "commonmark-spec.txt").read_text(encoding="utf-8").replace("→", "\t")
    fence = "`" * 32
    pattern = rf"^{fence} example\n(.*?)^\.\n(.*?)^{fence}$|^#{{1,6}} +([^\n]*)$"
    section, examples = "", []
    for match in re.finditer(pattern, text, re.MULTILINE | re.DOTALL):
        if match[3] is not None:
            section = match[3]
        else:
            examples.append((section, match[1], match[2]))
    return examples


@pytest.fixture(scope="session")
def urls(corpora: Path) -> list[dict[str, str]]:
    """Addresses with the verdict of the WHATWG standard."""
    entries = json.loads((corpora / "urltestdata.json").read_text(encoding="utf-8"))
    return [entry for entry in entries if isinstance(entry, dict)]
