"""The JSON that parsers disagree about (D35): each file of the parsing corpus, at every door that reads JSON."""

import tarfile
from pathlib import Path

import pytest

from security.doors import DOORS, Key, Scene
from serving import Serving

READERS = [key for key in DOORS if DOORS[key].kind == "json" and key[0] != "DELETE" and "undo" not in key[1]]


@pytest.fixture(scope="module")
def texts(shared: Path) -> dict[str, bytes]:
    """The files by name; `y_` must be read by a parser, `n_` must not, `i_` may."""
    found: dict[str, bytes] = {}
    with tarfile.open(shared / "corpora" / "json-test-parsing.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None and member.name.endswith(".json"):
                found[Path(member.name).name] = file.read()
    return found


@pytest.mark.parametrize("route", READERS, ids=lambda key: f"{key[0]} {key[1]}")
def test_no_json_breaks_a_door(lamp: Serving, scene: Scene, texts: dict[str, bytes], route: Key) -> None:
    assert len(texts) > 300
    before = scene.state()
    for name, content in texts.items():
        headers = {"content-type": "application/json", "x-forwarded-for": lamp.network()}
        with lamp.program(headers | {"authorization": f"Bearer {scene.author}"}) as program:
            answer = scene.use(program, route, content=content)
        # None of them is a body of ours; too large a one is said to be that.
        assert answer.status_code in {400, 403, 413}, (name, answer.status_code)
        if name.startswith("n_") and answer.status_code == 400:
            assert answer.json()["code"] in {"invalid-json", "invalid-field"}, name
    assert scene.state() == before
