"""What anybody may send (D35): calls made from the API's own description, right and wrong ones, and what answers them.

No call is a fault of ours, and every answer is one that the description has. `REJOINDER_FUZZ_CALLS` says how many
calls each route gets; `make drills` makes it thousands.
"""

import os
from itertools import count
from secrets import token_urlsafe
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, given
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from security.doors import Scene, set_scene
from serving import Serving

CALLS = int(os.environ.get("REJOINDER_FUZZ_CALLS", "25"))
LONGEST = 20_000  # signs; past 64 kB the server itself hangs up before it knows what was asked
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = (
    "GET /api/v1/threads",
    "GET /api/v1/threads/{thread_id}",
    "GET /api/v1/threads/{thread_id}/comments",
    "GET /api/v1/threads/{thread_id}/mine",
    "GET /api/v1/counts",
    "POST /api/v1/preview",
    "POST /api/v1/comments",
    "GET /api/v1/comments/{comment_id}",
    "PATCH /api/v1/comments/{comment_id}",
    "DELETE /api/v1/comments/{comment_id}",
    "POST /api/v1/comments/{comment_id}/undo-delete",
    "PUT /api/v1/comments/{comment_id}/status",
    "PUT /api/v1/comments/{comment_id}/vote",
    "DELETE /api/v1/comments/{comment_id}/vote",
)


@pytest.fixture(scope="module")
def scene(each_lamp: Serving) -> Scene:
    return set_scene(each_lamp)


@pytest.fixture(scope="module")
def description(scene: Scene) -> Any:
    """The API as it describes itself."""
    with scene.lamp.client() as client:
        return schemathesis.openapi.from_dict(client.get("/api/openapi.json").json())


def test_every_described_operation_is_called(description: Any) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, operations in description.raw_schema["paths"].items()
        for method in operations
    }
    assert described == set(OPERATIONS)


# Where there is nothing to send but an id, nothing wrong can be sent.
WRONG = [name for name in OPERATIONS if name.startswith(("P", "GET /api/v1/threads", "GET /api/v1/counts"))]
WRONG = [name for name in WRONG if not name.endswith(("/mine", "/undo-delete"))]


@pytest.mark.parametrize(
    ("mode", "name"),
    [(GenerationMode.POSITIVE, name) for name in OPERATIONS]
    + [(GenerationMode.NEGATIVE, name) for name in WRONG],
    ids=lambda part: {GenerationMode.POSITIVE: "right", GenerationMode.NEGATIVE: "wrong"}.get(part, part),
)
def test_no_call_breaks_it_and_every_answer_is_described(
    scene: Scene, description: Any, mode: GenerationMode, name: str
) -> None:
    method, path = name.split()
    numbers = count()

    @given(case=description[path][method].as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=CALLS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        number = next(numbers)
        _aim(case, scene, number)
        hypothesis.assume(len(str(case.query)) < LONGEST)
        answer = case.call(base_url=scene.lamp.base_url, headers=_sender(scene, number))
        case.validate_response(answer, checks=CHECKS)

    call()


def _sender(scene: Scene, number: int) -> dict[str, str]:
    """Somebody new each time, from elsewhere, so that limits refuse nobody; often the author of what is there."""
    token = scene.author if number % 4 == 1 else token_urlsafe(32)
    return {"Authorization": f"Bearer {token}", "X-Forwarded-For": scene.lamp.network()}


def _aim(case: Any, scene: Scene, number: int) -> None:
    """Let most calls be about something that is there."""
    if number % 3 == 2:
        return
    ids = {"comment_id": scene.said, "thread_id": scene.thread}
    if isinstance(case.path_parameters, dict):
        case.path_parameters |= {key: ids[key] for key in case.path_parameters if key in ids}
    if isinstance(case.body, dict) and isinstance(case.body.get("thread"), dict):
        case.body["thread"] = {"id": scene.thread}
