"""What the matrices share: a scene with somebody's comment, and the corpora."""

from collections.abc import Iterator

import httpx
import pytest

from security.doors import Scene, set_scene
from serving import Serving


@pytest.fixture
def scene(lamp: Serving) -> Scene:
    """A discussion of its own, in which somebody said something."""
    return set_scene(lamp)


@pytest.fixture
def bob(lamp: Serving) -> Iterator[httpx.Client]:
    """Bob, who moderates here and is signed in."""
    with lamp.staff("Bob") as client:
        yield client
