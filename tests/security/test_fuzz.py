"""What anybody may send (D35): calls made from the API's own description, right and wrong ones, and what answers them.

No call is a fault of ours, and every answer is one that the description has; walks go from one answer to the next
along the links that it names. `REJOINDER_FUZZ_CALLS` says how many calls each route gets, and `REJOINDER_FUZZ_LEAST`
how many all of them must have been on one engine; `make drills` makes it thousands.
"""

import os
from collections import Counter
from contextlib import suppress
from itertools import count
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

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

from security.doors import DOORS, Scene, set_scene
from serving import Serving

CALLS = int(os.environ.get("REJOINDER_FUZZ_CALLS", "25"))
LEAST = int(
    os.environ.get("REJOINDER_FUZZ_LEAST", "1")
)  # the suite is shared out, and each worker counts its own
STEPS = 20  # of a walk, so that no limit of one sender ends it
LONGEST = 50_000  # bytes of an address; past 64 kB the server itself hangs up before it knows what was asked
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


@pytest.fixture(scope="module")
def made(each_lamp: Serving) -> Counter[int]:
    """How many calls were really made, by the status of their answers."""
    return Counter()


def test_every_described_operation_is_called(description: Any) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, operations in description.raw_schema["paths"].items()
        for method in operations
    }
    assert described == set(OPERATIONS)


QUIETLY: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}

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
    scene: Scene, description: Any, made: Counter[int], mode: GenerationMode, name: str
) -> None:
    method, path = name.split()
    numbers = count()

    @given(case=description[path][method].as_strategy(generation_mode=mode))
    @hypothesis.settings(max_examples=CALLS, **QUIETLY)
    def call(case: Any) -> None:
        number = next(numbers)
        _aim(case, scene, number)
        hypothesis.assume(len(quote(str(case.query))) < LONGEST)
        answer = case.call(base_url=scene.lamp.base_url, headers=_sender(scene, number))
        made[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    call()


def test_every_link_of_a_new_comment_leads_to_it(scene: Scene, description: Any) -> None:
    paths = description.raw_schema["paths"]
    places = {op["operationId"]: (method, path) for path, ops in paths.items() for method, op in ops.items()}
    with scene.known(scene.author) as author:
        new = scene.use(author, ("POST", "/api/v1/comments")).json()
        links = paths["/api/v1/comments"]["post"]["responses"]["201"]["links"]
        assert len(links) == sum("{" in path for _, path in places.values())
        for link in links.values():
            method, path = places[link["operationId"]]
            for place, expression in link["parameters"].items():
                path = path.replace(f"{{{place}}}", new[expression.removeprefix("$response.body#/")])
            door = DOORS[method.upper(), places[link["operationId"]][1]]
            sent = {"json": dict(door.sent)} if door.sent else {}
            answer = author.request(method, path, **sent)
            assert answer.status_code not in {400, 404, 405, 422}, (method, path, answer.text)


def test_no_walk_along_the_links_breaks_it(scene: Scene, description: Any, made: Counter[int]) -> None:
    done: Counter[str] = Counter()
    faults: list[str] = []

    class Walk(description.as_state_machine()):  # type: ignore[misc]  # made when the description is known
        """Somebody who posts and goes on from each answer with what it leads to, and somebody else who votes."""

        def setup(self) -> None:
            self.author, self.voter = _sender(scene, 0), _sender(scene, 0)
            self.text = count()

        def before_call(self, case: Any) -> None:
            _sensibly(case, scene, next(self.text))

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            headers = self.voter if case.operation.path.endswith("/vote") else self.author
            return {"base_url": scene.lamp.base_url, "headers": headers}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            try:
                case.validate_response(response, checks=CHECKS)
            except BaseException as fault:
                faults.append(str(fault))
                raise
            made[response.status_code] += 1
            if response.status_code < 300:
                done[case.operation.label] += 1

    # The walk draws from what was answered before, which now and then looks to the library like a fault of the test.
    with suppress(hypothesis.errors.FlakyStrategyDefinition):
        Walk.run(settings=hypothesis.settings(max_examples=CALLS, stateful_step_count=STEPS, **QUIETLY))
    assert faults == []
    # What only a link leads to was done, and more than once.
    assert sum(done[name] for name in OPERATIONS if "{" in name) > CALLS, done


def test_as_many_calls_were_made_as_are_told(made: Counter[int], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{made.total()} calls, by status: {dict(sorted(made.items()))}")
    assert made.total() >= LEAST
    assert [status for status in made if status >= 500] == []


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


def _sensibly(case: Any, scene: Scene, number: int) -> None:
    """Let most of what is sent be such that there is something to go on with."""
    if not isinstance(case.body, dict) or number % 5 == 4:
        return
    if case.operation.path.endswith("/comments"):
        case.body = {
            "thread": {"url": scene.article.path},
            "text": f"{number}. {case.body.get('text')}",
            "author": {"name": "Nell"},
        }
    if case.operation.path.endswith("/vote"):
        case.body = {"value": 1}
    if "revision" in case.body:
        case.body |= {"text": f"{number}. {case.body.get('text')}", "revision": 1}
